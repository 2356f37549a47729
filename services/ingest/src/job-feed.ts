/**
 * Adds the jobs of stored messages to the queue, beside the answer to the client: a message is safe once it is in
 * PostgreSQL, and the sweeper adds every job that this did not.
 */
import type { QueueName } from "@triage/contracts";
import type { Log } from "@triage/runtime";

/** LIMIT: batches of jobs that may wait for a queue that does not answer; what is beyond is left to the sweeper. */
const MAX_PENDING = 64;

export interface JobFeedOptions {
  readonly enqueue: (queue: QueueName, messageIds: readonly string[]) => Promise<void>;
  readonly log: Pick<Log, "warn">;
}

export class JobFeed {
  readonly #options: JobFeedOptions;
  readonly #pending = new Set<Promise<void>>();
  #failing = false;

  constructor(options: JobFeedOptions) {
    this.#options = options;
  }

  /** Never throws and does not wait. */
  add(queue: QueueName, messageIds: readonly string[]): void {
    if (messageIds.length === 0) return;
    if (this.#pending.size >= MAX_PENDING) {
      this.#report(queue, "it does not answer");
      return;
    }
    const adding = this.#options.enqueue(queue, messageIds).then(
      () => {
        this.#failing = false;
      },
      (error: unknown) => this.#report(queue, error instanceof Error ? error.message : String(error)),
    );
    this.#pending.add(adding);
    void adding.finally(() => this.#pending.delete(adding));
  }

  /** Resolves when nothing is on its way any more. */
  async drain(): Promise<void> {
    await Promise.all(this.#pending);
  }

  /** One line when it begins, not one for each message. */
  #report(queue: QueueName, reason: string): void {
    if (this.#failing) return;
    this.#failing = true;
    this.#options.log.warn({ queue, reason }, "cannot add jobs; the messages are stored and the sweeper will add them");
  }
}
