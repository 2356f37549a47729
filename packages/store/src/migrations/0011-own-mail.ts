import type { Migration } from "./migration.ts";

/**
 * Our own mail that came back, and what people did with dead letters.
 *
 * `own_bounce` has one row for each report and address: whoever reads a report twice counts it once. `about` is the message or
 * incident that the bounced mail was about; it may be gone.
 */
export const ownMail: Migration = {
  id: 11,
  name: "own-mail",
  sql: `
CREATE TABLE own_bounce (
  report_id uuid NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  address text NOT NULL,
  reason text NOT NULL,
  about uuid NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (report_id, address)
);
CREATE INDEX own_bounce_cause ON own_bounce (address, reason, at);

CREATE TABLE dead_letter_action (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  message_id uuid NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  action text NOT NULL CHECK (action IN ('retry', 'redirect', 'discard')),
  stage text NOT NULL,
  error text NOT NULL,
  human text,
  actor text NOT NULL,
  note text,
  at timestamptz NOT NULL
);
CREATE INDEX dead_letter_action_message ON dead_letter_action (message_id);
`,
};
