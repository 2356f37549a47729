/**
 * One attempt at one job: done, to be retried, given up, or given back.
 *
 * A job that is given up is handed to `onFailed` here, under the lock of the job, and then counts as done: BullMQ's own
 * event for it would come after the job is gone, when a crash could lose the news.
 */

import type { MessageJob } from "@triage/contracts";
import { WaitingError } from "bullmq";
import type { Log } from "../log.ts";
import { isRetryable, TriageError } from "../triage-error.ts";
import type { TakenJob } from "./queue-backend.ts";
import type { WorkOptions } from "./queues.ts";

/**
 * LIMIT: a message that takes its worker down with it (memory, a crash of native code) is started this many times more
 * than it may be tried; then it is given up, too.
 */
const MAX_LOST_WORKERS = 3;

/** The worker ended again and again before it could say how the attempt went. */
export class WorkerLostError extends TriageError {
  readonly code = "QUEUE_WORKER_LOST";
  readonly retryable = false;
}

export interface ProcessJobOptions extends Pick<WorkOptions, "handler" | "onFailed"> {
  readonly attempts: number;
  /** Fires when jobs that are still in progress are to be given back. */
  readonly giveBack: AbortSignal;
  readonly log: Log;
}

type Outcome = { readonly kind: "done" | "given-back" } | { readonly kind: "error"; readonly error: Error };

export async function processJob(job: TakenJob, token: string | undefined, options: ProcessJobOptions): Promise<void> {
  const { attempts, log } = options;
  const fields = { queue: job.queueName, messageId: job.data.messageId, attempt: job.attemptsMade + 1, attempts };
  const lost = job.attemptsStarted > attempts + MAX_LOST_WORKERS;
  const outcome: Outcome = lost
    ? {
        kind: "error",
        error: new WorkerLostError(`Workers were lost ${job.attemptsStarted - 1} times on this message`),
      }
    : await attempt(job.data, options);
  switch (outcome.kind) {
    case "done":
      return;
    case "given-back":
      log.info(fields, "gave the job back");
      await job.moveToWait(token);
      throw new WaitingError();
    case "error":
      if (isRetryable(outcome.error) && fields.attempt < attempts) {
        log.warn({ ...fields, err: outcome.error }, "error: the job will be tried again");
        throw outcome.error;
      }
      log.error({ ...fields, err: outcome.error }, "failed: the job is given up");
      await options.onFailed(job.data, outcome.error).catch((error: unknown) => {
        log.error({ ...fields, err: error }, "could not record that the job failed; the sweeper will bring it back");
      });
      return;
    default:
      outcome satisfies never;
  }
}

function attempt(job: MessageJob, { handler, giveBack }: ProcessJobOptions): Promise<Outcome> {
  return new Promise((resolve) => {
    const onGiveBack = () => resolve({ kind: "given-back" });
    // A worker that waits for jobs while it closes may be handed one more; an abort that is past fires no event.
    if (giveBack.aborted) return onGiveBack();
    giveBack.addEventListener("abort", onGiveBack, { once: true });
    handler(job)
      .then(
        () => resolve({ kind: "done" }),
        (error: unknown) =>
          resolve({ kind: "error", error: error instanceof Error ? error : new Error(String(error)) }),
      )
      .finally(() => giveBack.removeEventListener("abort", onGiveBack));
  });
}
