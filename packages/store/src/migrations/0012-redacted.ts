import type { Migration } from "./migration.ts";

/** When addresses were taken out of what is known of a message, its bytes being gone (`privacy.addresses.archive`). */
export const redacted: Migration = {
  id: 12,
  name: "redacted",
  sql: "ALTER TABLE message ADD COLUMN redacted_at timestamptz;",
};
