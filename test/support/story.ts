/**
 * The whole service for one test: all roles on real servers, reached as an MTA and a human reach it, that is over HTTP and
 * in the human's Maildir.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Accepted, MessageView } from "@triage/contracts";
import { type Message, readMessage } from "@triage/message";

/** LIMIT: a message that has not come to rest by then never will. */
const SETTLE_TIMEOUT_MS = 30_000;
const POLL_MS = 20;
/** States from which only a person moves a message on. */
const AT_REST: ReadonlySet<MessageView["state"]> = new Set(["delivered", "archived", "failed"]);

/** The envelope as an MTA tells it: `<>` is the null reverse-path. */
export interface StoryEnvelope {
  readonly from: string;
  readonly to: readonly string[];
}

/** What an MTA sees of the service. */
export class IngestClient {
  readonly url: string;
  readonly #key: string;

  constructor(url: string, key: string) {
    this.url = url;
    this.#key = key;
  }

  /** Rejects when there is no answer; any answer is a value. */
  async post(raw: Buffer, envelope: StoryEnvelope): Promise<{ readonly status: number; readonly body: Accepted }> {
    const headers = new Headers({
      ...this.#authorization(),
      "Content-Type": "message/rfc822",
      "X-Envelope-From": envelope.from,
    });
    for (const address of envelope.to) headers.append("X-Envelope-To", address);
    const response = await fetch(`${this.url}/v1/messages`, { method: "POST", headers, body: new Uint8Array(raw) });
    return { status: response.status, body: (await response.json()) as Accepted };
  }

  /** Feeds the sent ledger. */
  async postSent(lines: readonly object[]): Promise<number> {
    const headers = { ...this.#authorization(), "Content-Type": "application/x-ndjson" };
    const body = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
    return (await fetch(`${this.url}/v1/sent`, { method: "POST", headers, body })).status;
  }

  async message(id: string): Promise<MessageView> {
    const response = await fetch(`${this.url}/v1/messages/${id}`, { headers: this.#authorization() });
    if (!response.ok) throw new Error(`GET /v1/messages/${id} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as MessageView;
  }

  /** Waits until the message is delivered, archived or failed. */
  async settled(id: string): Promise<MessageView> {
    const deadline = performance.now() + SETTLE_TIMEOUT_MS;
    for (;;) {
      const message = await this.message(id);
      if (AT_REST.has(message.state)) return message;
      if (performance.now() > deadline) throw new Error(`message ${id} is still ${message.state}`);
      await delay(POLL_MS);
    }
  }

  #authorization(): { readonly Authorization: string } {
    return { Authorization: `Bearer ${this.#key}` };
  }
}

/** What the human sees: the mails in a Maildir that nobody has read yet. */
export async function readMaildir(path: string): Promise<readonly Message[]> {
  const names = await readdir(join(path, "new"));
  return Promise.all(names.sort().map(async (name) => readMessage(await readFile(join(path, "new", name)))));
}
