import type { Migration } from "./migration.ts";

/**
 * What people said that messages are, and what was learned from it.
 *
 * `correction.features` is what training learns from; it is there as long as the correction, while the raw bytes are
 * not. `verdict.uncorrected` is the machine's own classification, kept when a person's takes its place.
 *
 * `learning_state` is one row: which version is live, whether a rollback holds it, and how much there is to learn:
 * every change that training should see raises `wanted`, and a training that ended sets `trained` to what it began with.
 */
export const corrections: Migration = {
  id: 5,
  name: "corrections",
  sql: `
CREATE TABLE correction (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  message_id uuid NOT NULL REFERENCES message (id),
  verdict text NOT NULL,
  former_verdict text NOT NULL,
  corrector text NOT NULL,
  api_key text NOT NULL,
  note text,
  at timestamptz NOT NULL,
  learning text NOT NULL CHECK (learning IN ('pending', 'kept', 'impossible', 'forgotten')),
  features json
);
CREATE INDEX correction_message ON correction (message_id, corrector, id);
CREATE INDEX correction_pending ON correction (id) WHERE learning = 'pending';
CREATE INDEX correction_kept ON correction (at) WHERE learning = 'kept';

ALTER TABLE verdict ADD COLUMN corrected_at timestamptz, ADD COLUMN uncorrected json;

CREATE TABLE model_version (
  version integer PRIMARY KEY,
  made_at timestamptz NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('activated', 'refused', 'held')),
  why text NOT NULL,
  corrections integer NOT NULL,
  comparison json NOT NULL,
  data json NOT NULL
);

CREATE TABLE learning_state (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  active_version integer NOT NULL DEFAULT 0,
  last_version integer NOT NULL DEFAULT 0,
  held boolean NOT NULL DEFAULT false,
  wanted bigint NOT NULL DEFAULT 0,
  trained bigint NOT NULL DEFAULT 0,
  trained_at timestamptz,
  outcome text,
  why text
);
INSERT INTO learning_state DEFAULT VALUES;
`,
};
