/**
 * Who is to get a message, and whether they have it: one row a message and human.
 *
 * A message advances when the last of its humans is settled (docs/decisions/0014 has the table). Somebody who puts a message
 * back to `classified` (a release, a retry, a correction) has it assigned anew, and who has it keeps what they have.
 */
import { type AssignmentState, type DeliveryPart, formatPart } from "@triage/contracts";
import type { Database, Row, Session, Statement } from "../database.ts";
import { toStorableText } from "../json-text.ts";
import type { Assignment } from "../messages/stored-message.ts";
import { isUuid } from "../uuid-v7.ts";
import { MAX_ERROR_CHARS } from "./record-attempts.ts";

export interface NewAssignment {
  readonly human: string;
  /** When the next human gets it too, unless something happens before; undefined: nobody is next. */
  readonly escalateAt: Date | undefined;
}

const ASSIGN: Statement = {
  name: "assign",
  text: `
INSERT INTO assignment (message_id, human, state, state_at, assigned_at, escalate_at, next_at)
SELECT m.id, h.human, 'pending', h.at, h.at, h.escalate_at, h.escalate_at
  FROM message m, unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::timestamptz[]) AS h (id, human, at, escalate_at)
 WHERE m.id = h.id AND m.state = 'classified'
 ORDER BY m.id, h.human
    ON CONFLICT (message_id, human) DO UPDATE
   SET state = 'pending', state_at = excluded.state_at, attempts = 0, put_off = false, apart = false, refused = '{}', error = NULL,
       notice_id = NULL, escalate_at = excluded.escalate_at, next_at = excluded.next_at
 WHERE assignment.state IN ('grouped', 'failed')
RETURNING message_id, human`,
};

/** Of several addresses of a human, one may have it: then the human has, and the others are missing. */
const GIVE_UP: Statement = {
  name: "give-up-assignments",
  text: `
UPDATE assignment a
   SET state = CASE WHEN EXISTS (SELECT FROM delivery d WHERE d.message_id = $1 AND d.human = a.human
                                    AND d.outcome = 'delivered') THEN 'delivered' ELSE 'failed' END,
       state_at = $4, error = coalesce(error, $2), reported = false,
       refused = refused || ARRAY(
         SELECT d.recipient FROM delivery d WHERE d.message_id = $1 AND d.human = a.human
          GROUP BY d.recipient HAVING bool_and(d.outcome = 'error'))
 WHERE message_id = $1 AND state = 'pending' AND attempts >= $3 AND CASE WHEN apart THEN human = $5 ELSE $5::text IS NULL END`,
};

/**
 * A dead letter is written for what no dead letter has named yet: a person who gave the message to somebody else, or put it
 * away, has settled the others.
 *
 * Two workers may settle one message at a time: each has written its part before, so that the later one sees both, and
 * whoever still sees something open changes nothing.
 */
const SETTLE: Statement = {
  name: "settle-messages",
  text: `
WITH locked AS (
  SELECT id, state FROM message WHERE id = ANY($1::uuid[]) AND state <> 'received' ORDER BY id FOR UPDATE
), settled AS (
  SELECT l.id,
         bool_or(a.state IN ('pending', 'held')) AS open,
         CASE WHEN bool_or(a.state = 'delivered') THEN 'delivered'
              WHEN bool_or(a.state = 'grouped') THEN 'grouped' ELSE 'failed' END AS state,
         left(string_agg(a.human || ': ' || coalesce(a.error, 'no reason known'), '; ' ORDER BY a.human)
                FILTER (WHERE a.state = 'failed' OR (a.state = 'delivered' AND a.refused <> '{}')), 4000) AS missing,
         bool_or((a.state = 'failed' OR (a.state = 'delivered' AND a.refused <> '{}')) AND NOT a.reported) AS news
    FROM locked l JOIN assignment a ON a.message_id = l.id
   WHERE l.state <> 'archived' OR a.state = 'delivered'
   GROUP BY l.id
), letter AS (
  INSERT INTO dead_letter (message_id, stage, error, at)
  SELECT id, 'deliver', missing, $2 FROM settled WHERE news
      ON CONFLICT (message_id) DO UPDATE SET error = excluded.error
   WHERE dead_letter.stage = 'deliver'
), reported AS (
  UPDATE assignment a SET reported = true FROM settled s WHERE a.message_id = s.id AND s.news
)
UPDATE message m SET state = s.state, state_at = now()
  FROM settled s
 WHERE m.id = s.id AND NOT s.open AND m.state <> 'delivered' AND m.state <> s.state
RETURNING m.id, m.state, s.missing`,
};

/** Each part that waits looks its message up: a join would read all messages as soon as a few thousand parts wait. */
const STALE: Statement = {
  name: "stale-deliveries",
  text: `
(SELECT m.id, NULL AS human FROM message m
  WHERE m.state = 'classified' AND m.state_at < $1
    AND NOT EXISTS (SELECT FROM assignment a WHERE a.message_id = m.id AND a.state IN ('pending', 'held'))
  ORDER BY m.state_at LIMIT $2)
UNION
(SELECT a.message_id, CASE WHEN a.apart THEN a.human END FROM assignment a
  WHERE a.state = 'pending' AND a.state_at < $1
    AND (SELECT state FROM message WHERE id = a.message_id) NOT IN ('received', 'archived')
  ORDER BY a.state_at LIMIT $2)`,
};

