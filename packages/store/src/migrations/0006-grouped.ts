import type { Migration } from "./migration.ts";

/** A message that a human was told of by a notice about many of its kind is `grouped`. */
export const grouped: Migration = {
  id: 6,
  name: "grouped",
  sql: `
ALTER TABLE message DROP CONSTRAINT message_state_check;
ALTER TABLE message ADD CONSTRAINT message_state_check
  CHECK (state IN ('received', 'classified', 'delivered', 'grouped', 'archived', 'failed'));
`,
};
