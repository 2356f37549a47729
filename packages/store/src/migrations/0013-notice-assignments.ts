import type { Migration } from "./migration.ts";

/**
 * Who is to be told by a notice or a digest, and whether they were: one row a human, as for messages.
 *
 * `notice_id` is of `incident_notice` or of `digest`, `queue` says of which. `reached`: at least one address of the human
 * has it. Addresses themselves are in the deliveries alone.
 */
export const noticeAssignments: Migration = {
  id: 13,
  name: "notice-assignments",
  sql: `
CREATE TABLE notice_assignment (
  notice_id uuid NOT NULL,
  human text NOT NULL,
  queue text NOT NULL CHECK (queue IN ('notify', 'digest')),
  state text NOT NULL CHECK (state IN ('pending', 'delivered', 'failed')),
  state_at timestamptz NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  reached boolean NOT NULL DEFAULT false,
  assigned_by text,
  escalate_at timestamptz,
  escalated_to text,
  PRIMARY KEY (notice_id, human)
);
CREATE INDEX notice_assignment_escalation ON notice_assignment (human, escalate_at) WHERE escalate_at IS NOT NULL;
`,
};
