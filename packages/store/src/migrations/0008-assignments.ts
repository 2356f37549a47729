import type { Migration } from "./migration.ts";

/**
 * Who is to get a message and whether they have it, one row a message and human; who has seen to it; and how much each
 * human gets in an hour.
 *
 * `assignment.refused` are addresses that are not tried any more, `reported` says that a dead letter has named them; `put_off`
 * waits for room at its outlet; `notice_id` is the summary that lists a message which waited. `escalate_at` is when the next human gets it too, unless something happens before.
 *
 * `allowance.taken` are the times of the mails of the last hour: one row a human and lane is what makes the limit exact.
 */
export const assignments: Migration = {
  id: 8,
  name: "assignments",
  sql: `
CREATE TABLE assignment (
  message_id uuid NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  human text NOT NULL,
  state text NOT NULL CHECK (state IN ('pending', 'held', 'grouped', 'delivered', 'failed')),
  state_at timestamptz NOT NULL,
  assigned_at timestamptz NOT NULL,
  assigned_by text,
  attempts integer NOT NULL DEFAULT 0,
  put_off boolean NOT NULL DEFAULT false,
  refused text[] NOT NULL DEFAULT '{}',
  error text,
  reported boolean NOT NULL DEFAULT false,
  lane text,
  notice_id uuid,
  escalate_at timestamptz,
  escalated_to text,
  PRIMARY KEY (message_id, human)
) WITH (fillfactor = 80);
CREATE INDEX assignment_open ON assignment (human, state, state_at) WHERE state IN ('pending', 'held');
CREATE INDEX assignment_escalation ON assignment (human, escalate_at) WHERE escalate_at IS NOT NULL;
CREATE INDEX assignment_notice ON assignment (notice_id) WHERE notice_id IS NOT NULL;

CREATE TABLE allowance (
  human text NOT NULL,
  lane text NOT NULL,
  taken timestamptz[] NOT NULL,
  PRIMARY KEY (human, lane)
) WITH (fillfactor = 50);

CREATE TABLE acknowledgement (
  message_id uuid PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
  by text NOT NULL,
  at timestamptz NOT NULL
);

ALTER TABLE delivery ADD COLUMN human text;
`,
};
