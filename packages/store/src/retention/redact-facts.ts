/** What is known of messages whose bytes are gone, kept without addresses: for counts, not for people. */
import { redactAddresses, redactValue, type WriteLocalPart } from "@triage/message";
import type { Database, Row, Session } from "../database.ts";
import { toJsonText } from "../json-text.ts";
import { IS_SETTLED } from "../messages/settled-message.ts";
import { uuidFloor } from "../uuid-v7.ts";

/** LIMIT: messages of one transaction. */
const BATCH = 500;
const NO_ID = "00000000-0000-0000-0000-000000000000";

const MESSAGES = `
SELECT m.id, m.envelope, v.classification, v.uncorrected
  FROM message m LEFT JOIN verdict v ON v.message_id = m.id
 WHERE m.redacted_at IS NULL AND m.id > $1 AND m.id < $2 AND ${IS_SETTLED}
   AND NOT EXISTS (SELECT FROM message_raw r WHERE r.id = m.id)
 ORDER BY m.id LIMIT ${BATCH} FOR UPDATE OF m SKIP LOCKED`;

/** @returns How many messages. Each once: what is a hash already is not hashed again. */
export async function redactFacts(database: Database, before: Date, write: WriteLocalPart): Promise<number> {
  let redacted = 0;
  let after: string | undefined = NO_ID;
  while (after !== undefined) {
    const rows: readonly Row[] = await database.transaction(async (session) => {
      const batch = await session.query(MESSAGES, [after, uuidFloor(before.getTime())]);
      for (const row of batch) await redactMessage(session, row, write);
      return batch;
    });
    redacted += rows.length;
    after = rows.length < BATCH ? undefined : String(rows.at(-1)?.id);
  }
  return redacted;
}

async function redactMessage(session: Session, row: Row, write: WriteLocalPart): Promise<void> {
  const [envelope, classification, uncorrected] = [row.envelope, row.classification, row.uncorrected].map((value) =>
    value === null ? null : toJsonText(redactValue(value, write)),
  );
  await session.query("UPDATE message SET envelope = $2::json, redacted_at = now() WHERE id = $1", [row.id, envelope]);
  await session.query("UPDATE verdict SET classification = $2::json, uncorrected = $3::json WHERE message_id = $1", [
    row.id,
    classification,
    uncorrected,
  ]);
  await redactColumn(session, ["delivery", "detail"], row.id, write);
  await redactColumn(session, ["correction", "note"], row.id, write);
}

async function redactColumn(
  session: Session,
  [table, column]: readonly [string, string],
  messageId: unknown,
  write: WriteLocalPart,
): Promise<void> {
  const rows = await session.query(
    `SELECT id, ${column} AS text FROM ${table} WHERE message_id = $1 AND strpos(${column}, '@') > 0`,
    [messageId],
  );
  for (const { id, text } of rows) {
    await session.query(`UPDATE ${table} SET ${column} = $2 WHERE id = $1`, [id, redactAddresses(String(text), write)]);
  }
}
