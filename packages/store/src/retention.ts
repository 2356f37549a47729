/** Dropping what the site keeps no longer: whole days at once, never a message that is not finished. */
import type { Session } from "./database.ts";
import type { Partitions } from "./partitions.ts";
import { uuidFloor } from "./uuid-v7.ts";

export interface Expiry {
  /** Raw mail of days that ended before this is dropped; facts, verdict and deliveries stay. */
  readonly rawBefore?: Date;
  /** Days of the sent ledger that ended before this are dropped. */
  readonly sentBefore?: Date;
}

/**
 * @returns Names of the tables that were dropped. A day stays as long as one of its messages waits to be classified
 *          or delivered, or is a dead letter.
 */
export async function dropExpiredPartitions(partitions: Partitions, expiry: Expiry): Promise<readonly string[]> {
  const dropped: string[] = [];
  if (expiry.sentBefore !== undefined) {
    dropped.push(...(await partitions.dropBefore("sent", expiry.sentBefore.getTime(), forgetSentDay)));
  }
  if (expiry.rawBefore !== undefined) {
    dropped.push(...(await partitions.dropBefore("message_raw", expiry.rawBefore.getTime(), forgetDay)));
  }
  return dropped;
}

/** What is gone is no longer covered either. */
async function forgetSentDay(session: Session, fromMs: number): Promise<boolean> {
  await session.query("DELETE FROM sent_day WHERE day = $1", [new Date(fromMs).toISOString().slice(0, 10)]);
  return false;
}

/** Keeps a day with unfinished messages; else forgets its digests too, in the transaction that drops the day. */
async function forgetDay(session: Session, fromMs: number, toMs: number): Promise<boolean> {
  const range = [uuidFloor(fromMs), uuidFloor(toMs)];
  const [unfinished] = await session.query(
    `SELECT 1 FROM message m LEFT JOIN dead_letter d ON d.message_id = m.id
      WHERE m.id >= $1 AND m.id < $2 AND (m.state IN ('received', 'classified', 'failed') OR d.message_id IS NOT NULL)
      LIMIT 1`,
    range,
  );
  if (unfinished !== undefined) return true;
  await session.query("DELETE FROM known_content WHERE message_id >= $1 AND message_id < $2", range);
  await session.query("DELETE FROM known_key WHERE message_id >= $1 AND message_id < $2", range);
  return false;
}
