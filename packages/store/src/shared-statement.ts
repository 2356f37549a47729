/** One statement for all who ask at the same time, on its way to PostgreSQL. */
import pg from "pg";
import { batched } from "./batched.ts";

/** LIMIT: of one statement; beyond it, one more saves nothing that can be measured. */
const MAX_SHARED = 100;
/**
 * Who is alone does not wait. At 300 messages a second it makes one statement of three, for messages that wait for a mail server anyway.
 */
const GATHER_MS = 10;
/** Longer than a statement and an fsync take, and short beside a lock that somebody holds. */
const PATIENCE_MS = 50;

/** @param answer  One answer for each question, in order. @param max  Default MAX_SHARED. */
export function sharedStatement<Question, Answer>(
  answer: (batch: readonly Question[]) => Promise<readonly Answer[]>,
  max: number = MAX_SHARED,
): (question: Question) => Promise<Answer> {
  return batched(answer, { max, gatherMs: GATHER_MS, patienceMs: PATIENCE_MS, isOfOne: isRefusal });
}

/**
 * The server has answered with an error, so that nothing of the statement is written: a value that it does not take, a deadlock, a
 * lock that was not given in time. Without an answer, nobody knows, and asking again would write twice.
 */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof pg.DatabaseError;
}
