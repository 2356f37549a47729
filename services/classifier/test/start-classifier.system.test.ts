import { createLog, createMetrics, loadConfig, type Metrics, openQueues, type Queues } from "@triage/runtime";
import { openStore, type Store } from "@triage/store";
import { afterEach, describe, expect, test, vi } from "vitest";
import { useDatabase } from "../../../test/support/use-database.ts";
import { useRedis } from "../../../test/support/use-redis.ts";
import { startClassifier } from "../src/start-classifier.ts";

const SOON = { timeout: 60_000, interval: 20 };

describe.each(["Redis", "PostgreSQL"])("with the queues in %s", (backend) => {
  const database = useDatabase();
  const redis = useRedis();
  const closers: (() => Promise<unknown>)[] = [];
  let store: Store;
  let queues: Queues;
  let metrics: Metrics;
  let serial = 0;

  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  async function open(): Promise<{ readonly start: () => Promise<void> }> {
    const env = { DATABASE_URL: database.url, REDIS_URL: backend === "Redis" ? redis.url : undefined };
    const base = loadConfig({ env });
    const config = { ...base, queue: { ...base.queue, backoffMs: 10, maxBackoffMs: 20, sweepAfterSeconds: 0.2 } };
    const log = createLog({ level: "silent" });
    metrics = createMetrics({ processMetrics: false });
    store = await openStore({ databaseUrl: database.url });
    closers.push(() => store.close());
    queues = await openQueues({ queue: config.queue, redis: config.redis, databaseUrl: database.url, log });
    closers.push(() => queues.close());
    const start = async () => {
      const role = await startClassifier(config, { store, queues, metrics, log });
      closers.push(() => role.close());
    };
    return { start };
  }

  async function received(): Promise<string> {
    serial += 1;
    const raw = Buffer.from(
      `From: joe@example.net\r\nSubject: question ${serial}\r\n\r\nCould you help me, please?\r\n`,
    );
    const envelope = { reversePath: undefined, forwardPaths: [] };
    const [outcome] = await store.insertMessages([{ raw, envelope, envelopeKnown: false, source: "test" }]);
    return outcome?.id ?? "";
  }

  const stateOf = async (id: string) => (await store.message(id))?.state;

  test("a job leads to a verdict and to a deliver job, and is counted", async () => {
    const { start } = await open();
    await start();
    const id = await received();
    await queues.add("classify", id);
    await vi.waitUntil(async () => (await stateOf(id)) === "classified", SOON);
    await vi.waitUntil(async () => (await queues.counts("deliver")).waiting === 1, SOON);
    const { body } = await metrics.render();
    expect(body).toMatch(/^triage_verdicts_total\{verdict="[a-z-]+",route="human"\} 1$/m);
    expect(body).toMatch(/^triage_classify_duration_seconds_count 1$/m);
  });

  test("messages whose jobs were lost before the classifier started are found", async () => {
    const { start } = await open();
    const ids = await Promise.all(Array.from({ length: 20 }, received));
    await start();
    await vi.waitUntil(
      async () => (await Promise.all(ids.map(stateOf))).every((state) => state === "classified"),
      SOON,
    );
  });

  test("a message that cannot be worked on is not tried again and again: undecided, to the human, with a dead letter", async () => {
    const { start } = await open();
    const id = await received();
    await database.query("DELETE FROM triage.message_raw WHERE id = $1", [id]);
    await start();
    await vi.waitUntil(async () => (await stateOf(id)) === "classified", SOON);
    expect(await store.message(id)).toMatchObject({
      classification: { verdict: "undecided", route: "human" },
      deadLetter: { stage: "classify", error: "RawMessageGoneError: Retention dropped the raw bytes" },
    });
  });
});
