/**
 * Messages that a stage gave up on. The message itself stays where it is; the dead letter says that a person should
 * look, and trying again removes it.
 */
import type { DeadLetterStage } from "@triage/contracts";
import type { Database, Row, Statement } from "../database.ts";
import { toStorableText } from "../json-text.ts";
import type { DeadLetter } from "../messages/stored-message.ts";
import { isUuid } from "../uuid-v7.ts";

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

/** The condition of a filter: its parameters are the first four. */
export const MATCHES = `($1::timestamptz IS NULL OR at < $1) AND ($2::timestamptz IS NULL OR at >= $2)
   AND ($3::text IS NULL OR stage = $3) AND ($4::text IS NULL OR strpos(lower(error), lower($4)) > 0)`;

const LIST: Statement = {
  name: "dead-letters",
  text: `SELECT message_id, stage, error, at FROM dead_letter WHERE ${MATCHES} ORDER BY at DESC, message_id DESC LIMIT $5`,
};

const ONE: Statement = {
  name: "dead-letter",
  text: `
SELECT message_id, stage, error, at, EXISTS (SELECT FROM message_raw WHERE id = $1) AS raw_kept
  FROM dead_letter WHERE message_id = $1`,
};

const COUNT: Statement = { name: "count-dead-letters", text: "SELECT count(*) AS total FROM dead_letter" };

export interface DeadLetterFilter {
  /** Given up before, and since then. */
  readonly before?: Date;
  readonly since?: Date;
  readonly stage?: DeadLetterStage;
  /** Part of the error, in any case of letters. */
  readonly error?: string;
}

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
  { limit, ...filter }: DeadLetterFilter & { readonly limit: number },
): Promise<readonly DeadLetter[]> {
  return (await database.run(LIST, [...filterParameters(filter), limit])).map(toDeadLetter);
}

/** @returns undefined when the message has none. */
export async function deadLetter(
  database: Database,
  id: string,
): Promise<(DeadLetter & { readonly rawKept: boolean }) | undefined> {
  if (!isUuid(id)) return undefined;
  const [row] = await database.run(ONE, [id]);
  return row === undefined ? undefined : { ...toDeadLetter(row), rawKept: row.raw_kept === true };
}

export function filterParameters({ before, since, stage, error }: DeadLetterFilter): readonly unknown[] {
  return [before ?? null, since ?? null, stage ?? null, error === undefined ? null : toStorableText(error)];
}

function toDeadLetter(row: Row): DeadLetter {
  return {
    id: String(row.message_id),
    stage: row.stage as DeadLetterStage,
    error: String(row.error),
    at: row.at as Date,
  };
}

export async function countDeadLetters(database: Database): Promise<number> {
  const [row] = await database.run(COUNT, []);
  return Number(row?.total);
}
