/** How long the store keeps things, and what it removes on request, as its users see it. */
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
}

export function bindRetention(parts: RetentionParts): RetentionStore {
  return {
    planRetention: (keep) => planRetention(parts, keep),
    runRetention: (keep) => runRetention(parts, keep),
    lastRetention: () => lastRetention(parts.database),
    dropSentDays: (before) => dropSentDays(parts.partitions, before),
  };
}
