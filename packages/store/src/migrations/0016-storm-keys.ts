import type { Migration } from "./migration.ts";

/**
 * By what a report was counted for storms, beside its verdict: hashes, as in `incident_key`. A digest finds by them what belongs
 * to a storm, also what came in before anybody could see it. NULL: nothing was counted, or it was judged by an earlier release.
 */
export const stormKeys: Migration = {
  id: 16,
  name: "storm-keys",
  sql: "ALTER TABLE verdict ADD COLUMN storm_keys uuid[];",
};