/** Who is to get one message. */
export interface MessageAssignment {
  readonly id: string;
  readonly humans: readonly NewAssignment[];
  readonly at: Date;
}

/** @returns For each message those who are to get it now; nobody when it is not `classified` any more. */
export async function assignMessages(
  database: Database,
  batch: readonly MessageAssignment[],
): Promise<readonly (readonly string[])[]> {
  const parts = batch.flatMap(({ id, humans, at }) => humans.map((one) => ({ ...one, id, at })));
  const rows = await database.run(ASSIGN, [
    parts.map(({ id }) => id),
    parts.map(({ human }) => human),
    parts.map(({ at }) => at),
    parts.map(({ escalateAt }) => escalateAt ?? null),
  ]);
  return batch.map(({ id }) =>
    rows.filter((row) => row.message_id === id.toLowerCase()).map(({ human }) => String(human)),
  );
}

/** Those of a job who wait and have been tried so often; who came later, or waits for room at an outlet, goes on waiting. */
export async function giveUpAssignments(
  database: Database,
  { id, human }: DeliveryPart,
  given: { readonly error: string; readonly minAttempts: number; readonly at: Date },
): Promise<void> {
  const error = toStorableText(given.error).slice(0, MAX_ERROR_CHARS);
  await database.run(GIVE_UP, [id, error, given.minAttempts, given.at, human ?? null]);
}

export interface SettledMessage {
  readonly id: string;
  readonly state: "delivered" | "grouped" | "failed";
  /** Who has not got it, and why: what the dead letter says; undefined: everybody has. */
  readonly missing: string | undefined;
}

/** Moves on the messages of which nobody waits any more. @returns Those that have moved. */
export async function settleMessages(
  database: Database,
  ids: readonly string[],
  at: Date,
): Promise<readonly SettledMessage[]> {
  return (await database.run(SETTLE, [ids, at])).map(toSettled);
}

/** The same as a part of a transaction. */
export async function settleWithin(session: Session, ids: readonly string[], at: Date): Promise<void> {
  await session.query(SETTLE.text, [ids, at]);
}

function toSettled(row: Row): SettledMessage {
  return {
    id: String(row.id),
    state: row.state as SettledMessage["state"],
    missing: (row.missing ?? undefined) as string | undefined,
  };
}

/** The configuration does not know these humans any more. */
export async function dropAssignments(database: Database, id: string, humans: readonly string[]): Promise<void> {
  await database.query(
    "DELETE FROM assignment WHERE message_id = $1 AND human = ANY($2::text[]) AND state IN ('pending', 'held')",
    [id, humans],
  );
}

/** Jobs of what should be on its way to somebody and has not advanced since before `olderThan`. */
export async function staleDeliveries(database: Database, olderThan: Date, limit: number): Promise<readonly string[]> {
  const rows = await database.run(STALE, [olderThan, limit]);
  return rows.map(toJob);
}

/** SQL, over the row a of `assignment`: what toJob makes a job of. */
export const JOB = "a.message_id AS id, CASE WHEN a.apart THEN a.human END AS human";

/** The job that brings it: of a row with `id`, and `human` where that one's part is a job of its own. */
export function toJob({ id, human }: Row): string {
  return formatPart({ id: String(id), human: typeof human === "string" ? human : undefined });
}

/** From a row of the table, or from the same as JSON. */
export function toAssignment(row: Row): Assignment {
  const { assigned_by: assignedBy, escalated_to: escalatedTo, error } = row;
  return {
    human: String(row.human),
    state: row.state as AssignmentState,
    at: new Date(row.state_at as string),
    assignedAt: new Date(row.assigned_at as string),
    refused: row.refused as readonly string[],
    isPutOff: row.put_off === true,
    isApart: row.apart === true,
    isAlone: row.state === "pending" && typeof row.notice_id === "string",
    ...(typeof assignedBy === "string" && { assignedBy }),
    ...(typeof escalatedTo === "string" && { escalatedTo }),
    ...(typeof error === "string" && { error }),
  };
}

/** The first one stays. @returns False: there is no such message. */
export async function acknowledgeMessage(database: Database, id: string, by: string, at: Date): Promise<boolean> {
  if (!isUuid(id)) return false;
  const [row] = await database.query(
    `WITH known AS (SELECT id FROM message WHERE id = $1), kept AS (
       INSERT INTO acknowledgement (message_id, by, at) SELECT id, $2, $3 FROM known ON CONFLICT DO NOTHING
     ) SELECT EXISTS (SELECT FROM known) AS known`,
    [id, toStorableText(by), at],
  );
  return row?.known === true;
}
