import { TriageError } from "@triage/runtime";

export type EmbeddedPostgresErrorCode =
  | "POSTGRES_NO_BINARIES"
  | "POSTGRES_NO_ACCOUNT"
  | "POSTGRES_FOLDER"
  | "POSTGRES_DATA_IN_USE"
  | "POSTGRES_WRONG_VERSION"
  | "POSTGRES_DOES_NOT_START";

/** The embedded server cannot run; the message is one sentence that a person can act on. Trying again will not help. */
export class EmbeddedPostgresError extends TriageError {
  readonly code: EmbeddedPostgresErrorCode;
  readonly retryable = false;

  constructor(code: EmbeddedPostgresErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
