/**
 * Who is to be told by a notice or a digest, and whether they were: one row a human, like the assignments of messages.
 *
 * Addresses are not here: the deliveries of the notice say which of them took it, and in which words others did not.
 */
import type { QueueName } from "@triage/contracts";
import type { Database, Statement } from "../database.ts";
import type { NewAssignment } from "./assignments.ts";

/** Notices of incidents, and digests: what they have in common is told by the queue that brings them. */
export type MailQueue = Extract<QueueName, "notify" | "digest">;

/** One human's part of a notice. `failed`: refused for good, or given up. */
export interface NoticeAssignment {
  readonly human: string;
  readonly state: "pending" | "delivered" | "failed";
  /** The human who did not get it in time. */
  readonly assignedBy?: string;
}

/** What became of one attempt to tell one human. */
export interface NoticeAttempt {
  readonly human: string;
  /** `pending`: at least one address answered with something temporary. */
  readonly state: NoticeAssignment["state"];
  /** At least one address has it. */
  readonly reached: boolean;
  readonly at: Date;
}

/** Who waits for the next human longer than this beyond the time waits for nobody: the configuration has changed. */
const ABANDONED = "interval '1 hour'";

const WAITS_FOR_NEXT = (at: string) => `state = 'failed' AND escalate_at > ${at}::timestamptz - ${ABANDONED}`;

/** Whether somebody is to be told now, or nobody was thought of yet; false while it only waits for the next human's time. */
export function hasWork(noticeId: string, at: string): string {
  const some = (what: string) => `EXISTS (SELECT FROM notice_assignment WHERE notice_id = ${noticeId} AND ${what})`;
  return `(${some("state = 'pending'")} OR NOT ${some(WAITS_FOR_NEXT(at))})`;
}

/** Who has it needs nobody else. */
const RECORD: Statement = {
  name: "record-notice-attempt",
  text: `
UPDATE notice_assignment
   SET state = $3, state_at = $4, attempts = attempts + 1, reached = reached OR $5,
       escalate_at = CASE $3 WHEN 'delivered' THEN NULL ELSE escalate_at END
 WHERE notice_id = $1 AND human = $2 AND state = 'pending'`,
};

const ESCALATE: Statement = {
  name: "escalate-notices",
  text: `
WITH due AS (
  SELECT notice_id, human, queue FROM notice_assignment
   WHERE human = $1 AND escalate_at <= $3 ORDER BY escalate_at LIMIT $5 FOR UPDATE SKIP LOCKED
), looked AS (
  UPDATE notice_assignment a SET escalate_at = NULL, escalated_to = $2 FROM due
   WHERE a.notice_id = due.notice_id AND a.human = due.human
), next AS (
  INSERT INTO notice_assignment (notice_id, human, queue, state, state_at, assigned_by, escalate_at)
  SELECT notice_id, $2, queue, 'pending', $3, $1, $4 FROM due ON CONFLICT DO NOTHING
)
SELECT notice_id, queue FROM due`,
};

export async function readNoticeAssignments(database: Database, id: string): Promise<readonly NoticeAssignment[]> {
  const rows = await database.query(
    "SELECT human, state, assigned_by FROM notice_assignment WHERE notice_id = $1 ORDER BY human",
    [id],
  );
  return rows.map(({ human, state, assigned_by: assignedBy }) => ({
    human: String(human),
    state: state as NoticeAssignment["state"],
    ...(typeof assignedBy === "string" && { assignedBy }),
  }));
}

/** Who is there already stays as they are. */
export async function assignNotice(
  database: Database,
  notice: { readonly id: string; readonly queue: MailQueue },
  humans: readonly NewAssignment[],
  at: Date,
): Promise<void> {
  await database.query(
    `INSERT INTO notice_assignment (notice_id, human, queue, state, state_at, escalate_at)
     SELECT $1, h.human, $2, 'pending', $3, h.escalate_at
       FROM unnest($4::text[], $5::timestamptz[]) AS h (human, escalate_at)
         ON CONFLICT DO NOTHING`,
    [notice.id, notice.queue, at, humans.map(({ human }) => human), humans.map(({ escalateAt }) => escalateAt ?? null)],
  );
}

/** The configuration does not know these humans any more. */
export async function dropNoticeAssignments(database: Database, id: string, humans: readonly string[]): Promise<void> {
  await database.query(
    "DELETE FROM notice_assignment WHERE notice_id = $1 AND human = ANY($2::text[]) AND state = 'pending'",
    [id, humans],
  );
}

export async function recordNoticeAttempt(
  database: Database,
  id: string,
  { human, state, reached, at }: NoticeAttempt,
): Promise<void> {
  await database.run(RECORD, [id, human, state, at, reached]);
}

/** Of those who wait, and have been tried so often. Of several addresses of a human, one may have it: then the human has. */
export async function giveUpNoticeAssignments(
  database: Database,
  id: string,
  { minAttempts, at }: { readonly minAttempts: number; readonly at: Date },
): Promise<void> {
  await database.query(
    `UPDATE notice_assignment
        SET state = CASE WHEN reached THEN 'delivered' ELSE 'failed' END, state_at = $3,
            escalate_at = CASE WHEN reached THEN NULL ELSE escalate_at END
      WHERE notice_id = $1 AND state = 'pending' AND attempts >= $2`,
    [id, minAttempts, at],
  );
}

/** `pending`: somebody is still to be told, or waits for the next human's time. */
export async function noticeOutcome(
  database: Database,
  id: string,
  at: Date,
): Promise<"pending" | "delivered" | "failed"> {
  const [row] = await database.query(
    `SELECT coalesce(bool_or(state = 'pending' OR (${WAITS_FOR_NEXT("$2")})), false) AS open,
            coalesce(bool_or(state = 'delivered'), false) AS delivered
       FROM notice_assignment WHERE notice_id = $1`,
    [id, at],
  );
  if (row?.open === true) return "pending";
  return row?.delivered === true ? "delivered" : "failed";
}

export interface NoticeEscalation {
  readonly human: string;
  readonly to: string;
  /** Of the next human; undefined: nobody comes after them. */
  readonly nextAfterMs: number | undefined;
  readonly at: Date;
  readonly limit: number;
}

/**
 * The next human is told what the one before was not told in time. Nobody acknowledges a notice: that it was not delivered is
 * the only reason.
 *
 * @returns What the caller has to see delivered, of whichever queue.
 */
export async function escalateNotices(
  database: Database,
  { human, to, nextAfterMs, at, limit }: NoticeEscalation,
): Promise<readonly { readonly id: string; readonly queue: MailQueue }[]> {
  const next = nextAfterMs === undefined ? null : new Date(at.getTime() + nextAfterMs);
  const rows = await database.run(ESCALATE, [human, to, at, next, limit]);
  return rows.map((row) => ({ id: String(row.notice_id), queue: row.queue as MailQueue }));
}
