/**
 * The next human gets what the one before did not get, or did not acknowledge, in time.
 *
 * Exactly once a step with any number of workers: whoever changes the row of the one before adds that of the next.
 */
import type { Database, Statement } from "../database.ts";
import { toJob } from "./assignments.ts";

export interface EscalationStep {
  readonly human: string;
  /** What keeps it from the next human. */
  readonly unless: "delivered" | "acknowledged";
  readonly to: string;
  /** Of the next human; undefined: nobody comes after them. */
  readonly nextAfterMs: number | undefined;
  readonly at: Date;
  readonly limit: number;
}

/**
 * What waits in a flood, or was summarised, is no reason: the human knows of it. Nor is what a person has put into the archive
 * meanwhile, or erased.
 */
const ESCALATE: Statement = {
  name: "escalate",
  text: `
WITH due AS (
  SELECT a.message_id, a.human,
         a.state IN ('pending', 'delivered', 'failed') AND NOT (a.state = 'delivered' AND $3 = 'delivered')
           AND m.state <> 'archived'
           AND NOT EXISTS (SELECT FROM acknowledgement k WHERE k.message_id = a.message_id) AS escalates
    FROM assignment a JOIN message m ON m.id = a.message_id
   WHERE a.human = $1 AND a.escalate_at <= $4
   ORDER BY a.escalate_at LIMIT $6 FOR UPDATE OF a SKIP LOCKED
), looked AS (
  UPDATE assignment a SET escalate_at = NULL, escalated_to = CASE WHEN due.escalates THEN $2 ELSE a.escalated_to END
    FROM due WHERE a.message_id = due.message_id AND a.human = due.human
)
INSERT INTO assignment (message_id, human, state, state_at, assigned_at, assigned_by, escalate_at, next_at, apart)
SELECT message_id, $2, 'pending', $4, $4, $1, $5, $5, true FROM due WHERE escalates
    ON CONFLICT (message_id, human) DO NOTHING
RETURNING message_id AS id, human`,
};

/** @returns Jobs of the messages that the next human gets now; not those that they had already. */
export async function escalate(database: Database, step: EscalationStep): Promise<readonly string[]> {
  const { human, unless, to, nextAfterMs, at, limit } = step;
  const next = nextAfterMs === undefined ? null : new Date(at.getTime() + nextAfterMs);
  const rows = await database.run(ESCALATE, [human, to, unless, at, next, limit]);
  return rows.map(toJob);
}

/** Of humans who escalate no more, or are gone from the configuration: nobody looks at when theirs are due. */
export async function forgetEscalations(database: Database, humans: readonly string[], dueBefore: Date): Promise<void> {
  await database.query("UPDATE assignment SET escalate_at = NULL WHERE escalate_at < $2 AND human <> ALL($1::text[])", [
    humans,
    dueBefore,
  ]);
}
