/**
 * Wait before the next attempt: doubled each time up to a limit, and cut by up to a half at random, so that a thousand
 * messages that met the same outage do not all come back at once.
 *
 * @param attemptsMade  1 after the first attempt.
 * @param chance        From 0 to 1 (excluded).
 */
export function retryDelayMs(
  attemptsMade: number,
  limits: { readonly backoffMs: number; readonly maxBackoffMs: number },
  chance: number,
): number {
  const full = Math.min(limits.backoffMs * 2 ** (attemptsMade - 1), limits.maxBackoffMs);
  return Math.round(full * (1 - chance / 2));
}
