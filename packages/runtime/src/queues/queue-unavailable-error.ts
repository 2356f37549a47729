import { TriageError } from "../triage-error.ts";

/** The queues cannot be opened; a later attempt may work. */
export class QueueUnavailableError extends TriageError {
  readonly code = "QUEUE_UNAVAILABLE";
  readonly retryable = true;
}
