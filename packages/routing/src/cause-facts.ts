/**
 * What routing may ask about other messages with the same cause, and which questions a policy asks. The answers come from
 * outside (the store): routing itself is pure and sees one message.
 */
import type { PolicyRow } from "./route.ts";

/**
 * The messages with the verdict `genuine-dsn` and the incident fingerprint of the one that is routed. Every answer may be
 * `undefined`: not known, as in a command without a database. A row that needs it then does not match.
 */
export interface CauseFacts {
  /** How many arrived in the last `hours`, the routed one among them: 1 or more. */
  readonly messagesWithin: (hours: number) => number | undefined;
  /** No other one arrived in the `days` before the routed one. */
  readonly isNew: (days: number) => boolean | undefined;
}

/** What a policy asks, so that the answers can be fetched before it is asked. Ascending, each once; empty: nothing. */
export interface CauseQuestions {
  /** Arguments of `messagesWithin`. */
  readonly hours: readonly number[];
  /** Arguments of `isNew`. */
  readonly days: readonly number[];
}

export function causeQuestions(policy: readonly PolicyRow[]): CauseQuestions {
  return {
    hours: ascending(policy.flatMap(({ volume }) => (volume === undefined ? [] : [volume.withinHours]))),
    days: ascending(policy.flatMap(({ novelty }) => (novelty === undefined ? [] : [novelty.days]))),
  };
}

function ascending(numbers: readonly number[]): readonly number[] {
  return [...new Set(numbers)].sort((one, other) => one - other);
}
