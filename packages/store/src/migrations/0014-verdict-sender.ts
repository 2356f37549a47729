import type { Migration } from "./migration.ts";

/**
 * Who sent a message, or reports in it, beside its verdict: a digest counts senders without looking into the classification
 * of each, several kilobytes of JSON. Empty: there is none. NULL: judged by an earlier release, whose JSON is asked.
 */
export const verdictSender: Migration = {
  id: 14,
  name: "verdict-sender",
  sql: "ALTER TABLE verdict ADD COLUMN sender text;",
};
