import type { Migration } from "./migration.ts";

/** Who looks every half minute for incidents of which nobody could be told finds them without reading all that are over. */
export const failedNotices: Migration = {
  id: 18,
  name: "failed-notices",
  sql: "CREATE INDEX incident_notice_failed ON incident_notice (state_at) WHERE state = 'failed';",
};
