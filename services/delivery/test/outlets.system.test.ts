/** Outlets behind the real queue: what each answer makes of a message, and what is recorded of a human without an address. */
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { splitMbox } from "@triage/message";
import { createLog, createMetrics, loadConfig, openQueues } from "@triage/runtime";
import { openStore, type Store } from "@triage/store";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useDatabase } from "../../../test/support/use-database.ts";
import { startDelivery } from "../src/start-delivery.ts";
import { aClassification } from "./classifications.ts";

const SOON = { timeout: 60_000, interval: 20 };
const database = useDatabase();
const closers: (() => Promise<unknown>)[] = [];
let folder: string;
let store: Store;
let serial = 0;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "triage-outlets-"));
  closers.push(() => rm(folder, { recursive: true, force: true }));
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Starts the role with one human, `ops`, who has no address. */
async function start(outlet: string): Promise<void> {
  const path = join(folder, "triage.yaml");
  await writeFile(path, `outlets:\n  - { id: edge, ${outlet} }\nhumans:\n  - { id: ops }\n`);
  const base = loadConfig({ path, env: { DATABASE_URL: database.url, TRIAGE_DATA_DIR: folder } });
  const queue = { ...base.queue, backoffMs: 10, maxBackoffMs: 20, sweepAfterSeconds: 0.2 };
  const log = createLog({ level: "silent" });
  store = await openStore({ databaseUrl: database.url });
  closers.push(() => store.close());
  const queues = await openQueues({ queue, redis: undefined, databaseUrl: database.url, log });
  closers.push(() => queues.close());
  const metrics = createMetrics({ processMetrics: false });
  const role = await startDelivery({ ...base, queue }, { store, queues, metrics, log });
  closers.push(() => role.close());
}

async function classified(): Promise<string> {
  serial += 1;
  const raw = Buffer.from(`From: a@example.net\r\nX-Serial: ${serial}\r\n\r\nhi\r\n`);
  const envelope = { reversePath: undefined, forwardPaths: [] };
  const [outcome] = await store.insertMessages([{ raw, envelope, envelopeKnown: false, source: "test" }]);
  await store.saveClassification(outcome?.id ?? "", aClassification({}));
  return outcome?.id ?? "";
}

const reaches = (id: string, state: string) =>
  vi.waitUntil(async () => (await store.message(id))?.state === state, SOON);

/** Answers with these in turn, the last one for ever. */
async function startReceiver(...statuses: number[]) {
  const ids: unknown[] = [];
  const server = createServer((request, response) => {
    ids.push(request.headers["webhook-id"]);
    request.resume().on("end", () => response.writeHead(statuses[ids.length - 1] ?? statuses.at(-1) ?? 200).end());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => new Promise((resolve) => server.close(resolve)));
  return { ids, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

test("a webhook that answers 500 gets the mail again, under the same id, and the human is recorded by its own", async () => {
  const receiver = await startReceiver(500, 500, 200);
  await start(`webhook: { url: "${receiver.url}" }`);
  const id = await classified();
  await reaches(id, "delivered");
  expect(receiver.ids).toHaveLength(3);
  expect(new Set(receiver.ids).size).toBe(1);
  const deliveries = (await store.message(id))?.deliveries.map(({ outlet, recipient, outcome }) => ({
    outlet,
    recipient,
    outcome,
  }));
  expect(deliveries?.at(-1)).toEqual({ outlet: "edge", recipient: "human:ops", outcome: "delivered" });
});

test("a webhook that answers 410 makes a dead letter at once", async () => {
  const receiver = await startReceiver(410);
  await start(`webhook: { url: "${receiver.url}" }`);
  const id = await classified();
  await reaches(id, "failed");
  expect(receiver.ids).toHaveLength(1);
});

test("a program that says EX_TEMPFAIL is given the mail again, one that says EX_NOUSER is not", async () => {
  const script = join(folder, "program.mjs");
  await writeFile(
    script,
    `import fs from "node:fs";
     fs.readFileSync(0);
     const calls = fs.readdirSync(".").filter((name) => name.startsWith("call-")).length;
     fs.writeFileSync("call-" + calls, "");
     process.exit(calls < 2 ? 75 : 67);`,
  );
  await start(`command: { argv: ["${process.execPath}", "${script}"] }`);
  const id = await classified();
  await reaches(id, "failed");
  expect((await readdir(folder)).filter((name) => name.startsWith("call-"))).toHaveLength(3);
});

test("an mbox gets every message once, with To naming nobody", async () => {
  await start("mbox: { path: ops.mbox }");
  const ids = await Promise.all(Array.from({ length: 10 }, classified));
  for (const id of ids) await reaches(id, "delivered");
  const mails = [...splitMbox(await readFile(join(folder, "ops.mbox")))].map((mail) => mail.toString("latin1"));
  expect(mails.map((mail) => /^X-Triage-Id: (.*)$/m.exec(mail)?.[1]).sort()).toEqual([...ids].sort());
  for (const mail of mails) expect(mail).toMatch(/^To: ops:;$/m);
});
