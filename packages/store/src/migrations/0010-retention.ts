import type { Migration } from "./migration.ts";

/**
 * How long things are kept, and what was erased on request.
 *
 * `known_content` and `known_key` are asked by day when a day is dropped: their rows come in the order of time, so a
 * BRIN index of a few kB finds them. What people took out of the archive or corrected is found by when they did.
 *
 * `retention_run` is one row: when the last run ended. `erasure` says that a person's data were removed, without saying
 * whose: `address_key` is a keyed hash. `scanned_to` is how far a run that was cut short had come.
 */
export const retention: Migration = {
  id: 10,
  name: "retention",
  sql: `
CREATE INDEX known_content_message ON known_content USING brin (message_id) WITH (autosummarize = on);
CREATE INDEX known_key_message ON known_key USING brin (message_id) WITH (autosummarize = on);
CREATE INDEX verdict_released ON verdict (released_at) WHERE released_at IS NOT NULL;
CREATE INDEX verdict_corrected ON verdict (corrected_at) WHERE corrected_at IS NOT NULL;

CREATE TABLE retention_run (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  ended_at timestamptz NOT NULL
);

CREATE TABLE erasure (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  address_key bytea NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at timestamptz,
  scanned_to uuid,
  counts json NOT NULL
);
CREATE INDEX erasure_address ON erasure (address_key, id);

ALTER TABLE message ADD COLUMN erased_at timestamptz, ADD COLUMN trimmed_at timestamptz;
`,
};
