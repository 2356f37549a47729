/**
 * Patterns of enhanced status codes (RFC 3463 section 2): class, subject and detail, as far as they are said; `x` is any.
 */
const STATUS_CLASS = /^[245x](\.(x|\d{1,3})){0,2}$/;

/** `5`, `5.7`, `5.7.1`, `x.7`, `5.x.1` */
export function isStatusClass(text: string): boolean {
  return STATUS_CLASS.test(text);
}

/** `5.7` is 5.7.0 and 5.7.1, and not 5.70.1. */
export function matchesStatusClass(status: string, pattern: string): boolean {
  const parts = status.split(".");
  return pattern.split(".").every((wanted, index) => wanted === "x" || wanted === parts[index]);
}
