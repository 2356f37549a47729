/**
 * What the policy asks of volume and novelty, answered by the store: failures that are classified at the same time are
 * counted in one batch. A policy that asks nothing costs nothing.
 *
 * Counting is a help, not a condition: when it fails, the message is routed without it, and rows that ask do not match.
 */
import { type CauseFacts, type CauseQuestions, causeQuestions, type PolicyRow } from "@triage/routing";
import type { Log } from "@triage/runtime";
import { batched, type NotedCause, type Store, StoreUnavailableError } from "@triage/store";

/** LIMIT: failures of one batch; it keeps the rows of a cause from being locked for long. */
const MAX_BATCH = 200;
/** Counts outlive the time in which they count by this, for messages that waited in the queue meanwhile. */
const SPARE_HOURS = 24;
const HOURS_A_DAY = 24;
const HOUR_MS = 3_600_000;

export interface CauseWatchOptions {
  readonly store: Pick<Store, "noteCauses" | "forgetCauses">;
  readonly policy: readonly PolicyRow[];
  readonly log: Log;
  readonly now: () => Date;
}

export interface CauseWatch {
  /** @returns undefined when it could not be counted. */
  note(cause: NotedCause): Promise<CauseFacts | undefined>;
  /** Forgets old counts. */
  tidy(): Promise<void>;
}

/** @returns undefined where the policy asks nothing. */
export function watchCauses({ store, policy, log, now }: CauseWatchOptions): CauseWatch | undefined {
  const questions = causeQuestions(policy);
  const hours = longestOf(questions);
  if (hours === 0) return undefined;
  const ask = batched((batch: readonly NotedCause[]) => store.noteCauses(batch, questions), {
    max: MAX_BATCH,
  });
  return {
    note: (cause) =>
      ask(cause).catch((error: unknown) => {
        if (!(error instanceof StoreUnavailableError)) log.error({ err: error }, "could not count a cause");
        return undefined;
      }),
    tidy: () => store.forgetCauses(new Date(now().getTime() - (hours + SPARE_HOURS) * HOUR_MS)),
  };
}

function longestOf({ hours, days }: CauseQuestions): number {
  return Math.max(0, ...hours, ...days.map((count) => count * HOURS_A_DAY));
}
