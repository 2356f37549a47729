/**
 * Messages that wait for room at an outlet: each human's part is put off until there is a place for it. From then on it has a job
 * of its own: that of the others may hang at another outlet when there is room.
 */
import type { Database, Statement } from "../database.ts";
import { toJob } from "./assignments.ts";

const PUT_OFF: Statement = {
  name: "put-off-assignment",
  text: "UPDATE assignment SET put_off = $3, apart = apart OR $3 WHERE message_id = $1 AND human = $2 AND state = 'pending'",
};

/** The first of each human by index, then the first of these: every delivery asks, also while a hundred thousand wait. */
const NEXT_PUT_OFF: Statement = {
  name: "next-put-off",
  text: `
SELECT a.message_id AS id, CASE WHEN a.apart THEN h.human END AS human
  FROM unnest($1::text[]) AS h (human) CROSS JOIN LATERAL (
    SELECT message_id, apart, state_at FROM assignment
     WHERE human = h.human AND state = 'pending' AND put_off ORDER BY state_at, message_id LIMIT $2) AS a
 ORDER BY a.state_at, a.message_id LIMIT $2`,
};

/** @param isPutOff  There is no room at the outlet; whoever makes some looks for it, else the sweeper. False: it has a place. */
export async function putOffAssignment(
  database: Database,
  id: string,
  human: string,
  isPutOff: boolean,
): Promise<void> {
  await database.run(PUT_OFF, [id, human, isPutOff]);
}

/**
 * Jobs of what waits for room, oldest first. They are put off until they have a place: a job that is not added, because
 * the one that put the message off has not ended yet, is added by whoever makes room next.
 */
async function nextPutOff(database: Database, humans: readonly string[], limit: number): Promise<readonly string[]> {
  const rows = await database.run(NEXT_PUT_OFF, [humans, limit]);
  return [...new Set(rows.map(toJob))];
}

export interface RoomFor {
  readonly humans: readonly string[];
  readonly limit: number;
}

/** Who make room for the same humans at the same moment look once; the first of them hears what there is. */
export async function nextPutOffs(
  database: Database,
  batch: readonly RoomFor[],
): Promise<readonly (readonly string[])[]> {
  const limits = new Map<string, number>();
  for (const { humans, limit } of batch) {
    const key = humans.join();
    limits.set(key, Math.max(limits.get(key) ?? 0, limit));
  }
  const found: (readonly string[])[] = [];
  for (const { humans } of batch) {
    const limit = limits.get(humans.join());
    limits.delete(humans.join());
    found.push(limit === undefined ? [] : await nextPutOff(database, humans, limit));
  }
  return found;
}
