/** From the archive to a mail in a real Maildir, on a clock that the test moves. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Classification, DIGEST_DUE } from "@triage/contracts";
import { createLog, createMetrics, loadConfig, type Metrics, openQueues, type Queues } from "@triage/runtime";
import { openStore, type Store } from "@triage/store";
import { simpleParser } from "mailparser";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { useDatabase } from "../../../test/support/use-database.ts";
import { useRedis } from "../../../test/support/use-redis.ts";
import { openMailIds } from "../src/compose/mail-ids.ts";
import { startDigests } from "../src/digest/start-digests.ts";
import { openAddressBook } from "../src/humans/address-book.ts";
import { openOutlet } from "../src/outlets/open-outlet.ts";
import { aClassification } from "./classifications.ts";

const SOON = { timeout: 30_000, interval: 20 };
const DAY_MS = 86_400_000;

describe.each(["Redis", "PostgreSQL"])("with the queues in %s", (backend) => {
  const database = useDatabase();
  const redis = useRedis();
  const closers: (() => Promise<unknown>)[] = [];
  let folder: string;
  let store: Store;
  let queues: Queues;
  let metrics: Metrics;
  let now: Date;
  let serial = 0;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "triage-digest-"));
    closers.push(() => rm(folder, { recursive: true, force: true }));
    metrics = createMetrics({ processMetrics: false });
    now = new Date();
    serial += 1;
    store = await openStore({ databaseUrl: database.url, poolSize: 4, schema: `digests_${serial}` });
    closers.push(() => store.close());
  });
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  const config = () => {
    const env = {
      DATABASE_URL: database.url,
      TRIAGE_DATA_DIR: folder,
      REDIS_URL: backend === "Redis" ? redis.url : undefined,
    };
    const base = loadConfig({ env });
    return {
      ...base,
      queue: { ...base.queue, backoffMs: 10, maxBackoffMs: 20, sweepAfterSeconds: 0.2 },
      digest: { schedule: "0 7 * * *", timeZone: "Europe/Vienna", to: [], always: false, maxEntries: 5 },
      http: { ...base.http, links: { publicUrl: "https://triage.example.com", days: 7, secrets: [] } },
    };
  };

  /**
   * Starts the part of the role that makes digests; several may run at once.
   *
   * @param schedule  Sets the queue's clock in place of the queue.
   */
  async function start(schedule?: Queues["schedule"]): Promise<void> {
    const own = config();
    const log = createLog({ level: "silent" });
    queues = await openQueues({ queue: own.queue, redis: own.redis, databaseUrl: database.url, log });
    const mine = queues;
    closers.push(() => mine.close());
    const outlets = await Promise.all(own.outlets.map(openOutlet));
    const addresses = openAddressBook(own.humans, outlets);
    const mailIds = openMailIds(own.from, "the secret of our mail of the tests");
    const role = await startDigests(own, {
      store,
      queues: schedule === undefined ? mine : withClock(mine, schedule),
      addresses,
      mailIds,
      metrics,
      log,
      atOnce: 4,
      now: () => now,
    });
    closers.push(() => role.close());
  }

  async function kept(more: Partial<Classification> = {}): Promise<string> {
    const raw = Buffer.from(`Subject: Cheap pills ${Math.random()}\r\nFrom: joe@spam.example\r\n\r\nhello\r\n`);
    const envelope = { reversePath: undefined, forwardPaths: [] };
    const [outcome] = await store.insertMessages([{ raw, envelope, envelopeKnown: false, source: "test" }]);
    const id = outcome?.id ?? "";
    const spam = { verdict: "spam", route: "archive", actionable: false } as const;
    await store.saveClassification(id, aClassification({ ...spam, ...more }));
    return id;
  }

  async function mails() {
    const names = await readdir(join(folder, "human", "new"));
    return Promise.all(names.map(async (name) => simpleParser(await readFile(join(folder, "human", "new", name)))));
  }

  const begun = () => vi.waitFor(async () => expect(await store.digests(9)).toHaveLength(1), SOON);
  const tomorrow = () => {
    now = new Date(now.getTime() + DAY_MS);
  };

  test("what was archived is told the next morning, once, by any number of workers, with a link that releases it", async () => {
    await start();
    await start();
    await begun();
    const id = await kept();
    tomorrow();
    await queues.add("digest", DIGEST_DUE);
    await vi.waitFor(async () => expect((await store.digests(9))[0]?.state).toBe("delivered"), SOON);
    const [mail, ...more] = await mails();
    expect(more).toEqual([]);
    expect(mail?.subject).toBe("[triage] Digest: 1 kept");
    expect(mail?.text).toContain("joe@spam.example");
    expect(mail?.text).toMatch(/https:\/\/triage\.example\.com\/l\/[\w-]{51}/);
    expect(await store.message(id)).toMatchObject({ state: "archived" });
  });

  test("a point that was missed is made up for by the sweeper, in one digest without a hole", async () => {
    await start();
    await begun();
    await kept();
    tomorrow();
    tomorrow();
    tomorrow();
    await vi.waitFor(async () => expect((await store.digests(9))[0]?.state).toBe("delivered"), SOON);
    const [second, first, ...rest] = await store.digests(9);
    expect(rest).toEqual([]);
    expect(second?.since).toBe(first?.until);
    expect(await mails()).toHaveLength(1);
  });

  test("nothing to say: no mail, and the next digest begins where this one would have", async () => {
    await start();
    await begun();
    tomorrow();
    await vi.waitFor(async () => expect(await store.digests(9)).toHaveLength(2), SOON);
    expect((await store.digests(9))[0]).toMatchObject({ state: "empty", totals: { judged: 0 } });
    expect(await mails()).toEqual([]);
  });

  test("a queue that forgot everything gets its clock again", async () => {
    await start();
    await begun();
    await queues.unschedule("digest");
    await kept();
    tomorrow();
    await vi.waitFor(async () => expect((await store.digests(9))[0]?.state).toBe("delivered"), SOON);
    expect((await queues.counts("digest")).delayed).toBe(1);
  });

  test.each([
    ["computes no next time", () => Promise.resolve()],
    ["refuses the schedule", () => Promise.reject(new Error("loop limit exceeded"))],
  ])("a queue whose clock %s: the sweeper has the digest of each period made", async (_, schedule) => {
    await start(schedule);
    await begun();
    // the clock of the test before, in the same queue
    await queues.unschedule("digest");
    await kept();
    for (const periods of [2, 3, 4]) {
      tomorrow();
      await vi.waitFor(async () => expect(await store.digests(9)).toHaveLength(periods), SOON);
    }
    await vi.waitFor(async () => expect(await mails()).toHaveLength(1), SOON);
    expect((await queues.counts("digest")).delayed).toBe(0);
  });

  test("a digest that somebody asked for is delivered as well", async () => {
    await start();
    await kept();
    const since = new Date(Date.now() - DAY_MS);
    const id = await store.askForDigest({ since, until: new Date(Date.now() + 1_000) }, 5);
    await queues.add("digest", id);
    await vi.waitFor(async () => expect((await store.digest(id))?.state).toBe("delivered"), SOON);
    expect(await mails()).toHaveLength(1);
  });
});

function withClock(queues: Queues, schedule: Queues["schedule"]): Queues {
  return {
    add: (...args) => queues.add(...args),
    addMany: (...args) => queues.addMany(...args),
    schedule,
    unschedule: (name) => queues.unschedule(name),
    work: (...args) => queues.work(...args),
    counts: (name) => queues.counts(name),
    waitingSince: (name) => queues.waitingSince(name),
    ping: () => queues.ping(),
    close: () => queues.close(),
  };
}
