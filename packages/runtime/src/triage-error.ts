/** Base of every error thrown on purpose. `code` is stable; `message` is for people. Workers retry only `retryable` ones. */
export abstract class TriageError extends Error {
  abstract readonly code: string;
  abstract readonly retryable: boolean;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/**
 * Whether a job that failed with this error may be tried again. Only an error that says `retryable: false` is final;
 * whatever else was thrown (a lost connection, a bug) may go away. Read structurally, so that packages which must not
 * import the runtime can say it too.
 */
export function isRetryable(error: unknown): boolean {
  return !(typeof error === "object" && error !== null && "retryable" in error && error.retryable === false);
}
