import type { Migration } from "./migration.ts";

/**
 * Storms, incidents and what the human was told of them.
 *
 * `storm_sketch` holds one row a key and hour, with all distinct counts of that key as HyperLogLog registers (see
 * @triage/provenance, storm-sketch.ts). `key` is 128 bits of HMAC-SHA256 kept as uuid, `hour` counts from 1970. Rows are
 * changed in place and deleted after some hours: the fill factor leaves room on the page.
 *
 * `incident` is general: other kinds than storms have other `facts`, and need no sketch. An incident has each step of
 * `incident_notice` once: whoever inserts the row tells the human.
 */
export const storms: Migration = {
  id: 4,
  name: "storms",
  sql: `
CREATE TABLE storm_sketch (
  key uuid NOT NULL,
  hour integer NOT NULL,
  kind text NOT NULL,
  sketch bytea NOT NULL,
  PRIMARY KEY (key, hour)
) WITH (fillfactor = 70);
CREATE INDEX storm_sketch_hour ON storm_sketch (hour, kind);

CREATE TABLE incident (
  id uuid PRIMARY KEY,
  kind text NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'closed')),
  first_seen timestamptz NOT NULL,
  last_seen timestamptz NOT NULL,
  closed_at timestamptz,
  messages integer NOT NULL,
  facts json NOT NULL,
  sketch bytea
) WITH (fillfactor = 70);
CREATE INDEX incident_open ON incident (kind, last_seen) WHERE state = 'open';

CREATE TABLE incident_key (
  key uuid NOT NULL,
  incident_id uuid NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
  PRIMARY KEY (key, incident_id)
);

CREATE TABLE incident_notice (
  id uuid PRIMARY KEY,
  incident_id uuid NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
  step text NOT NULL,
  facts json NOT NULL,
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'failed')),
  state_at timestamptz NOT NULL,
  at timestamptz NOT NULL,
  UNIQUE (incident_id, step)
);
CREATE INDEX incident_notice_pending ON incident_notice (state_at) WHERE state = 'pending';

CREATE TABLE notice_delivery (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  notice_id uuid NOT NULL REFERENCES incident_notice (id) ON DELETE CASCADE,
  outlet text NOT NULL,
  recipient text NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('delivered', 'error', 'failed')),
  detail text NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX notice_delivery_notice ON notice_delivery (notice_id);
`,
};
