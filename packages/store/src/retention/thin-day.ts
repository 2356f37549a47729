/**
 * The bytes of one day whose retention is over for some routes, or for all.
 *
 * `message_raw` is cut by day alone, because a message has no route yet when it comes in. So the few rows of a day that
 * live longer are copied into a fresh table, and that takes the place of the old one; a day without such rows is
 * dropped. Only where most of a day stays are the others deleted, since copying the bulk would cost more.
 *
 * Whoever wants the bytes of an old message again (a release, a correction) reads `message_raw` in the transaction that
 * says so. The exchange locks that table before it looks for such messages a last time: they are seen here, or they see
 * that the bytes are gone.
 */
import { type Database, quoteIdentifier, type Session } from "../database.ts";
import { IS_SETTLED_AND_LEARNED } from "../messages/settled-message.ts";
import { attachTable, limitLockWait, type Partition, standaloneTable } from "../partitions.ts";
import { uuidFloor } from "../uuid-v7.ts";

const DAY_MS = 86_400_000;
/** LIMIT: time for copying what stays of a day, in milliseconds. */
const COPY_TIMEOUT_MS = 1_800_000;
/** LIMIT: rows deleted by one transaction. */
const DELETE_BATCH = 1_000;
/** A transaction that said "released" may have begun so long before it is seen; none of ours lives longer. */
const SLOWEST_CHANGE_MS = 3_600_000;

/** What of the bytes of a day is kept. */
export interface DayRule {
  /** Routes whose retention is not over. */
  readonly keepRoutes: readonly string[];
  /** What a person released or corrected since then is kept, whatever its route. */
  readonly touchedSince: Date;
}

export interface DayPlan {
  readonly partition: Partition;
  /** `drop`: nothing stays. `exchange`: a little stays. `delete`: most stays. */
  readonly how: "drop" | "exchange" | "delete";
  /** Messages whose bytes go, and those whose bytes stay. */
  readonly goes: number;
  readonly stays: number;
  /** Room on disk, about: the share of what goes. */
  readonly bytes: number;
}

/**
 * SQL over m, v and $1 (routes), $2 (since when touched): whether the bytes must stay. Never goes: what is not finished,
 * what a person has yet to look at (dead letter), and what is still to be learned from.
 */
const STAYS = `coalesce(m.id IS NOT NULL AND (
     v.message_id IS NULL OR v.route = ANY($1) OR v.released_at >= $2 OR v.corrected_at >= $2
  OR NOT ${IS_SETTLED_AND_LEARNED}), false)`;

const FACTS = "LEFT JOIN message m ON m.id = r.id LEFT JOIN verdict v ON v.message_id = r.id";

/** @returns undefined: everything stays. Reads no bytes of mail. */
export async function planDay(database: Database, partition: Partition, rule: DayRule): Promise<DayPlan | undefined> {
  const name = quoteIdentifier(partition.name);
  const [row] = await database.transaction(
    (session) =>
      session.query(
        `SELECT count(*) AS total, count(*) FILTER (WHERE ${STAYS}) AS stays,
                coalesce(sum(m.size_bytes), 0) AS mail, coalesce(sum(m.size_bytes) FILTER (WHERE ${STAYS}), 0) AS kept_mail,
                pg_total_relation_size('${name}'::regclass) AS bytes
           FROM ${name} r ${FACTS}`,
        [rule.keepRoutes, rule.touchedSince],
      ),
    COPY_TIMEOUT_MS,
  );
  const [total, stays, mail, keptMail] = [row?.total, row?.stays, row?.mail, row?.kept_mail].map(Number);
  if (total === undefined || stays === undefined || mail === undefined || keptMail === undefined) return undefined;
  if (total > 0 && stays === total) return undefined;
  const share = mail === 0 ? 1 : (mail - keptMail) / mail;
  const how = stays === 0 ? "drop" : stays * 2 <= total ? "exchange" : "delete";
  return { partition, how, goes: total - stays, stays, bytes: Math.round(Number(row?.bytes ?? 0) * share) };
}

