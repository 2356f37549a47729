/**
 * What a person does with a dead letter: tries it again, gives it to another human, or puts it away. Who did what, and why, is
 * kept with the message.
 *
 * A message whose bytes retention has dropped cannot be tried again: it would be a dead letter for ever. It can be put away.
 */
import type { DeadLetterActionId, QueueName } from "@triage/contracts";
import type { Database, Row, Session, Statement } from "../database.ts";
import { toStorableText } from "../json-text.ts";
import type { DeadLetterAction } from "../messages/stored-message.ts";
import { isUuid } from "../uuid-v7.ts";
import { type DeadLetterFilter, filterParameters, MATCHES } from "./dead-letters.ts";

/** Who does it. */
export interface Actor {
  readonly by: string;
  readonly note?: string;
  readonly at: Date;
}

export type DeadLetterOutcome =
  /** `queue`: where its job belongs; undefined: it is put away. */
  | { readonly kind: "done"; readonly queue: QueueName | undefined }
  | { readonly kind: "unknown-dead-letter" | "raw-gone" | "not-classified" };

/**
 * A message whose classification was given up is classified anew: its stand-in verdict goes. Of the humans, those get it
 * who have not got it, or not at every address.
 */
const RETRY: Statement = {
  name: "retry-dead-letters",
  text: `
WITH letter AS (
  DELETE FROM dead_letter WHERE message_id = ANY($1::uuid[])
     AND EXISTS (SELECT FROM message_raw WHERE id = dead_letter.message_id) RETURNING message_id, stage, error
), kept AS (
  INSERT INTO dead_letter_action (message_id, action, stage, error, actor, note, at)
  SELECT message_id, 'retry', stage, error, $2, $3, $4 FROM letter
), forgotten AS (
  DELETE FROM verdict USING letter WHERE verdict.message_id = letter.message_id AND stage = 'classify'
), again AS (
  UPDATE message SET state = CASE stage WHEN 'classify' THEN 'received' ELSE 'classified' END, state_at = now()
    FROM letter WHERE id = message_id
), reopened AS (
  UPDATE assignment a SET state = 'pending', state_at = now(), attempts = 0, apart = false, refused = '{}', error = NULL
    FROM letter WHERE a.message_id = letter.message_id AND stage = 'deliver'
     AND (a.state = 'failed' OR (a.state = 'delivered' AND a.refused <> '{}'))
)
SELECT message_id, stage FROM letter`,
};

const FIND = `
SELECT message_id FROM dead_letter WHERE ${MATCHES} AND EXISTS (SELECT FROM message_raw WHERE id = message_id)
 ORDER BY at, message_id LIMIT $5`;

/** Sets messages back to before the stage that was given up. @returns Their ids with the queue that should get the job. */
export async function retryDeadLetters(
  database: Database,
  ids: readonly string[],
  { by, note, at }: Actor,
): Promise<ReadonlyMap<string, QueueName>> {
  const known = ids.filter(isUuid);
  if (known.length === 0) return new Map();
  const rows = await database.run(RETRY, [known, toStorableText(by), noteText(note), at]);
  return new Map(rows.map((row) => [String(row.message_id), row.stage as QueueName]));
}

/** The same for all that match, oldest first, at most `limit` of them. */
export async function retryMatching(
  database: Database,
  filter: DeadLetterFilter,
  { limit, ...actor }: Actor & { readonly limit: number },
): Promise<ReadonlyMap<string, QueueName>> {
  const rows = await database.query(FIND, [...filterParameters(filter), limit]);
  return retryDeadLetters(
    database,
    rows.map((row) => String(row.message_id)),
    actor,
  );
}

