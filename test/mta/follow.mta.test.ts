/** A real Postfix sends and logs, `triage follow` reads the log, and the ledger knows the message. */
import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openStore, type Store } from "@triage/store";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { API_KEY, type Service, startService } from "../support/story.ts";
import { useDatabase } from "../support/use-database.ts";
import { missingForPostfix, type Postfix, startPostfix } from "./postfix.ts";
import { submitMail } from "./submit-mail.ts";

const TRIAGE = fileURLToPath(new URL("../../services/cli/bin/triage.js", import.meta.url));
const ARRIVAL = { timeout: 60_000, interval: 100 };
const NONE = { messageId: undefined, queueId: undefined, envelopeId: undefined };

const database = useDatabase();
const closers: (() => Promise<unknown>)[] = [];
let folder: string;
let service: Service;
let store: Store;

beforeEach(async () => {
  const missing = missingForPostfix();
  if (missing !== undefined) throw new Error(missing);
  folder = await mkdtemp(join(tmpdir(), "triage-mta-"));
  closers.push(() => rm(folder, { recursive: true, force: true }));
  await chmod(folder, 0o755);
  service = await startService({
    folder,
    databaseUrl: database.url,
    redisUrl: undefined,
    config: { site: { domains: ["example.com"] }, human: { to: ["ann@human.example"] } },
  });
  closers.push(() => service.close());
  store = await openStore({ databaseUrl: database.url, poolSize: 2 });
  closers.push(() => store.close());
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function startPostfixWith(settings: Readonly<Record<string, string>>, name: string): Promise<Postfix> {
  const postfix = await startPostfix({ folder: join(folder, name), hostname: `${name}.example.com`, settings });
  closers.push(() => postfix.stop());
  return postfix;
}

function follow(log: string): ChildProcess {
  const words = ["follow", log, "--url", service.client.url, "--state", join(folder, "follow.json")];
  const child = spawn(process.execPath, [TRIAGE, ...words], {
    env: { ...process.env, TRIAGE_API_KEY: API_KEY },
    stdio: "ignore",
  });
  closers.push(async () => {
    const ended = new Promise((resolve) => child.once("close", resolve));
    if (child.exitCode === null && child.kill("SIGTERM")) await ended;
  });
  return child;
}

const mailFrom = (id: string) =>
  [
    "From: Ann <ann@example.com>",
    "To: joe@remote.example",
    "Subject: hello",
    `Message-ID: <${id}@ids.example.com>`,
    `Date: ${new Date().toUTCString()}`,
    "",
    "Hello.",
  ].join("\r\n");

test.each(["no", "yes"])(
  "what Postfix could not deliver yet is in the ledger, by Message-ID, queue id and recipient (enable_long_queue_ids = %s)",
  async (long) => {
    const ours = await startPostfixWith(
      {
        enable_long_queue_ids: long,
        syslog_name: "postfix-out",
        transport_maps: "static:smtp:[127.0.0.1]:9",
      },
      "mail",
    );
    follow(join(folder, "mail", "maillog"));
    await submitMail({
      port: ours.port,
      from: "ann@example.com",
      to: "joe@remote.example",
      raw: mailFrom(`one-${long}`),
    });
    const messageId = `<one-${long}@ids.example.com>`;
    const found = await vi.waitUntil(async () => {
      const answer = await store.findSent({ ...NONE, messageId });
      return answer.kind === "found" ? answer : undefined;
    }, ARRIVAL);
    expect(Math.abs(found.at.getTime() - Date.now())).toBeLessThan(120_000);
    const queueId = /cleanup\[\d+\]: (\w+): message-id=<one-/.exec(await ours.readLog())?.[1];
    expect(await store.findSent({ ...NONE, queueId })).toMatchObject({ kind: "found", by: "queue-id" });
    expect(await store.findSent({ ...NONE, recipients: ["joe@remote.example"] })).toMatchObject({ by: "recipient" });
    expect(await store.findSent({ ...NONE, messageId: "<forged@ids.example.com>" })).toMatchObject({ kind: "absent" });
  },
);
