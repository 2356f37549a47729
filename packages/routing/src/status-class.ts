/**
 * Patterns of enhanced status codes (RFC 3463 section 2): class, subject and detail, as far as they are said; `x` is any.
 * `5`, `5.7`, `5.7.1`, `x.7`, `5.x.1`. The configuration has checked their form.
 */

/** `5.7` is 5.7.0 and 5.7.1, and not 5.70.1. */
export function matchesStatusClass(status: string, pattern: string): boolean {
  const parts = status.split(".");
  return pattern.split(".").every((wanted, index) => wanted === "x" || wanted === parts[index]);
}