/**
 * Does what was planned; what changed since is seen.
 *
 * @throws {StoreUnavailableError} The table could not be locked in time: nothing was changed, try again later.
 */
export async function carryOutDay(database: Database, plan: DayPlan, rule: DayRule): Promise<void> {
  if (plan.how === "delete") await deleteRows(database, plan.partition, rule);
  else await exchange(database, plan, rule);
}

function exchange(database: Database, { partition: { name, day }, how }: DayPlan, rule: DayRule): Promise<void> {
  const old = quoteIdentifier(name);
  const fresh = `${name}_kept`;
  return database.transaction(async (session) => {
    const [start] = await session.query("SELECT clock_timestamp() AS at");
    if (how === "exchange") {
      await session.query(standaloneTable("message_raw", fresh, day));
      await session.query(
        `INSERT INTO ${quoteIdentifier(fresh)} (id, raw) SELECT r.id, r.raw FROM ${old} r ${FACTS} WHERE ${STAYS}`,
        [rule.keepRoutes, rule.touchedSince],
      );
    }
    await limitLockWait(session);
    await session.query("LOCK TABLE message_raw IN ACCESS EXCLUSIVE MODE");
    const late = await touchedMeanwhile(session, day, start?.at as Date);
    if (how === "drop" && late.length > 0) await session.query(standaloneTable("message_raw", fresh, day));
    if (late.length > 0) {
      await session.query(
        `INSERT INTO ${quoteIdentifier(fresh)} (id, raw) SELECT id, raw FROM ${old} WHERE id = ANY($1::uuid[])
           ON CONFLICT DO NOTHING`,
        [late],
      );
    }
    await session.query(`DROP TABLE ${old}`);
    if (how === "drop" && late.length === 0) return;
    await session.query(`ALTER TABLE ${quoteIdentifier(fresh)} RENAME TO ${old}`);
    await session.query(attachTable("message_raw", name, day));
  }, COPY_TIMEOUT_MS);
}

/**
 * The only ways from finished back to wanted: a person asks for it, a first message is replaced, our mail bounces. Each leaves a
 * time with an index: no look at the whole day.
 */
async function touchedMeanwhile(session: Session, day: number, start: Date): Promise<readonly string[]> {
  const rows = await session.query(
    `SELECT message_id FROM verdict
      WHERE (released_at >= $3 OR corrected_at >= $3) AND message_id >= $1 AND message_id < $2
      UNION SELECT id FROM message WHERE state = 'classified' AND state_at >= $3 AND id >= $1 AND id < $2
      UNION SELECT message_id FROM dead_letter WHERE at >= $3 AND message_id >= $1 AND message_id < $2`,
    [uuidFloor(day * DAY_MS), uuidFloor((day + 1) * DAY_MS), new Date(start.getTime() - SLOWEST_CHANGE_MS)],
  );
  return rows.map((row) => String(row.message_id));
}

/** Locks the messages first: whoever releases one of them waits, and then sees that the bytes are gone. */
async function deleteRows(database: Database, { name }: Partition, rule: DayRule): Promise<void> {
  const table = quoteIdentifier(name);
  for (;;) {
    const deleted = await database.transaction(async (session) => {
      const rows = await session.query(
        `SELECT m.id FROM ${table} r JOIN message m ON m.id = r.id LEFT JOIN verdict v ON v.message_id = r.id
          WHERE NOT ${STAYS} ORDER BY m.id LIMIT ${DELETE_BATCH} FOR UPDATE OF m SKIP LOCKED`,
        [rule.keepRoutes, rule.touchedSince],
      );
      const ids = rows.map((row) => row.id);
      await session.query(`DELETE FROM ${table} WHERE id = ANY($1::uuid[])`, [ids]);
      return ids.length;
    });
    if (deleted < DELETE_BATCH) return;
  }
}
