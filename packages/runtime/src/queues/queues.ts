/**
 * The queues, as the services see them.
 *
 * Words: a job is one message waiting to be worked on, and its id is the id of the message. An attempt that ends with an
 * error will be retried; a job that has failed is given up. A worker takes jobs of one queue.
 *
 * At least once: a job may be handled twice (a lost worker, a lost answer), so handlers look at the state of the message
 * first. Jobs may vanish at any time (a wiped Redis), so nothing but the id is in them, and a sweeper brings them back.
 */
import type { MessageJob, QueueName } from "@triage/contracts";
import type { Schedule } from "../schedule.ts";

export interface Queues {
  /** Does nothing when a job for this message is in the queue already. Rejects when the queue cannot be reached. */
  add(name: QueueName, messageId: string): Promise<void>;
  /** The same for many; when it rejects, some may be in the queue. */
  addMany(name: QueueName, messageIds: readonly string[]): Promise<void>;
  /** Adds this job whenever the clock says so, from now on; takes the place of the schedule that the queue had. */
  schedule(name: QueueName, messageId: string, schedule: Schedule): Promise<void>;
  /** No job comes by itself any more. */
  unschedule(name: QueueName): Promise<void>;
  /** Starts taking jobs. */
  work(name: QueueName, options: WorkOptions): Promise<QueueWorker>;
  counts(name: QueueName): Promise<QueueCounts>;
  /** When the oldest job that waits for a worker was added; undefined: none waits. */
  waitingSince(name: QueueName): Promise<Date | undefined>;
  /** Rejects when the queues cannot be reached. */
  ping(): Promise<void>;
  /** Closes the workers that are still open, then the connections. Calling it again is harmless. */
  close(): Promise<void>;
}

export interface WorkOptions {
  /** Jobs handled at the same time. */
  readonly concurrency: number;
  /**
   * An error is retried later, unless it says `retryable: false`.
   *
   * @throws whatever makes this attempt an error.
   */
  handler(job: MessageJob): Promise<void>;
  /**
   * Called once a job is given up: its error is not retryable, or the last attempt is used up. When it rejects, the job
   * is dropped all the same, and the sweeper brings the message back.
   */
  onFailed(job: MessageJob, error: Error): Promise<void>;
  /** How long closing waits for handlers; then their jobs are given back. Default 10 seconds. */
  readonly closeGraceMs?: number;
}

export interface QueueWorker {
  /** Takes no more jobs, waits for those in progress, gives back those that take too long. */
  close(): Promise<void>;
}

export interface QueueCounts {
  readonly waiting: number;
  /** Waiting for their next attempt. */
  readonly delayed: number;
  readonly active: number;
  /** 0 when none waits. */
  readonly oldestWaitingSeconds: number;
}
