/** What the queues need of a backend: BullMQ on Redis, or BullMQ on PostgreSQL. */
import type { MessageJob, QueueName } from "@triage/contracts";
import type { JobsOptions, JobType, RepeatOptions, WorkerOptions } from "bullmq";

/** The parts of BullMQ's Queue that we use; its own types differ from backend to backend. */
export interface JobQueue {
  add(name: string, data: MessageJob, options: JobsOptions): Promise<unknown>;
  addBulk(jobs: { name: string; data: MessageJob; opts: JobsOptions }[]): Promise<unknown>;
  upsertJobScheduler(
    id: string,
    repeat: RepeatOptions,
    template: { name: string; data: MessageJob; opts: Omit<JobsOptions, "jobId"> },
  ): Promise<unknown>;
  removeJobScheduler(id: string): Promise<unknown>;
  getJobCounts(...states: JobType[]): Promise<Readonly<Record<string, number>>>;
  getJobs(states: JobType[], start: number, end: number, oldestFirst: boolean): Promise<readonly StoredJob[]>;
  on(event: "error", listener: (error: Error) => void): unknown;
  close(): Promise<void>;
}

interface StoredJob {
  /** When it was added, in milliseconds since 1970. */
  readonly timestamp: number;
}

/** The parts of BullMQ's Worker that we use. */
export interface JobWorker {
  on(event: "error", listener: (error: Error) => void): unknown;
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
}

/** A job that a worker has taken. */
export interface TakenJob {
  readonly queueName: string;
  readonly data: MessageJob;
  /** Attempts that ended with an error. */
  readonly attemptsMade: number;
  /** Attempts that began, this one among them; larger than `attemptsMade + 1` when workers were lost. */
  readonly attemptsStarted: number;
  moveToWait(token?: string): Promise<unknown>;
}

export type JobProcessor = (job: TakenJob, token: string | undefined) => Promise<void>;
export type JobWorkerOptions = Omit<WorkerOptions, "connection" | "prefix">;

export interface QueueBackend {
  /** Fewer jobs than that are added one by one, at the same time. */
  readonly minBulk: number;
  openQueue(name: QueueName): JobQueue;
  openWorker(name: QueueName, processor: JobProcessor, options: JobWorkerOptions): JobWorker;
  ping(): Promise<void>;
  close(): Promise<void>;
}
