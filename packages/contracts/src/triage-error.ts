/**
 * Base of every error that is thrown on purpose. `code` is stable, for machines; `message` is for people and never
 * holds mail text or a full address. Workers retry only `retryable` ones.
 */
export abstract class TriageError extends Error {
  abstract readonly code: string;
  abstract readonly retryable: boolean;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}
