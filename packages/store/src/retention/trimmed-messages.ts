/** Messages whose bytes the site wants to keep in part only: found once they are finished, and kept without the rest. */
import type { Classification } from "@triage/contracts";
import type { Database } from "../database.ts";
import { IS_SETTLED_AND_LEARNED } from "../messages/settled-message.ts";
import { uuidFloor } from "../uuid-v7.ts";

/** A finished message that is kept as it came. */
export interface WholeMessage {
  readonly id: string;
  readonly raw: Buffer;
  readonly kind: Classification["report"]["kind"];
}

/** Finished, with nothing of it left to be delivered, looked at or learned from. */
const FINISHED = `m.trimmed_at IS NULL AND ${IS_SETTLED_AND_LEARNED}`;

/** In the order in which they came in, behind `after` (an id), or since a point in time. */
export async function wholeMessages(
  database: Database,
  after: string | Date,
  limit: number,
): Promise<readonly WholeMessage[]> {
  const rows = await database.query(
    `SELECT m.id, r.raw, v.kind FROM message m
       JOIN verdict v ON v.message_id = m.id JOIN message_raw r ON r.id = m.id
      WHERE m.id > $1 AND ${FINISHED} ORDER BY m.id LIMIT $2`,
    [typeof after === "string" ? after : uuidFloor(after.getTime()), limit],
  );
  return rows.map((row) => ({ id: String(row.id), raw: row.raw as Buffer, kind: row.kind as WholeMessage["kind"] }));
}

/**
 * Keeps `raw` in the place of what came. Two processes may do so; a message that somebody wants whole again (a release)
 * stays whole.
 *
 * @param raw  undefined: there was nothing to leave out.
 */
export async function keepTrimmed(database: Database, id: string, raw: Buffer | undefined): Promise<void> {
  await database.transaction(async (session) => {
    const locked = await session.query(`SELECT m.id FROM message m WHERE m.id = $1 AND ${FINISHED} FOR UPDATE`, [id]);
    if (locked.length === 0) return;
    if (raw !== undefined) await session.query("UPDATE message_raw SET raw = $2 WHERE id = $1", [id, raw]);
    await session.query("UPDATE message SET trimmed_at = now() WHERE id = $1", [id]);
  });
}
