/**
 * Brings back what the queue has lost: adds a job for every message whose state has not advanced for a while.
 *
 * Any number of processes may sweep at once, and may add a message that still has its job: a queue holds one job per
 * message, and handlers look at the state of the message first.
 */
import type { Log } from "../log.ts";
import { type Rounds, startRounds } from "../rounds.ts";

/** LIMIT: a job that was lost while the queue is longer than that is brought back before the queue has been worked off. */
const LONGEST_QUEUE_MS = 3_600_000;

/** LIMIT: starting processes do not all sweep in step; each waits up to this part of the interval longer. */
const JITTER = 0.2;

export interface SweeperOptions {
  readonly everyMs: number;
  /** Younger messages are left alone: their job is on its way. */
  readonly olderThanMs: number;
  /** Ids of messages that have been in the same state since before this point in time. */
  find(olderThan: Date): Promise<readonly string[]>;
  readd(messageIds: readonly string[]): Promise<void>;
  /**
   * When the oldest job that waits was added; undefined: none waits. What came later may wait behind it, and is left alone: a long
   * queue is no lost job. Default: none waits.
   */
  readonly waitingSince?: () => Promise<Date | undefined>;
  readonly log: Log;
  /** What the log says of a sweep that found something; default: messages that did not advance. */
  readonly says?: string;
  readonly now?: () => Date;
}

/** Sweeps at once, then again and again. */
export function startSweeper(options: SweeperOptions): Rounds {
  const { everyMs, log, says = "added jobs for messages that did not advance" } = options;
  return startRounds({
    everyMs,
    jitter: JITTER,
    log,
    complaint: "could not sweep; trying again",
    async round() {
      const waitingSince = options.waitingSince === undefined ? undefined : await options.waitingSince();
      const ids = await options.find(lostBefore(waitingSince, options));
      if (ids.length === 0) return;
      await options.readd(ids);
      log.info({ jobs: ids.length }, says);
    },
  });
}

/** The clock of the sweeper stands where the queue does. */
function lostBefore(waitingSince: Date | undefined, { olderThanMs, now = () => new Date() }: SweeperOptions): Date {
  const at = now().getTime();
  const oldest = waitingSince?.getTime() ?? at;
  return new Date(Math.min(at, Math.max(oldest, at - LONGEST_QUEUE_MS)) - olderThanMs);
}
