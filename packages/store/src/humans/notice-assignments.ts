/**
 * Who is to be told by a notice or a digest, and whether they were: one row a human, like the assignments of messages.
 *
 * Addresses are not here: the deliveries of the notice say which of them took it, and in which words others did not.
 */
import { type DeliveryPart, formatPart, type QueueName } from "@triage/contracts";
import type { Database, Session, Statement } from "../database.ts";
import type { NewAssignment } from "./assignments.ts";

/** Notices of incidents, and digests: what they have in common is told by the queue that brings them. */
export type MailQueue = Extract<QueueName, "notify" | "digest">;

/** One human's part of a notice. `failed`: refused for good, or given up. */
export interface NoticeAssignment {
  readonly human: string;
  readonly state: "pending" | "delivered" | "failed";
  /** The human who did not get it in time. */
  readonly assignedBy?: string;
  /** Brought by a job of its own: this human is told after somebody else, or had to wait for room. */
  readonly isApart: boolean;
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

/**
 * Who waits for the next human longer than this beyond the time waits for nobody: the configuration has changed. Not less, or who
 * starts the service after a night in which it was down would close what is due before anybody looks.
 */
const ABANDONED = "interval '1 day'";

const WAITS_FOR_NEXT = (at: string) => `state = 'failed' AND escalate_at > ${at}::timestamptz - ${ABANDONED}`;

const IS_OPEN = (at: string) => `(state = 'pending' OR (${WAITS_FOR_NEXT(at)}))`;

/** Whether somebody is to be told now by the job of all, or that has to see that nobody is; false while it only waits for a next human. */
export function hasWork(noticeId: string, at: string): string {
  const some = (what: string) => `coalesce(bool_or(${what}), false)`;
  // One look-up for each notice: with EXISTS the whole table is read as soon as a few hundred notices wait.
  return `(SELECT ${some("state = 'pending' AND NOT apart")} OR NOT ${some(IS_OPEN(at))}
             FROM notice_assignment WHERE notice_id = ${noticeId})`;
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
  INSERT INTO notice_assignment (notice_id, human, queue, state, state_at, assigned_by, escalate_at, next_at, apart)
  SELECT notice_id, $2, queue, 'pending', $3, $1, $4, $4, true FROM due ON CONFLICT DO NOTHING
)
SELECT notice_id, queue FROM due`,
};

export async function readNoticeAssignments(database: Database, id: string): Promise<readonly NoticeAssignment[]> {
  const rows = await database.query(
    "SELECT human, state, assigned_by, apart FROM notice_assignment WHERE notice_id = $1 ORDER BY human",
    [id],
  );
  return rows.map(({ human, state, assigned_by: assignedBy, apart }) => ({
    human: String(human),
    state: state as NoticeAssignment["state"],
    ...(typeof assignedBy === "string" && { assignedBy }),
    isApart: apart === true,
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
    `INSERT INTO notice_assignment (notice_id, human, queue, state, state_at, escalate_at, next_at)
     SELECT $1, h.human, $2, 'pending', $3, h.escalate_at, h.escalate_at
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

/** There was no room at the outlet: from now on by a job of its own, since that of the others may hang elsewhere. */
export async function putOffNotice(database: Database, id: string, human: string): Promise<void> {
  await database.query(
    "UPDATE notice_assignment SET apart = true WHERE notice_id = $1 AND human = $2 AND state = 'pending' AND NOT apart",
    [id, human],
  );
}

export async function recordNoticeAttempt(
  database: Database,
  id: string,
  { human, state, reached, at }: NoticeAttempt,
): Promise<void> {
  await database.run(RECORD, [id, human, state, at, reached]);
}

/** Of those of a job who wait, and have been tried so often. Of several addresses of a human, one may have it: then the human has. */
export async function giveUpNoticeAssignments(
  database: Database,
  { id, human }: DeliveryPart,
  { minAttempts, at }: { readonly minAttempts: number; readonly at: Date },
): Promise<void> {
  await database.query(
    `UPDATE notice_assignment
        SET state = CASE WHEN reached THEN 'delivered' ELSE 'failed' END, state_at = $3,
            escalate_at = CASE WHEN reached THEN NULL ELSE escalate_at END
      WHERE notice_id = $1 AND state = 'pending' AND attempts >= $2
        AND CASE WHEN apart THEN human = $4 ELSE $4::text IS NULL END`,
    [id, minAttempts, at, human ?? null],
  );
}

/** `pending`: somebody is still to be told, or waits for the next human's time. */
export async function noticeOutcome(
  database: Pick<Session, "query">,
  id: string,
  at: Date,
): Promise<"pending" | "delivered" | "failed" | "nobody"> {
  const [row] = await database.query(
    `SELECT count(*) AS humans, bool_or(${IS_OPEN("$2")}) AS open, bool_or(state = 'delivered') AS delivered
       FROM notice_assignment WHERE notice_id = $1`,
    [id, at],
  );
  if (Number(row?.humans) === 0) return "nobody";
  if (row?.open === true) return "pending";
  return row?.delivered === true ? "delivered" : "failed";
}

/** Jobs of those who are told after somebody else, and have waited since before `olderThan`. */
export async function staleParts(database: Database, queue: MailQueue, olderThan: Date): Promise<readonly string[]> {
  const rows = await database.query(
    `SELECT a.notice_id, a.human FROM notice_assignment a
      WHERE a.queue = $1 AND a.apart AND a.state = 'pending' AND a.state_at < $2
        AND EXISTS (SELECT FROM ${queue === "notify" ? "incident_notice" : "digest"} n WHERE n.id = a.notice_id AND n.state = 'pending')
      ORDER BY a.state_at`,
    [queue, olderThan],
  );
  return rows.map((row) => formatPart({ id: String(row.notice_id), human: String(row.human) }));
}

export interface NoticeBounce {
  readonly id: string;
  readonly human: string;
  readonly at: Date;
  /** False: what it said is forgotten, and cannot be told to anybody else. */
  readonly escalates: boolean;
}

/**
 * What a human was told came back: they were not told, unless another address of theirs has it. The next human is told in time,
 * or now, where that time is over.
 *
 * @param deliveries  Table and column of the notice's or digest's answers.
 */
export async function bounceNotice(
  session: Session,
  { id, human, at, escalates }: NoticeBounce,
  deliveries: { readonly table: string; readonly column: string },
): Promise<void> {
  await session.query(
    `WITH last AS (
       SELECT DISTINCT ON (outlet, recipient) outcome FROM ${deliveries.table}
        WHERE ${deliveries.column} = $1 AND human = $2 ORDER BY outlet, recipient, id DESC
     ), has AS (
       SELECT EXISTS (SELECT FROM last WHERE outcome = 'delivered') AS it, EXISTS (SELECT FROM last WHERE outcome = 'error') AS hope
     )
     UPDATE notice_assignment SET reached = false, state_at = $3,
            state = CASE WHEN state = 'pending' AND has.hope THEN state ELSE 'failed' END,
            escalate_at = CASE WHEN $4 AND escalated_to IS NULL AND next_at IS NOT NULL THEN greatest(next_at, $3) END
       FROM has WHERE notice_id = $1 AND human = $2 AND state IN ('pending', 'delivered') AND NOT has.it`,
    [id, human, at, escalates],
  );
}

/** SQL: it may still come back from somebody after whom there is a next human, who would have to read it. */
export const MAY_ESCALATE = (id: string) => `EXISTS (
  SELECT FROM notice_assignment WHERE notice_id = ${id} AND state = 'delivered' AND next_at IS NOT NULL AND escalated_to IS NULL)`;

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
