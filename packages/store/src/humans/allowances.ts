/**
 * How many mails a human gets in an hour, exact with any number of workers, and what waits beyond that.
 *
 * One row a human and lane: PostgreSQL locks it, looks at the newest version and takes the next place, or none, in one statement.
 * The row counts mails by the minute, so that it stays small however many there are: at most WINDOW_MINUTES + 1 numbers, besides
 * those that a worker whose clock is ahead has written. In no hour are there more than the limit; a place that was
 * taken comes back when the whole of its minute is an hour ago, thus up to a minute later than an hour.
 */
import type { DeliveryLane } from "@triage/contracts";
import type { Database, Statement } from "../database.ts";
import { JOB, toJob } from "./assignments.ts";

export interface Allowance {
  readonly human: string;
  readonly lane: DeliveryLane;
  readonly at: Date;
}

const MINUTE_MS = 60_000;
/** Two mails within an hour of each other are as many minutes apart, or fewer. */
const WINDOW_MINUTES = 60;

/** SQL: of the last hour. What is further ahead was written by a clock that was wrong, and must not block anybody until then. */
const COUNTS = `minute BETWEEN $3::integer - ${WINDOW_MINUTES} AND $3::integer + ${WINDOW_MINUTES}`;
/** SQL: what stands in a row, one line a minute. */
const TAKEN = "unnest(a.minutes, a.counts) AS t (minute, mails)";

const TAKE: Statement = {
  name: "take-allowance",
  text: `
INSERT INTO allowance AS a (human, lane, minutes, counts) VALUES ($1, $2, ARRAY[$3::integer], ARRAY[1])
    ON CONFLICT (human, lane) DO UPDATE
   SET (minutes, counts) = (
         SELECT array_agg(minute), array_agg(mails)
           FROM (SELECT minute, sum(mails)::integer AS mails
                   FROM (SELECT minute, mails FROM ${TAKEN} WHERE ${COUNTS} UNION ALL SELECT $3, 1) AS one
                  GROUP BY minute) AS counted)
 WHERE (SELECT coalesce(sum(mails), 0) FROM ${TAKEN} WHERE ${COUNTS}) < $4
RETURNING true AS taken`,
};

const GIVE_BACK: Statement = {
  name: "give-back-allowance",
  text: `
UPDATE allowance
   SET counts[array_position(minutes, $3::integer)] = greatest(counts[array_position(minutes, $3::integer)] - 1, 0)
 WHERE human = $1 AND lane = $2 AND $3::integer = ANY(minutes)`,
};

/** When there is room again, the job of the others may hang elsewhere. */
const HOLD: Statement = {
  name: "hold-assignment",
  text: `
UPDATE assignment SET state = 'held', state_at = $4, lane = $3, put_off = false, apart = true
 WHERE message_id = $1 AND human = $2 AND state = 'pending'`,
};

/** Oldest first, as many as there is room for now. Taking the allowance is what decides; this only saves the try. */
const FREE: Statement = {
  name: "free-held",
  text: `
WITH room AS (
  SELECT $4::integer - coalesce(sum(mails), 0) AS places FROM allowance a, ${TAKEN}
   WHERE human = $1 AND lane = $2 AND ${COUNTS}
), next AS MATERIALIZED (
  SELECT message_id FROM assignment
   WHERE human = $1 AND state = 'held' AND lane = $2 AND notice_id IS NULL
   ORDER BY state_at, message_id LIMIT (SELECT greatest(places, 0) FROM room) FOR UPDATE SKIP LOCKED
)
UPDATE assignment a SET state = 'pending', state_at = $5 FROM next
 WHERE a.message_id = next.message_id AND a.human = $1
RETURNING ${JOB}`,
};

function minuteOf(at: Date): number {
  return Math.floor(at.getTime() / MINUTE_MS);
}

/** @param limit  At most so many in any hour, at least 1. @returns False: they have been taken. */
export async function takeAllowance(
  database: Database,
  { human, lane, at }: Allowance,
  limit: number,
): Promise<boolean> {
  const [row] = await database.run(TAKE, [human, lane, minuteOf(at), limit]);
  return row?.taken === true;
}

/** Nothing reached the human with it. */
export async function giveBackAllowance(database: Database, { human, lane, at }: Allowance): Promise<void> {
  await database.run(GIVE_BACK, [human, lane, minuteOf(at)]);
}

export async function holdMessage(database: Database, id: string, { human, lane, at }: Allowance): Promise<void> {
  await database.run(HOLD, [id, human, lane, at]);
}

/** @returns Jobs of what need not wait any longer. */
export async function freeHeld(
  database: Database,
  { human, lane, at }: Allowance,
  limit: number,
): Promise<readonly string[]> {
  const rows = await database.run(FREE, [human, lane, minuteOf(at), limit, at]);
  return rows.map(toJob);
}

/** A human without a limit (any more) gets all that waits. */
export async function freeAllHeld(database: Database, human: string, at: Date): Promise<readonly string[]> {
  const rows = await database.query(
    `UPDATE assignment a SET state = 'pending', state_at = $2
      WHERE human = $1 AND state = 'held' AND notice_id IS NULL RETURNING ${JOB}`,
    [human, at],
  );
  return rows.map(toJob);
}

/**
 * What waits for humans whom the configuration does not name (any more) goes to others; nobody makes room for it.
 *
 * @returns Jobs of all its humans: that of the one who is gone would find nobody.
 */
export async function freeHeldOfOthers(
  database: Database,
  humans: readonly string[],
  at: Date,
): Promise<readonly string[]> {
  const rows = await database.query(
    `UPDATE assignment a SET state = 'pending', state_at = $2, apart = false
      WHERE human <> ALL($1::text[]) AND state = 'held' AND notice_id IS NULL RETURNING ${JOB}`,
    [humans, at],
  );
  return rows.map(toJob);
}

export async function countHeld(database: Database): Promise<number> {
  const [row] = await database.query("SELECT count(*) AS held FROM assignment WHERE state = 'held'");
  return Number(row?.held);
}
