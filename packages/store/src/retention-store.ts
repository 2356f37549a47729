/** How long the store keeps things, and what it removes on request, as its users see it. */
import { type ErasureOptions, type ErasureResult, erasePerson } from "./erase-person.ts";
import {
  dropSentDays,
  lastRetention,
  planRetention,
  type RetentionDays,
  type RetentionOutcome,
  type RetentionParts,
  type RetentionResult,
  runRetention,
} from "./retention.ts";

export interface RetentionStore {
  /** What a run would do now; changes nothing. */
  planRetention(keep: RetentionDays): Promise<RetentionResult>;
  /** Drops what is over; one run at a time in all processes. */
  runRetention(keep: RetentionDays): Promise<RetentionOutcome>;
  /** When the last run ended; undefined: there was none. */
  lastRetention(): Promise<Date | undefined>;
  /** Names of the dropped tables: days of the sent ledger that ended before this. */
  dropSentDays(before: Date): Promise<readonly string[]>;
  /** Removes what is kept of a person. `busy`: retention or another erasure is at work. */
  erasePerson(
    options: ErasureOptions,
  ): Promise<{ readonly kind: "done"; readonly result: ErasureResult } | { readonly kind: "busy" }>;
}

export function bindRetention(parts: RetentionParts & { readonly ledgerSecret: Buffer }): RetentionStore {
  return {
    planRetention: (keep) => planRetention(parts, keep),
    runRetention: (keep) => runRetention(parts, keep),
    lastRetention: () => lastRetention(parts.database),
    erasePerson: (options) => erasePerson(parts, options),
    dropSentDays: (before) => dropSentDays(parts.partitions, before),
  };
}
