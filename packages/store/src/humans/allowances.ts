/**
 * How many mails a human gets in an hour, exact with any number of workers, and what waits beyond that.
 *
 * The times of the last hour's mails are one row a human and lane: PostgreSQL locks it, looks at the newest version and takes
 * the next place, or none, in one statement.
 */
import type { DeliveryLane } from "@triage/contracts";
import type { Database, Statement } from "../database.ts";

export interface Allowance {
  readonly human: string;
  readonly lane: DeliveryLane;
  readonly at: Date;
}

const HOUR = "interval '1 hour'";

/** SQL: of the last hour. What is further ahead was written by a clock that was wrong, and must not block anybody until then. */
const COUNTS = `t > $3::timestamptz - ${HOUR} AND t < $3::timestamptz + ${HOUR}`;

const TAKE: Statement = {
  name: "take-allowance",
  text: `
INSERT INTO allowance AS a (human, lane, taken) VALUES ($1, $2, ARRAY[$3::timestamptz])
    ON CONFLICT (human, lane) DO UPDATE
   SET taken = ARRAY(SELECT t FROM unnest(a.taken) AS t WHERE ${COUNTS}) || $3::timestamptz
 WHERE (SELECT count(*) FROM unnest(a.taken) AS t WHERE ${COUNTS}) < $4
RETURNING true AS taken`,
};

const GIVE_BACK: Statement = {
  name: "give-back-allowance",
  text: `
UPDATE allowance
   SET taken = taken[:array_position(taken, $3::timestamptz) - 1] || taken[array_position(taken, $3::timestamptz) + 1:]
 WHERE human = $1 AND lane = $2 AND $3::timestamptz = ANY(taken)`,
};

const HOLD: Statement = {
  name: "hold-assignment",
  text: `
UPDATE assignment SET state = 'held', state_at = $4, lane = $3, put_off = false
 WHERE message_id = $1 AND human = $2 AND state = 'pending'`,
};

/** Oldest first, as many as there is room for now. Taking the allowance is what decides; this only saves the try. */
const FREE: Statement = {
  name: "free-held",
  text: `
WITH room AS (
  SELECT $4::integer - count(*) AS places FROM allowance, unnest(taken) AS t
   WHERE human = $1 AND lane = $2 AND ${COUNTS}
), next AS MATERIALIZED (
  SELECT message_id FROM assignment
   WHERE human = $1 AND state = 'held' AND lane = $2 AND notice_id IS NULL
   ORDER BY state_at, message_id LIMIT (SELECT greatest(places, 0) FROM room) FOR UPDATE SKIP LOCKED
)
UPDATE assignment a SET state = 'pending', state_at = $3 FROM next
 WHERE a.message_id = next.message_id AND a.human = $1
RETURNING a.message_id`,
};

/** @param limit  At most so many in any hour. @returns False: they have been taken. */
export async function takeAllowance(
  database: Database,
  { human, lane, at }: Allowance,
  limit: number,
): Promise<boolean> {
  const [row] = await database.run(TAKE, [human, lane, at, limit]);
  return row?.taken === true;
}

/** Nothing reached the human with it. */
export async function giveBackAllowance(database: Database, { human, lane, at }: Allowance): Promise<void> {
  await database.run(GIVE_BACK, [human, lane, at]);
}

export async function holdMessage(database: Database, id: string, { human, lane, at }: Allowance): Promise<void> {
  await database.run(HOLD, [id, human, lane, at]);
}

/** @returns Ids of messages that need not wait any longer. */
export async function freeHeld(
  database: Database,
  { human, lane, at }: Allowance,
  limit: number,
): Promise<readonly string[]> {
  const rows = await database.run(FREE, [human, lane, at, limit]);
  return rows.map((row) => String(row.message_id));
}

/** A human without a limit (any more) gets all that waits. */
export async function freeAllHeld(database: Database, human: string, at: Date): Promise<readonly string[]> {
  const rows = await database.query(
    `UPDATE assignment SET state = 'pending', state_at = $2
      WHERE human = $1 AND state = 'held' AND notice_id IS NULL RETURNING message_id`,
    [human, at],
  );
  return rows.map((row) => String(row.message_id));
}

/** What waits for humans whom the configuration does not name (any more) goes to others; nobody makes room for it. */
export async function freeHeldOfOthers(
  database: Database,
  humans: readonly string[],
  at: Date,
): Promise<readonly string[]> {
  const rows = await database.query(
    `UPDATE assignment SET state = 'pending', state_at = $2
      WHERE human <> ALL($1::text[]) AND state = 'held' AND notice_id IS NULL RETURNING message_id`,
    [humans, at],
  );
  return rows.map((row) => String(row.message_id));
}

export async function countHeld(database: Database): Promise<number> {
  const [row] = await database.query("SELECT count(*) AS held FROM assignment WHERE state = 'held'");
  return Number(row?.held);
}
