/** How long the store keeps things, and what it removes on request, as its users see it. */
import { type ErasureOptions, type ErasureResult, erasePerson } from "../erasure/erase-person.ts";
import {
  dropSentDays,
  lastRetention,
  planRetention,
  type RetentionDays,
  type RetentionOptions,
  type RetentionOutcome,
  type RetentionParts,
  type RetentionResult,
  runRetention,
} from "./retention.ts";
import { keepTrimmed, type WholeMessage, wholeMessages } from "./trimmed-messages.ts";

export interface RetentionStore {
  /** Finished messages that are kept as they came, behind an id or since a point in time, oldest first. */
  wholeMessages(after: string | Date, limit: number): Promise<readonly WholeMessage[]>;
  /** Keeps this in the place of what came; undefined: there was nothing to leave out. */
  keepTrimmed(id: string, raw: Buffer | undefined): Promise<void>;
  /** What a run would do now; changes nothing. */
  planRetention(keep: RetentionDays): Promise<RetentionResult>;
  /** Drops what is over, and takes addresses out of what stays without its bytes; one run at a time in all processes. */
  runRetention(keep: RetentionDays, options?: RetentionOptions): Promise<RetentionOutcome>;
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
    runRetention: (keep, options) => runRetention(parts, keep, options),
    lastRetention: () => lastRetention(parts.database),
    wholeMessages: (after, limit) => wholeMessages(parts.database, after, limit),
    keepTrimmed: (id, raw) => keepTrimmed(parts.database, id, raw),
    erasePerson: (options) => erasePerson(parts, options),
    dropSentDays: (before) => dropSentDays(parts.partitions, before),
  };
}
