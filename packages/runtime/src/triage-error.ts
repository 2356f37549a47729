/** The base class lives beside the contracts, where the store can reach it, too. */
export { TriageError } from "@triage/contracts";

/**
 * Whether a job that failed with this error may be tried again. Only an error that says `retryable: false` is final;
 * whatever else was thrown (a lost connection, a bug) may go away.
 */
export function isRetryable(error: unknown): boolean {
  return !(typeof error === "object" && error !== null && "retryable" in error && error.retryable === false);
}
