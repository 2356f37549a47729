import type { Migration } from "./migration.ts";

/**
 * Digests: what was kept from people in a period, told once.
 *
 * The periods of the schedule follow each other: the database itself refuses two that overlap, whatever the workers do.
 * `facts` is what the mail says, kept until it is delivered; `totals` stay. A digest that somebody asked for is no period.
 *
 * Verdicts come in the order of time, so a BRIN index of a few kB finds those of a day.
 */
export const digests: Migration = {
  id: 9,
  name: "digests",
  sql: `
CREATE INDEX verdict_classified ON verdict USING brin (classified_at)
  WITH (pages_per_range = 32, autosummarize = on);

CREATE TABLE digest (
  id uuid PRIMARY KEY,
  since timestamptz NOT NULL,
  until timestamptz NOT NULL,
  at timestamptz NOT NULL,
  asked boolean NOT NULL,
  state text NOT NULL CHECK (state IN ('pending', 'delivered', 'failed', 'empty')),
  state_at timestamptz NOT NULL,
  totals json NOT NULL,
  facts json,
  CHECK (since < until),
  EXCLUDE USING gist (tstzrange(since, until) WITH &&) WHERE (NOT asked)
);
CREATE INDEX digest_pending ON digest (state_at) WHERE state = 'pending';

CREATE TABLE digest_delivery (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  digest_id uuid NOT NULL REFERENCES digest (id) ON DELETE CASCADE,
  outlet text NOT NULL,
  recipient text NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('delivered', 'error', 'failed')),
  detail text NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX digest_delivery_digest ON digest_delivery (digest_id);
`,
};
