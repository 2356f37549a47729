import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { fileURLToPath } from "node:url";
import type { MessageJob } from "@triage/contracts";
import {
  createLog,
  createMetrics,
  openQueues,
  type QueueConfig,
  type Queues,
  type Rounds,
  startSweeper,
  type WorkOptions,
  watchQueues,
} from "@triage/runtime";
import { afterEach, describe, expect, test, vi } from "vitest";
import { useDatabase } from "../../../test/support/use-database.ts";
import { useRedis } from "../../../test/support/use-redis.ts";

const database = useDatabase();
const redis = useRedis();
const log = createLog({ level: "silent" });

const CONFIG: QueueConfig = {
  prefix: "triage",
  attempts: { classify: 3, deliver: 3 },
  backoffMs: 1,
  maxBackoffMs: 4,
  lockDurationMs: 1_000,
  sweepAfterSeconds: 1,
  maxWaiting: 1_000,
};

class Retryable extends Error {}
class Final extends Error {
  readonly retryable = false;
}

describe.each(["redis", "postgresql"] as const)("on %s", (backend) => {
  const open: Queues[] = [];
  const sweepers: Rounds[] = [];

  async function openOne(config: Partial<QueueConfig> = {}): Promise<Queues> {
    const queues = await openQueues({
      queue: { ...CONFIG, prefix: `triage-${backend}`, ...config },
      redis: backend === "redis" ? { url: redis.url, ca: undefined } : undefined,
      databaseUrl: database.url,
      log,
    });
    open.push(queues);
    return queues;
  }

  /** Handles jobs and tells what happened; waiting for an event instead of sleeping. */
  function recorder(handler: (job: MessageJob, attempt: number) => Promise<void> = async () => {}) {
    const events = new EventEmitter();
    const attempts: string[] = [];
    const done: string[] = [];
    const failed: { id: string; error: Error }[] = [];
    const options: WorkOptions = {
      concurrency: 4,
      async handler(job) {
        attempts.push(job.messageId);
        events.emit("attempt");
        await handler(job, attempts.filter((id) => id === job.messageId).length);
        done.push(job.messageId);
        events.emit("change");
      },
      async onFailed(job, error) {
        failed.push({ id: job.messageId, error });
        events.emit("change");
      },
    };
    const until = async (condition: () => boolean) => {
      while (!condition()) await once(events, "change");
    };
    return { options, attempts, done, failed, events, until };
  }

  afterEach(async () => {
    await Promise.all(sweepers.splice(0).map((sweeper) => sweeper.close()));
    await Promise.all(open.splice(0).map((queues) => queues.close()));
  });

  test("a job is handled, and leaves nothing behind", async () => {
    const queues = await openOne();
    const work = recorder();
    const ids = Array.from({ length: 20 }, () => randomUUID());
    expect(await queues.waitingSince("classify")).toBeUndefined();
    const began = Date.now();
    await queues.addMany("classify", ids);
    expect(await queues.counts("classify")).toMatchObject({ waiting: 20, active: 0, delayed: 0 });
    const since = (await queues.waitingSince("classify"))?.getTime() ?? 0;
    expect(since).toBeGreaterThanOrEqual(began);
    expect(since).toBeLessThanOrEqual(Date.now());
    const worker = await queues.work("classify", work.options);
    await work.until(() => work.done.length === 20);
    await worker.close();
    expect(work.done.sort()).toEqual(ids.sort());
    expect(await queues.counts("classify")).toEqual({ waiting: 0, active: 0, delayed: 0, oldestWaitingSeconds: 0 });
  });

  test("the same message added twice is one job, and can come again once it is done", async () => {
    const queues = await openOne();
    const work = recorder();
    const id = randomUUID();
    await Promise.all([queues.add("classify", id), queues.add("classify", id)]);
    await queues.addMany("classify", [id, id]);
    expect((await queues.counts("classify")).waiting).toBe(1);
    const worker = await queues.work("classify", work.options);
    await work.until(() => work.done.length === 1);
    await worker.close();
    await queues.add("classify", id);
    expect((await queues.counts("classify")).waiting).toBe(1);
    const again = await queues.work("classify", work.options);
    await work.until(() => work.done.length === 2);
    await again.close();
  });

  test("an error is retried until it works, and nobody is told that it failed", async () => {
    const queues = await openOne();
    const work = recorder(async (_, attempt) => {
      if (attempt < 3) throw new Retryable("451 try again later");
    });
    await queues.add("deliver", randomUUID());
    const worker = await queues.work("deliver", work.options);
    await work.until(() => work.done.length === 1);
    await worker.close();
    expect(work.attempts).toHaveLength(3);
    expect(work.failed).toEqual([]);
  });

  test("after the last attempt the job has failed: told exactly once, with the error", async () => {
    const queues = await openOne();
    const work = recorder(async () => {
      throw new Retryable("451 try again later");
    });
    const id = randomUUID();
    await queues.add("deliver", id);
    const worker = await queues.work("deliver", work.options);
    await work.until(() => work.failed.length === 1);
    await worker.close();
    expect(work.attempts).toHaveLength(3);
    expect(work.failed).toEqual([{ id, error: new Retryable("451 try again later") }]);
    expect(await queues.counts("deliver")).toMatchObject({ waiting: 0, delayed: 0, active: 0 });
  });

  test("an error that says it is not retryable fails at once", async () => {
    const queues = await openOne();
    const work = recorder(async () => {
      throw new Final("550 no such user");
    });
    await queues.add("deliver", randomUUID());
    const worker = await queues.work("deliver", work.options);
    await work.until(() => work.failed.length === 1);
    await worker.close();
    expect(work.attempts).toHaveLength(1);
  });

  test("closing waits for the jobs in progress", async () => {
    const queues = await openOne();
    let finish: () => void = () => {};
    const work = recorder(
      () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
    );
    const started = once(work.events, "attempt");
    await queues.add("deliver", randomUUID());
    const worker = await queues.work("deliver", work.options);
    await started;
    const closed = worker.close();
    finish();
    await closed;
    expect(work.done).toHaveLength(1);
  });

  test("closing gives back a job that takes too long, and another worker takes it at once", async () => {
    const queues = await openOne({ lockDurationMs: 60_000 });
    const slow = recorder(() => new Promise(() => {}));
    const quick = recorder();
    const started = once(slow.events, "attempt");
    const id = randomUUID();
    await queues.add("deliver", id);
    const worker = await queues.work("deliver", { ...slow.options, closeGraceMs: 1 });
    await started;
    await worker.close();
    expect(slow.failed).toEqual([]);
    const other = await queues.work("deliver", quick.options);
    await quick.until(() => quick.done.length === 1);
    await other.close();
    expect(quick.done).toEqual([id]);
  });

  test("a job whose worker was killed is taken by another one after the lock has run out", async () => {
    const options = {
      queue: { ...CONFIG, prefix: `triage-${backend}` },
      redis: backend === "redis" ? { url: redis.url, ca: undefined } : undefined,
      databaseUrl: database.url,
    };
    const queues = await openOne();
    const id = randomUUID();
    await queues.add("classify", id);
    const script = fileURLToPath(new URL("hanging-worker.ts", import.meta.url));
    const child = spawn(
      process.execPath,
      ["--conditions=triage-source", "--import", "tsx", script, JSON.stringify(options)],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    const [taken] = await once(child.stdout, "data");
    expect(String(taken).trim()).toBe(id);
    child.kill("SIGKILL");
    await once(child, "exit");
    const work = recorder();
    const worker = await queues.work("classify", work.options);
    await work.until(() => work.done.length === 1);
    await worker.close();
    expect(work.done).toEqual([id]);
    expect(work.failed).toEqual([]);
  });

  test("the sweeper brings back the jobs of a queue that was wiped", async () => {
    const queues = await openOne();
    const work = recorder();
    const ids = [randomUUID(), randomUUID()];
    await queues.addMany("classify", ids);
    await wipe(queues);
    expect((await queues.counts("classify")).waiting).toBe(0);
    const sweeper = () =>
      startSweeper({
        everyMs: 5,
        olderThanMs: 0,
        find: async () => ids.filter((id) => !work.done.includes(id)),
        readd: (found) => queues.addMany("classify", found),
        log,
      });
    sweepers.push(sweeper(), sweeper());
    const worker = await queues.work("classify", work.options);
    await work.until(() => ids.every((id) => work.done.includes(id)));
    await Promise.all(sweepers.splice(0).map((one) => one.close()));
    // the last sweep may have looked before the second message was done: that job comes again, and is harmless
    await vi.waitFor(async () => expect((await queues.counts("classify")).waiting).toBe(0), { timeout: 30_000 });
    await worker.close();
  });

  async function wipe(queues: Queues): Promise<void> {
    if (backend === "redis") return redis.flushAll();
    // a restored backup, or an operator who drops the schema of the queues
    await database.query("DELETE FROM bullmq.job");
    expect((await queues.counts("classify")).waiting).toBe(0);
  }

  test("a schedule adds its job again and again, once for all who ask for it, until it is taken back", async () => {
    const all = await Promise.all([openOne(), openOne(), openOne()]);
    const timeZone = "Europe/Vienna";
    const yearly = { schedule: "0 7 1 1 *", timeZone };
    await Promise.all(all.map((queues) => queues.schedule("digest", "due", yearly)));
    const [queues = await openOne()] = all;
    expect((await queues.counts("digest")).delayed).toBe(1);
    await queues.schedule("digest", "due", { schedule: "* * * * * *", timeZone });
    const work = recorder(async (_, attempt) => {
      if (attempt === 1) throw new Retryable("an error does not end the schedule");
    });
    const worker = await queues.work("digest", work.options);
    await work.until(() => work.done.length === 2);
    await queues.unschedule("digest");
    await worker.close();
    expect(new Set(work.done)).toEqual(new Set(["due"]));
    expect((await queues.counts("digest")).delayed).toBe(0);
  });

  test("the gauges show how many jobs wait and for how long, per queue", async () => {
    const queues = await openOne();
    const metrics = createMetrics({ processMetrics: false });
    const stop = watchQueues(queues, metrics);
    const id = randomUUID();
    await queues.add("deliver", id);
    const { body } = await metrics.render();
    stop();
    expect(body).toContain('triage_queue_jobs{queue="deliver",state="waiting"} 1');
    expect(body).toContain('triage_queue_jobs{queue="classify",state="waiting"} 0');
    expect(body).toMatch(/triage_queue_oldest_waiting_seconds\{queue="deliver"\} \d/);
    const work = recorder();
    const worker = await queues.work("deliver", work.options);
    await work.until(() => work.done.length === 1);
    await worker.close();
  });
});
