import { createLog, createMetrics, loadConfig, type Metrics } from "@triage/runtime";
import { openStore, type Store } from "@triage/store";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useDatabase } from "../../../../test/support/use-database.ts";
import { startLearning } from "../../src/learning/start-learning.ts";

const SOON = { timeout: 60_000, interval: 20 };
const DAY_MS = 86_400_000;

const database = useDatabase();
const closers: (() => Promise<unknown>)[] = [];
let store: Store;
let schema = 0;
let clockMs: number;
let metrics: Metrics;
beforeEach(async () => {
  schema += 1;
  clockMs = Date.parse("2026-11-22T12:00:00Z");
  metrics = createMetrics({ processMetrics: false });
  store = await openStore({ databaseUrl: database.url, schema: `s${schema}`, now: () => clockMs });
  closers.push(() => store.close());
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start() {
  const { learning } = loadConfig({ env: {} });
  if (learning === undefined) throw new Error("learning is on by default");
  const config = { ...learning, refreshSeconds: 0.02 };
  const log = createLog({ level: "silent" });
  const running = await startLearning({ store, config, thresholds: {}, metrics, log, now: () => new Date(clockMs) });
  closers.push(() => running.close());
  return running;
}

async function correctedLetter(): Promise<void> {
  const raw = Buffer.from(
    "From: joe@example.net\r\nSubject: the printer\r\n\r\nThe printer beside the second window in the northern hall has been out of toner since last week, please have somebody look at it.\r\n",
  );
  const envelope = { reversePath: undefined, forwardPaths: [] };
  const [stored] = await store.insertMessages([{ raw, envelope, envelopeKnown: false, source: "mx" }]);
  const id = stored?.id ?? "";
  await store.saveClassification(id, {
    verdict: "spam",
    score: 0.99,
    scores: { "genuine-dsn": 0, "user-report": 0.01, backscatter: 0, automated: 0, spam: 0.99 },
    route: "archive",
    actionable: false,
    why: "This is spam.",
    rule: "spam",
    report: { kind: "person" },
    returned: { form: "none" },
    evidence: [],
  });
  await store.saveCorrection(id, { verdict: "user-report", by: "ann", apiKey: "mx" }, (machine) => machine);
}

const trainings = async () => (await metrics.render()).body.match(/^triage_trainings_total.*$/gm) ?? [];

test("several workers learn a correction once, and all of them use what was learned", async () => {
  const workers = [await start(), await start(), await start()];
  await correctedLetter();
  await vi.waitUntil(() => workers.every((worker) => worker.model() !== undefined), SOON);
  expect(await store.modelVersions()).toHaveLength(1);
  expect(await trainings()).toEqual(['triage_trainings_total{outcome="activated"} 1']);
});

test("a worker that starts has the active version before its first message", async () => {
  await correctedLetter();
  const first = await start();
  await vi.waitUntil(() => first.model() !== undefined, SOON);
  expect((await start()).model()).toBeDefined();
});

test("corrections that are too old are forgotten when the time for training comes, without anything new", async () => {
  await correctedLetter();
  const worker = await start();
  await vi.waitUntil(() => worker.model() !== undefined, SOON);
  clockMs += 400 * DAY_MS;
  await vi.waitUntil(async () => (await store.activeModelVersion()) === 2, SOON);
  expect(await store.modelVersion(2)).toMatchObject({ corrections: 0, data: { nearDuplicates: [] } });
  expect(await store.keptCorrections({ since: new Date(0), limit: 10, perKey: 10 })).toEqual([]);
});
