/**
 * Whether the clock has jumped: it alone says what is old, and one that is wrong by a year would drop everything at once.
 *
 * What is known of time is when the last run ended, and on which days mail came since. Where nothing was seen for long, the
 * clock has jumped or the service was stopped, and a person says which. Mail that comes after the jump changes nothing: it
 * is dated by the same clock. Pure.
 */

const DAY_MS = 86_400_000;
/** A service that is stopped for a week's holiday goes on by itself, however short its retention. */
const MIN_DAYS = 7;

/** Time in which nothing was seen. */
export interface ClockGap {
  readonly from: Date;
  readonly to: Date;
}

export interface SignsOfTime {
  /** When the last run ended; undefined: there was none, and nothing is known. */
  readonly lastRun: Date | undefined;
  /** Days since 1970 on which mail came. */
  readonly days: readonly number[];
  readonly at: Date;
}

/** @returns The first gap since the last run that is longer than two thirds of the retention, and than a week. */
export function findClockGap({ lastRun, days, at }: SignsOfTime, retentionDays: number): ClockGap | undefined {
  if (lastRun === undefined) return undefined;
  const limitMs = Math.max(MIN_DAYS, (retentionDays * 2) / 3) * DAY_MS;
  const since = days.map((day) => day * DAY_MS).filter((time) => time > lastRun.getTime() && time < at.getTime());
  let from = lastRun.getTime();
  for (const to of [...since.sort((a, b) => a - b), at.getTime()]) {
    if (to - from > limitMs) return { from: new Date(from), to: new Date(to) };
    from = to;
  }
  return undefined;
}
