/** Dead letters, as users of the store see them. */
import type { QueueName } from "@triage/contracts";
import type { Database } from "../database.ts";
import type { DeadLetter, DeadLetterAction } from "../messages/stored-message.ts";
import {
  type Actor,
  type DeadLetterOutcome,
  discardDeadLetter,
  readActions,
  redirectDeadLetter,
  retryDeadLetters,
  retryMatching,
} from "./dead-letter-actions.ts";
import {
  countDeadLetters,
  type DeadLetterFilter,
  deadLetter,
  deadLetters,
  type Failure,
  markFailed,
} from "./dead-letters.ts";

/** Who does it; the store says when. */
type Who = Omit<Actor, "at">;

export interface DeadLetterStore {
  markFailed(id: string, failure: Failure): Promise<void>;
  deadLetters(page: DeadLetterFilter & { readonly limit: number }): Promise<readonly DeadLetter[]>;
  countDeadLetters(): Promise<number>;
  /** With whether its bytes are still there; undefined when the message has none. */
  deadLetter(id: string): Promise<(DeadLetter & { readonly rawKept: boolean }) | undefined>;
  /** What people did with those that the message had, in order. */
  deadLetterActions(id: string): Promise<readonly DeadLetterAction[]>;
  /** The queue that should get the job; undefined when there is no such dead letter, or its bytes are gone. */
  retryDeadLetter(id: string, who: Who): Promise<QueueName | undefined>;
  /** Ids of those that are tried again, with the queues that should get their jobs; the oldest first, at most `limit`. */
  retryDeadLetters(
    filter: DeadLetterFilter,
    who: Who & { readonly limit: number },
  ): Promise<ReadonlyMap<string, QueueName>>;
  redirectDeadLetter(id: string, who: Who & { readonly human: string }): Promise<DeadLetterOutcome>;
  discardDeadLetter(id: string, who: Who): Promise<DeadLetterOutcome>;
}

/** @param now  Milliseconds since 1970. */
export function bindDeadLetters(database: Database, now: () => number): DeadLetterStore {
  const at = () => new Date(now());
  return {
    markFailed: (id, failure) => markFailed(database, id, failure),
    deadLetters: (page) => deadLetters(database, page),
    countDeadLetters: () => countDeadLetters(database),
    deadLetter: (id) => deadLetter(database, id),
    deadLetterActions: (id) => readActions(database, id),
    retryDeadLetter: async (id, who) =>
      (await retryDeadLetters(database, [id], { ...who, at: at() })).values().next().value,
    retryDeadLetters: (filter, who) => retryMatching(database, filter, { ...who, at: at() }),
    redirectDeadLetter: (id, who) => redirectDeadLetter(database, id, { ...who, at: at() }),
    discardDeadLetter: (id, who) => discardDeadLetter(database, id, { ...who, at: at() }),
  };
}