/** Another human gets it, instead of those who have not got it. @param human  Id of the configuration. */
export async function redirectDeadLetter(
  database: Database,
  id: string,
  { human, ...actor }: Actor & { readonly human: string },
): Promise<DeadLetterOutcome> {
  return settle(database, id, { ...actor, action: "redirect", human }, async (session, letter) => {
    if (!letter.hasRaw) return { kind: "raw-gone" };
    if (!letter.isClassified) return { kind: "not-classified" };
    await session.query(
      `INSERT INTO assignment (message_id, human, state, state_at, assigned_at) VALUES ($1, $2, 'pending', now(), $3)
         ON CONFLICT (message_id, human) DO UPDATE
        SET state = 'pending', state_at = now(), attempts = 0, put_off = false, apart = false, refused = '{}',
            error = NULL`,
      [id, human, actor.at],
    );
    // Put away or archived meanwhile: the message is on its way again. One that others have stays delivered.
    await session.query(
      "UPDATE message SET state = 'failed', state_at = now() WHERE id = $1 AND state NOT IN ('delivered', 'grouped')",
      [id],
    );
    return { kind: "done", queue: "deliver" };
  });
}

/** A person has seen it, and nobody needs to get it. The message stays in the archive, and can be released. */
export async function discardDeadLetter(database: Database, id: string, actor: Actor): Promise<DeadLetterOutcome> {
  return settle(database, id, { ...actor, action: "discard" }, async (session) => {
    await session.query("UPDATE message SET state = 'archived', state_at = now() WHERE id = $1 AND state = 'failed'", [
      id,
    ]);
    return { kind: "done", queue: undefined };
  });
}

interface Letter {
  readonly hasRaw: boolean;
  readonly isClassified: boolean;
}

/** Takes the dead letter away and remembers who did it, where `act` says that it is done. */
async function settle(
  database: Database,
  id: string,
  kept: Actor & { readonly action: DeadLetterActionId; readonly human?: string },
  act: (session: Session, letter: Letter) => Promise<DeadLetterOutcome>,
): Promise<DeadLetterOutcome> {
  if (!isUuid(id)) return { kind: "unknown-dead-letter" };
  return database.transaction(async (session) => {
    const [row] = await session.query(
      `SELECT d.stage, d.error, EXISTS (SELECT FROM message_raw WHERE id = $1) AS has_raw,
              EXISTS (SELECT FROM verdict WHERE message_id = $1) AS is_classified
         FROM dead_letter d WHERE d.message_id = $1 FOR UPDATE`,
      [id],
    );
    if (row === undefined) return { kind: "unknown-dead-letter" };
    const outcome = await act(session, { hasRaw: row.has_raw === true, isClassified: row.is_classified === true });
    if (outcome.kind === "done") await takeAway(session, id, row, kept);
    return outcome;
  });
}

/** Those who have not got it are no longer to get it: else the next one who gets it would bring the dead letter back. */
async function takeAway(
  session: Session,
  id: string,
  { stage, error }: Row,
  { action, human, by, note, at }: Actor & { readonly action: DeadLetterActionId; readonly human?: string },
): Promise<void> {
  await session.query(
    `INSERT INTO dead_letter_action (message_id, action, stage, error, human, actor, note, at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [id, action, stage, error, human ?? null, toStorableText(by), noteText(note), at],
  );
  await session.query("DELETE FROM dead_letter WHERE message_id = $1", [id]);
  await session.query("DELETE FROM assignment WHERE message_id = $1 AND state = 'failed'", [id]);
  await session.query(
    "UPDATE assignment SET refused = '{}', error = NULL WHERE message_id = $1 AND state = 'delivered'",
    [id],
  );
}

/** What people did with the dead letters of a message, in order. */
export async function readActions(database: Database, id: string): Promise<readonly DeadLetterAction[]> {
  const rows = await database.query(
    "SELECT action, stage, error, human, actor, note, at FROM dead_letter_action WHERE message_id = $1 ORDER BY id",
    [id],
  );
  return rows.map((row) => ({
    action: row.action as DeadLetterActionId,
    stage: row.stage as DeadLetterAction["stage"],
    error: String(row.error),
    by: String(row.actor),
    at: row.at as Date,
    ...(typeof row.human === "string" && { human: row.human }),
    ...(typeof row.note === "string" && { note: row.note }),
  }));
}

function noteText(note: string | undefined): string | null {
  return note === undefined ? null : toStorableText(note);
}
