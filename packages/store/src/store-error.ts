/** What can go wrong between us and PostgreSQL, told apart by what the caller should do about it. */
import { TriageError } from "@triage/contracts";
import pg from "pg";

/**
 * The database cannot be reached, is starting, stopping, full or overloaded, or two writers collided. The same call
 * may succeed later: an HTTP client gets 503 and a Retry-After, a worker tries its job again.
 */
export class StoreUnavailableError extends TriageError {
  readonly code = "STORE_UNAVAILABLE";
  readonly retryable = true;
}

/** The database refused the statement itself. Trying the same again is useless; this is a bug or a broken schema. */
export class StoreQueryError extends TriageError {
  readonly code = "STORE_QUERY_FAILED";
  readonly retryable = false;
}

/** The database does not let us in, is not fit to keep mail (it would lose it), or its schema is not ours. */
export class StoreSetupError extends TriageError {
  readonly code = "STORE_SETUP";
  readonly retryable = false;
}

/**
 * SQLSTATE classes and codes (PostgreSQL manual, appendix A) that a later attempt may not meet again: 08 connection,
 * 40 rollback (deadlock), 53 resources, 55P03 lock not available, 57 operator intervention and timeouts, 58 system
 * error, 25006 read-only (a standby before its promotion), 3D000 database not there yet.
 */
const RETRYABLE_CLASSES: ReadonlySet<string> = new Set(["08", "40", "53", "57", "58"]);
const RETRYABLE_CODES: ReadonlySet<string> = new Set(["55P03", "25006", "3D000"]);

/** Class 28: unknown user, wrong password, not allowed from here. */
const INVALID_LOGIN_CLASS = "28";

/** Wraps what pg threw. Errors of ours and programming errors (TypeError and the like) pass through as they are. */
export function toStoreError(error: unknown): unknown {
  if (error instanceof TriageError || error instanceof TypeError || error instanceof RangeError) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (!(error instanceof pg.DatabaseError)) {
    return new StoreUnavailableError(`The database cannot be reached: ${text}`, { cause: error });
  }
  const code = error.code ?? "";
  if (code.startsWith(INVALID_LOGIN_CLASS)) return new StoreSetupError(`The database does not let us in: ${text}`);
  if (RETRYABLE_CLASSES.has(code.slice(0, 2)) || RETRYABLE_CODES.has(code)) {
    return new StoreUnavailableError(`The database is not available: ${text} (${code})`, { cause: error });
  }
  return new StoreQueryError(`The database refused a statement: ${text} (${code})`, { cause: error });
}
