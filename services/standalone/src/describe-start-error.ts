import { TriageError } from "@triage/runtime";

/**
 * Why it does not start, in one sentence. Errors that we throw on purpose are sentences already; of others the stack is
 * added, because they are bugs, or of a kind that nobody thought of.
 */
export function describeStartError(error: unknown): string {
  if (error instanceof TriageError) return error.message;
  if (!(error instanceof Error)) return String(error);
  const systemError = "code" in error && typeof error.code === "string";
  return systemError ? error.message : (error.stack ?? error.message);
}
