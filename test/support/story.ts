/**
 * The whole service for one test: all roles on real servers, reached as an MTA and a human reach it, that is over HTTP and
 * in the human's Maildir.
 */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { startClassifier } from "@triage/classifier";
import type { Accepted, Corrected, CorrectionRequest, MessageView, Models, RollbackRequest } from "@triage/contracts";
import { startDelivery } from "@triage/delivery";
import { startIngest } from "@triage/ingest";
import { type Message, readMessage } from "@triage/message";
import { createLog, createMetrics, type Log, loadConfig, type Metrics, openQueues } from "@triage/runtime";
import { openStore } from "@triage/store";

/** LIMIT: a message that has not come to rest by then never will. */
const SETTLE_TIMEOUT_MS = 60_000;
const POLL_MS = 20;
/** States from which only a person moves a message on. */
const AT_REST: ReadonlySet<MessageView["state"]> = new Set(["delivered", "grouped", "archived", "failed"]);

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

  /** Takes a message out of the archive, to the human. Rejects when that is refused. */
  async release(id: string): Promise<void> {
    const response = await fetch(`${this.url}/v1/messages/${id}/release`, {
      method: "POST",
      headers: this.#authorization(),
    });
    if (!response.ok) throw new Error(`release answered ${response.status}: ${await response.text()}`);
  }

  /** Says what a message is. Rejects when that is refused. */
  async correct(id: string, correction: CorrectionRequest): Promise<Corrected> {
    return (await this.#send(`/v1/messages/${id}/correction`, correction)) as Corrected;
  }

  /** Goes back to an older version of the model. */
  async rollBack(request: RollbackRequest): Promise<Models> {
    return (await this.#send("/v1/models/rollback", request)) as Models;
  }

  /** Asks for a training. */
  async train(): Promise<Models> {
    return (await this.#send("/v1/models/training", {})) as Models;
  }

  async models(): Promise<Models> {
    const response = await fetch(`${this.url}/v1/models`, { headers: this.#authorization() });
    return (await response.json()) as Models;
  }

  /** Waits until the message is delivered, told of by a notice, archived or failed. */
  async settled(id: string): Promise<MessageView> {
    const deadline = performance.now() + SETTLE_TIMEOUT_MS;
    for (;;) {
      const message = await this.message(id);
      if (AT_REST.has(message.state)) return message;
      if (performance.now() > deadline) throw new Error(`message ${id} is still ${message.state}`);
      await delay(POLL_MS);
    }
  }

  async #send(path: string, body: object): Promise<unknown> {
    const headers = { ...this.#authorization(), "Content-Type": "application/json" };
    const response = await fetch(`${this.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return response.json();
  }

  #authorization(): { readonly Authorization: string } {
    return { Authorization: `Bearer ${this.#key}` };
  }
}

/** The key that `startService` configures. */
export const API_KEY = "key-of-the-stories";

/** What a story needs; the rest of the configuration is default. */
export interface ServiceOptions {
  /** An empty folder: the configuration and the human's Maildir are put there. */
  readonly folder: string;
  readonly databaseUrl: string;
  /** undefined: the queues are in the database. */
  readonly redisUrl: string | undefined;
  /** Keys of triage.yaml. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly log?: Log;
  /** How many classifiers; default 1. */
  readonly classifiers?: number;
  /** Default: the clock. */
  readonly now?: () => Date;
}

export interface Service {
  readonly client: IngestClient;
  /** The human's mailbox, when the outlet is the default one. */
  readonly maildir: string;
  /** Of each classifier. */
  readonly classifierMetrics: readonly Metrics[];
  close(): Promise<void>;
}

/** Starts every role in this process, on real servers, and listens on a free port. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { folder, databaseUrl, redisUrl, now = () => new Date(), classifiers = 1 } = options;
  const path = join(folder, "triage.yaml");
  const maildir = join(folder, "human");
  const http = { port: 0, keys: [{ name: "mta", key: API_KEY }] };
  const file = { http, delivery: { outlet: { maildir: { path: maildir } } }, ...options.config };
  // JSON is YAML.
  await writeFile(path, JSON.stringify(file));
  const config = loadConfig({ path, env: { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl } });
  const log = options.log ?? createLog({ level: "silent" });
  const metrics = createMetrics({ processMetrics: false });
  const store = await openStore({ databaseUrl, poolSize: config.database.poolSize, now: () => now().getTime() });
  const queues = await openQueues({ queue: config.queue, redis: config.redis, databaseUrl, log });
  const parts = { store, queues, metrics, log };
  const ingest = await startIngest(config, parts);
  const roles = [ingest, await startDelivery(config, { ...parts, now })];
  const classifierMetrics: Metrics[] = [];
  for (let count = 0; count < classifiers; count++) {
    const own = createMetrics({ processMetrics: false });
    classifierMetrics.push(own);
    roles.push(await startClassifier(config, { ...parts, metrics: own, now }));
  }
  return {
    classifierMetrics,
    client: new IngestClient(ingest.url, API_KEY),
    maildir,
    async close() {
      for (const role of roles) await role.close();
      await queues.close();
      await store.close();
    },
  };
}

/** What the human sees: the mails in a Maildir that nobody has read yet. */
export async function readMaildir(path: string): Promise<readonly Message[]> {
  const names = await readdir(join(path, "new"));
  return Promise.all(names.sort().map(async (name) => readMessage(await readFile(join(path, "new", name)))));
}
