import type { Migration } from "./migration.ts";

/**
 * Messages and what became of them.
 *
 * `message_raw` holds the bytes, partitioned by day through the time in the UUIDv7, so that retention drops tables
 * instead of deleting rows. Its `toast_tuple_target` (set on each partition) keeps mail up to 8 kB in the row: a
 * usual bounce is then one heap insert instead of four, 1.3 times as many messages a second; larger mail is
 * compressed and moved out.
 *
 * `known_content` and `known_key` find repeats. A key points to content, not to a message, so that neither can point
 * to a message that was never stored.
 *
 * `message` and `verdict` are updated once or twice after the insert: their fill factor leaves room on the page.
 */
export const messages: Migration = {
  id: 1,
  name: "messages",
  sql: `
CREATE TABLE message (
  id uuid PRIMARY KEY,
  state text NOT NULL CHECK (state IN ('received', 'classified', 'delivered', 'archived', 'failed')),
  state_at timestamptz NOT NULL DEFAULT now(),
  received_at timestamptz NOT NULL,
  source text NOT NULL,
  size_bytes integer NOT NULL,
  envelope json NOT NULL,
  envelope_known boolean NOT NULL
) WITH (fillfactor = 85);
CREATE INDEX message_unfinished ON message (state, state_at) WHERE state IN ('received', 'classified');

CREATE TABLE message_raw (
  id uuid PRIMARY KEY,
  raw bytea NOT NULL
) PARTITION BY RANGE (id);

CREATE TABLE known_content (
  digest bytea PRIMARY KEY,
  message_id uuid NOT NULL
);
CREATE TABLE known_key (
  digest bytea PRIMARY KEY,
  content_digest bytea NOT NULL,
  message_id uuid NOT NULL
);

CREATE TABLE verdict (
  message_id uuid PRIMARY KEY REFERENCES message (id),
  verdict text NOT NULL,
  route text NOT NULL,
  score double precision NOT NULL,
  kind text NOT NULL,
  fingerprint text,
  classification json NOT NULL,
  classified_at timestamptz NOT NULL DEFAULT now(),
  released_at timestamptz
) WITH (fillfactor = 95);

CREATE TABLE delivery (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  message_id uuid NOT NULL REFERENCES message (id),
  outlet text NOT NULL,
  recipient text NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('delivered', 'error', 'failed')),
  detail text NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX delivery_message ON delivery (message_id);

CREATE TABLE dead_letter (
  message_id uuid PRIMARY KEY REFERENCES message (id),
  stage text NOT NULL CHECK (stage IN ('classify', 'deliver')),
  error text NOT NULL,
  at timestamptz NOT NULL
);
CREATE INDEX dead_letter_at ON dead_letter (at);
`,
};
