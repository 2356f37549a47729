/**
 * What is known of messages, once it is older than the site keeps facts: deleted in batches, children first.
 *
 * Not partitioned: these rows are small, change after they were written, and point to each other. Which tables point to
 * a message is asked of the database, so that a table of a later migration cannot be forgotten.
 */
import { type Database, quoteIdentifier, type Session } from "../database.ts";
import { IS_SETTLED_AND_LEARNED } from "../messages/settled-message.ts";
import { uuidFloor } from "../uuid-v7.ts";

/** LIMIT: messages of one transaction. */
const BATCH = 1_000;

/** Finished, and nothing of it waits for a person or for training. */
const SETTLED = `m.id > $1 AND m.id < $2 AND ${IS_SETTLED_AND_LEARNED}`;
const WITHOUT_BYTES = "NOT EXISTS (SELECT FROM message_raw r WHERE r.id = m.id)";
const EXPIRED = `${SETTLED} AND ${WITHOUT_BYTES}`;

const NO_ID = "00000000-0000-0000-0000-000000000000";

/** Incidents that are over, whose notices are settled, and that nothing was seen of since. */
const EXPIRED_INCIDENTS = `i.state = 'closed' AND i.last_seen < $1
  AND NOT EXISTS (SELECT FROM incident_notice n WHERE n.incident_id = i.id AND n.state = 'pending')`;

export interface FactCounts {
  readonly messages: number;
  readonly incidents: number;
}

/** Whose bytes go in the same run: of messages before this, unless a person has released or corrected them since then. */
export interface BytesThatGo {
  readonly before: Date;
  readonly touchedSince: Date;
}

/** @param bytes  Counts also what will have no bytes by then. Default: what has none now. */
export async function countExpiredFacts(database: Database, before: Date, bytes?: BytesThatGo): Promise<FactCounts> {
  const [messages] = await database.query(
    `SELECT count(*) AS total FROM message m
      WHERE ${SETTLED} AND (${WITHOUT_BYTES} OR (m.id < $3 AND NOT EXISTS (
        SELECT FROM verdict v WHERE v.message_id = m.id AND (v.released_at >= $4 OR v.corrected_at >= $4))))`,
    [
      NO_ID,
      uuidFloor(before.getTime()),
      bytes === undefined ? NO_ID : uuidFloor(bytes.before.getTime()),
      bytes?.touchedSince ?? before,
    ],
  );
  const [incidents] = await database.query(`SELECT count(*) AS total FROM incident i WHERE ${EXPIRED_INCIDENTS}`, [
    before,
  ]);
  return { messages: Number(messages?.total ?? 0), incidents: Number(incidents?.total ?? 0) };
}

export async function deleteExpiredFacts(database: Database, before: Date): Promise<FactCounts> {
  const references = await referencesToMessages(database);
  let messages = 0;
  let after: string | undefined = NO_ID;
  while (after !== undefined) {
    const ids: readonly string[] = await database.transaction((session) =>
      deleteBatch(session, references, [after, uuidFloor(before.getTime())]),
    );
    messages += ids.length;
    after = ids.length < BATCH ? undefined : ids.at(-1);
  }
  // The newest one of the schedule stays: the next period begins where it ended.
  await database.query(
    `DELETE FROM digest WHERE state <> 'pending' AND until < $1
       AND (asked OR until < (SELECT max(until) FROM digest WHERE NOT asked))`,
    [before],
  );
  const incidents = await database.query(`DELETE FROM incident i WHERE ${EXPIRED_INCIDENTS} RETURNING i.id`, [before]);
  await database.query(
    `DELETE FROM notice_assignment a
      WHERE NOT EXISTS (SELECT FROM incident_notice n WHERE n.id = a.notice_id)
        AND NOT EXISTS (SELECT FROM digest d WHERE d.id = a.notice_id)`,
  );
  return { messages, incidents: incidents.length };
}

async function deleteBatch(
  session: Session,
  references: readonly Reference[],
  range: readonly unknown[],
): Promise<readonly string[]> {
  const rows = await session.query(
    `SELECT m.id FROM message m WHERE ${EXPIRED} ORDER BY m.id LIMIT ${BATCH} FOR UPDATE OF m SKIP LOCKED`,
    range,
  );
  const ids = rows.map((row) => String(row.id));
  for (const { table, column } of references) {
    await session.query(`DELETE FROM ${table} WHERE ${column} = ANY($1::uuid[])`, [ids]);
  }
  await session.query("DELETE FROM message WHERE id = ANY($1::uuid[])", [ids]);
  return ids;
}

interface Reference {
  /** Quoted. */
  readonly table: string;
  readonly column: string;
}

async function referencesToMessages(database: Database): Promise<readonly Reference[]> {
  const rows = await database.query(
    `SELECT child.relname AS table, attname AS column FROM pg_constraint
       JOIN pg_class child ON child.oid = conrelid
       JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
      WHERE contype = 'f' AND confrelid = 'message'::regclass ORDER BY 1`,
  );
  return rows.map((row) => ({
    table: quoteIdentifier(String(row.table)),
    column: quoteIdentifier(String(row.column)),
  }));
}
