/**
 * Messages that a stage gave up on. The message itself stays where it is; the dead letter says that a person should
 * look, and trying again removes it.
 */
import type { DeadLetterStage, QueueName } from "@triage/contracts";
import type { Database, Statement } from "./database.ts";
import { toStorableText } from "./json-text.ts";
import type { DeadLetter } from "./stored-message.ts";
import { isUuid } from "./uuid-v7.ts";

/** LIMIT: characters of an error text that are kept. */
const MAX_ERROR_CHARS = 4_000;

const MARK_FAILED: Statement = {
  name: "mark-failed",
  text: `
WITH letter AS (
  INSERT INTO dead_letter (message_id, stage, error, at)
  SELECT id, $2, $3, $4 FROM message WHERE id = $1 AND NOT ($2 = 'deliver' AND state = 'delivered')
  ON CONFLICT (message_id) DO UPDATE SET stage = excluded.stage, error = excluded.error, at = excluded.at
  RETURNING message_id, stage
)
UPDATE message SET state = 'failed', state_at = now()
  FROM letter WHERE id = message_id AND stage = 'deliver'`,
};

const LIST: Statement = {
  name: "dead-letters",
  text: `
SELECT message_id, stage, error, at FROM dead_letter WHERE $1::timestamptz IS NULL OR at < $1
 ORDER BY at DESC, message_id DESC LIMIT $2`,
};

const COUNT: Statement = { name: "count-dead-letters", text: "SELECT count(*) AS total FROM dead_letter" };

/**
 * A message whose classification was given up is classified anew: its stand-in verdict goes. Of the humans, those get it
 * who have not got it, or not at every address.
 */
const RETRY: Statement = {
  name: "retry-dead-letter",
  text: `
WITH letter AS (
  DELETE FROM dead_letter WHERE message_id = $1 RETURNING message_id, stage
), forgotten AS (
  DELETE FROM verdict USING letter WHERE verdict.message_id = letter.message_id AND stage = 'classify'
), again AS (
  UPDATE message SET state = CASE stage WHEN 'classify' THEN 'received' ELSE 'classified' END, state_at = now()
    FROM letter WHERE id = message_id
), reopened AS (
  UPDATE assignment a SET state = 'pending', state_at = now(), attempts = 0, refused = '{}', error = NULL
    FROM letter WHERE a.message_id = letter.message_id AND stage = 'deliver'
     AND (a.state = 'failed' OR (a.state = 'delivered' AND a.refused <> '{}'))
)
SELECT stage FROM letter`,
};

export interface Failure {
  readonly stage: DeadLetterStage;
  /** For people; never mail text. */
  readonly error: string;
  readonly at: Date;
}

/**
 * Leaves a dead letter (the latest one of a message stays). State `failed` only when delivery gave up; a message that
 * the human already has, thanks to another worker, stays delivered and leaves none.
 */
export async function markFailed(database: Database, id: string, failure: Failure): Promise<void> {
  if (!isUuid(id)) return;
  const error = toStorableText(failure.error).slice(0, MAX_ERROR_CHARS);
  await database.run(MARK_FAILED, [id, failure.stage, error, failure.at]);
}

/** Newest first; `before` continues after the last one of the page before. */
export async function deadLetters(
  database: Database,
  page: { readonly limit: number; readonly before?: Date },
): Promise<readonly DeadLetter[]> {
  const rows = await database.run(LIST, [page.before ?? null, page.limit]);
  return rows.map((row) => ({
    id: String(row.message_id),
    stage: row.stage as DeadLetterStage,
    error: String(row.error),
    at: row.at as Date,
  }));
}

export async function countDeadLetters(database: Database): Promise<number> {
  const [row] = await database.run(COUNT, []);
  return Number(row?.total);
}

/**
 * Removes the dead letter and sets the message back to before the stage that was given up.
 *
 * @returns The queue that should get its job; undefined when there is no such dead letter.
 */
export async function retryDeadLetter(database: Database, id: string): Promise<QueueName | undefined> {
  if (!isUuid(id)) return undefined;
  const [row] = await database.run(RETRY, [id]);
  return row?.stage as QueueName | undefined;
}
