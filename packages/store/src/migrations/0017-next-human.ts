import type { Migration } from "./migration.ts";

/**
 * A message that comes back after its escalation was looked at goes on to the next human all the same, as notices do.
 *
 * `next_at` is when the next human would get it, and stays where `escalate_at` goes, because the mail was taken. NULL: nobody is
 * next, or an earlier release had looked at it.
 */
export const nextHuman: Migration = {
  id: 17,
  name: "next-human",
  sql: `
ALTER TABLE assignment ADD COLUMN next_at timestamptz;
UPDATE assignment SET next_at = escalate_at WHERE escalate_at IS NOT NULL;
`,
};
