import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLog, createMetrics, loadConfig, openQueues, type Queues, type ResolvedConfig } from "@triage/runtime";
import { openStore, type Store } from "@triage/store";
import { afterEach, beforeEach, expect, test } from "vitest";
import { useDatabase } from "../../../test/support/use-database.ts";
import { type IngestParts, startIngest } from "../src/index.ts";
import { freshMessage } from "./ingest-app.ts";

const database = useDatabase();
const log = createLog({ level: "silent" });
let folder: string;
let config: ResolvedConfig;
let store: Store;
let queues: Queues;
let parts: IngestParts;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "start-ingest-"));
  const loaded = loadConfig({
    env: { HOST: "127.0.0.1", PORT: "0", TRIAGE_API_KEY: "from-the-environment", TRIAGE_DATA_DIR: folder },
  });
  config = { ...loaded, http: { ...loaded.http, port: 0, keysFile: join(folder, "keys") } };
  await writeFile(join(folder, "keys"), "mx1 first-key\n");
  store = await openStore({ databaseUrl: database.url });
  queues = await openQueues({ queue: config.queue, redis: undefined, databaseUrl: database.url, log });
  parts = { store, queues, metrics: createMetrics({ processMetrics: false }), log };
});
afterEach(async () => {
  await queues.close();
  await store.close();
  await rm(folder, { recursive: true });
});

function post(url: string, key: string): Promise<Response> {
  const headers = { authorization: `Bearer ${key}`, "content-type": "message/rfc822" };
  return fetch(`${url}/v1/messages`, { method: "POST", headers, body: freshMessage() });
}

test("takes messages on the configured address, and each gets its job in the queue", async () => {
  const ingest = await startIngest(config, parts);
  const answer = await post(ingest.url, "from-the-environment");
  expect(answer.status).toBe(202);
  expect((await fetch(`${ingest.url}/readyz`)).status).toBe(200);
  await ingest.close();
  expect(await queues.counts("classify")).toMatchObject({ waiting: 1 });
  await expect(post(ingest.url, "from-the-environment")).rejects.toThrow();
});

test("keys change without a restart", async () => {
  const ingest = await startIngest(config, parts);
  try {
    expect((await post(ingest.url, "first-key")).status).toBe(202);
    expect((await post(ingest.url, "second-key")).status).toBe(401);
    await writeFile(join(folder, "keys"), "mx1 first-key\nmx2 second-key\n");
    expect((await post(ingest.url, "second-key")).status).toBe(202);
  } finally {
    await ingest.close();
  }
});

test("a port that is taken is one sentence, and leaves nothing open", async () => {
  const first = await startIngest(config, parts);
  const port = Number(new URL(first.url).port);
  const second = startIngest({ ...config, http: { ...config.http, port } }, parts);
  await expect(second).rejects.toMatchObject({ code: "HTTP_CANNOT_LISTEN" });
  await first.close();
});
