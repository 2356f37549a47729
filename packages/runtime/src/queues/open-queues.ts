/** The queues on Redis when it is configured, else on the database. */
import { setMaxListeners } from "node:events";
import type { QueueName } from "@triage/contracts";
import { ErrorCode, type JobsOptions } from "bullmq";
import type { QueueConfig, RedisConfig } from "../config/resolved-config.ts";
import type { Log } from "../log.ts";
import type { Schedule } from "../schedule.ts";
import { createErrorLog } from "./job-error-log.ts";
import { openPostgresBackend } from "./postgres-backend.ts";
import { processJob } from "./process-job.ts";
import type { JobQueue, QueueBackend } from "./queue-backend.ts";
import type { QueueCounts, Queues, QueueWorker, WorkOptions } from "./queues.ts";
import { openRedisBackend } from "./redis-backend.ts";
import { repeatStrategy } from "./repeat-strategy.ts";
import { retryDelayMs } from "./retry-delay.ts";

const CLOSE_GRACE_MS = 10_000;
/** After an outage of the backend a worker looks again this often; BullMQ's own 15 seconds are long for a restart. */
const LOOK_AGAIN_MS = 2_000;
/** QUIRK(bullmq on PostgreSQL): of several who schedule at the same time, the server may end one to let the others go on. */
const DEADLOCK = "40P01";
const SCHEDULE_ATTEMPTS = 5;
/** "Never", as the largest number that PostgreSQL takes for it. */
const MAX_STALLED_COUNT = 2_147_483_647;

export interface QueuesOptions {
  readonly queue: QueueConfig;
  /** undefined: the queues are in the database. */
  readonly redis: RedisConfig | undefined;
  readonly databaseUrl: string;
  readonly log: Log;
}

/** @throws {QueueUnavailableError} The backend cannot be reached, or refuses us. */
export async function openQueues(options: QueuesOptions): Promise<Queues> {
  const { queue: config, redis, log } = options;
  const backend =
    redis === undefined
      ? await openPostgresBackend(options.databaseUrl)
      : await openRedisBackend(redis, config.prefix, log);
  return new BullQueues(backend, config, log);
}

class BullQueues implements Queues {
  readonly #backend: QueueBackend;
  readonly #config: QueueConfig;
  readonly #log: Log;
  readonly #queues = new Map<QueueName, JobQueue>();
  readonly #workers = new Set<QueueWorker>();
  #closing: Promise<void> | undefined;

  constructor(backend: QueueBackend, config: QueueConfig, log: Log) {
    this.#backend = backend;
    this.#config = config;
    this.#log = log;
  }

  async add(name: QueueName, messageId: string): Promise<void> {
    await this.#queue(name).add(name, { messageId }, { ...this.#jobOptions(name), jobId: messageId });
  }

  async addMany(name: QueueName, messageIds: readonly string[]): Promise<void> {
    if (messageIds.length < this.#backend.minBulk) {
      await Promise.all(messageIds.map((messageId) => this.add(name, messageId)));
      return;
    }
    await this.#queue(name).addBulk(
      messageIds.map((messageId) => ({
        name,
        data: { messageId },
        opts: { ...this.#jobOptions(name), jobId: messageId },
      })),
    );
  }

  async schedule(name: QueueName, messageId: string, { schedule, timeZone }: Schedule): Promise<void> {
    const repeat = { pattern: schedule, tz: timeZone };
    const template = { name, data: { messageId }, opts: this.#jobOptions(name) };
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#queue(name).upsertJobScheduler(name, repeat, template);
        return;
      } catch (error) {
        if (isScheduledAlready(error)) return;
        if (codeOf(error) !== DEADLOCK || attempt === SCHEDULE_ATTEMPTS) throw error;
      }
    }
  }

  async unschedule(name: QueueName): Promise<void> {
    await this.#queue(name).removeJobScheduler(name);
  }

  async work(name: QueueName, options: WorkOptions): Promise<QueueWorker> {
    const { lockDurationMs } = this.#config;
    const giveBack = new AbortController();
    // Each job in progress listens, and Node would call more than ten a leak.
    setMaxListeners(0, giveBack.signal);
    const job = { ...options, attempts: this.#attemptsOf(name), giveBack: giveBack.signal, log: this.#log };
    const worker = this.#backend.openWorker(name, (next, token) => processJob(next, token, job), {
      concurrency: options.concurrency,
      lockDuration: lockDurationMs,
      stalledInterval: lockDurationMs,
      runRetryDelay: LOOK_AGAIN_MS,
      // processJob counts the starts itself, so that a job which is given up is always handed to onFailed
      maxStalledCount: MAX_STALLED_COUNT,
      settings: {
        backoffStrategy: (attemptsMade = 1) => retryDelayMs(attemptsMade, this.#config, Math.random()),
        repeatStrategy,
      },
    });
    worker.on("error", createErrorLog(this.#log, { queue: name }));
    await worker.waitUntilReady();
    const handle = { close: closeOnce(worker, giveBack, options.closeGraceMs ?? CLOSE_GRACE_MS) };
    this.#workers.add(handle);
    return handle;
  }

  async counts(name: QueueName): Promise<QueueCounts> {
    const [counts, oldest] = await Promise.all([
      this.#queue(name).getJobCounts("waiting", "delayed", "active"),
      this.waitingSince(name),
    ]);
    return {
      waiting: counts.waiting ?? 0,
      delayed: counts.delayed ?? 0,
      active: counts.active ?? 0,
      oldestWaitingSeconds: oldest === undefined ? 0 : Math.max(0, (Date.now() - oldest.getTime()) / 1_000),
    };
  }

  async waitingSince(name: QueueName): Promise<Date | undefined> {
    const [oldest] = await this.#queue(name).getJobs(["waiting"], 0, 0, true);
    return oldest === undefined ? undefined : new Date(oldest.timestamp);
  }

  ping(): Promise<void> {
    return this.#backend.ping();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#workers].map((worker) => worker.close()));
    await Promise.all([...this.#queues.values()].map((queue) => queue.close()));
    await this.#backend.close();
  }

  #queue(name: QueueName): JobQueue {
    const known = this.#queues.get(name);
    if (known !== undefined) return known;
    const queue = this.#backend.openQueue(name);
    queue.on("error", createErrorLog(this.#log, { queue: name }));
    this.#queues.set(name, queue);
    return queue;
  }

  /** Notices and digests go the same way as a message, through the same outlets. */
  #attemptsOf(name: QueueName): number {
    return this.#config.attempts[name === "classify" ? "classify" : "deliver"];
  }

  #jobOptions(name: QueueName): JobsOptions {
    return {
      attempts: this.#attemptsOf(name),
      backoff: { type: "custom" },
      // what a job leaves behind would keep the same message from being added again
      removeOnComplete: true,
      removeOnFail: true,
    };
  }
}

/** QUIRK(bullmq on PostgreSQL): two who schedule the same at the same time; the job of the other one is there. */
function isScheduledAlready(error: unknown): boolean {
  const code = codeOf(error);
  return code === ErrorCode.SchedulerJobIdCollision || code === ErrorCode.SchedulerJobSlotsBusy;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

function closeOnce(
  worker: { close(): Promise<void> },
  giveBack: AbortController,
  graceMs: number,
): () => Promise<void> {
  let closing: Promise<void> | undefined;
  return () => {
    closing ??= (async () => {
      const timer = setTimeout(() => giveBack.abort(), graceMs);
      await worker.close().finally(() => clearTimeout(timer));
    })();
    return closing;
  };
}
