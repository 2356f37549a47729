/** More mail for one outlet than its line takes, with other outlets beside it: nothing may wait for the sweeper. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NULL_REVERSE_PATH } from "@triage/message";
import { createLog, createMetrics, loadConfig, openQueues } from "@triage/runtime";
import { openStore, type Store } from "@triage/store";
import { afterEach, expect, test, vi } from "vitest";
import { useDatabase } from "../../../test/support/use-database.ts";
import { useRedis } from "../../../test/support/use-redis.ts";
import { startDelivery } from "../src/start-delivery.ts";
import { aClassification } from "./classifications.ts";
import { aHuman } from "./humans.ts";
import { readSample } from "./samples.ts";

const MESSAGES = 150;
const SWEPT_LATER = 3_600;

const database = useDatabase();
const redis = useRedis();
const closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function storeMessages(store: Store, mark: string): Promise<readonly string[]> {
  const sample = await readSample("blocked-dsn.eml");
  const envelope = { reversePath: NULL_REVERSE_PATH, forwardPaths: [] };
  const batch = Array.from({ length: MESSAGES }, (_, number) => ({
    raw: Buffer.concat([Buffer.from(`X-Serial: ${mark} ${number}\r\n`), sample]),
    ...{ envelope, envelopeKnown: true, source: "test" },
  }));
  const ids = (await store.insertMessages(batch)).map(({ id }) => id);
  for (const id of ids) await store.saveClassification(id, aClassification({}));
  return ids;
}

test.each(["Redis", "PostgreSQL"])(
  "a burst for one of several outlets arrives without the sweeper, queues in %s",
  async (backend) => {
    const folder = await mkdtemp(join(tmpdir(), "triage-line-"));
    closers.push(() => rm(folder, { recursive: true, force: true }));
    const env = { DATABASE_URL: database.url, REDIS_URL: backend === "Redis" ? redis.url : undefined };
    const base = loadConfig({ env });
    const outlets = ["busy", "idle"].map((id) => ({ id, kind: "maildir" as const, path: join(folder, id) }));
    const humans = [
      aHuman({ id: "ann", outlet: "busy" }),
      aHuman({ id: "bob", outlet: "idle", for: { verdict: ["spam"] } }),
    ];
    const config = { ...base, humans, outlets, queue: { ...base.queue, sweepAfterSeconds: SWEPT_LATER } };
    const log = createLog({ level: "silent" });
    const store = await openStore({ databaseUrl: database.url });
    closers.push(() => store.close());
    const queues = await openQueues({ ...base, databaseUrl: database.url, log });
    closers.push(() => queues.close());
    const role = await startDelivery(config, {
      ...{ store, queues, log },
      metrics: createMetrics({ processMetrics: false }),
    });
    closers.push(() => role.close());
    await queues.addMany("deliver", await storeMessages(store, backend));
    const arrived = async () => (await readdir(join(folder, "busy", "new"))).length;
    await vi.waitFor(async () => expect(await arrived()).toBe(MESSAGES), { timeout: 60_000, interval: 50 });
  },
);
