/**
 * The clock on the wall of a time zone (IANA names, by the tables of Intl), made so that it never goes back.
 *
 * Wall time is a number here: milliseconds from 1970-01-01 00:00 on that wall, as if its days were all 24 hours long. When a
 * clock is set back, an hour is shown twice; `shownBy` says the latest time that has been shown so far, which stands
 * still for that hour. So each wall time is reached once, in order: one that is skipped is reached when it is skipped. Pure.
 */

/** LIMIT: no zone has ever set its clock by more in one step (Samoa and Kwajalein left out a day). */
const MAX_STEP_MS = 25 * 3_600_000;

export interface ZoneClock {
  /** Latest wall time that the clock has shown up to then. Never goes back. */
  shownBy(instant: Date): number;
  /** When the clock first shows this wall time, or a later one where it is skipped; to the second. */
  reaches(wallMs: number): Date;
}

/** Whether Intl knows the zone. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** A formatter of Intl is dear to make. Needs no limit: only a configuration names zones. */
const clocks = new Map<string, ZoneClock>();

/** @throws {RangeError} Nobody knows this zone. */
export function zoneClock(timeZone: string): ZoneClock {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  const clock = openZoneClock(timeZone);
  clocks.set(timeZone, clock);
  return clock;
}

function openZoneClock(timeZone: string): ZoneClock {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    calendar: "gregory",
    numberingSystem: "latn",
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const offsetAt = (ms: number) => {
    const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
    const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
    const wall = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
    return wall - Math.floor(ms / 1_000) * 1_000;
  };
  const shown = (ms: number) => {
    const offset = offsetAt(ms);
    const before = offsetAt(ms - MAX_STEP_MS);
    if (before <= offset) return ms + offset;
    // it was set back: the last moment of before is still the latest
    const change = firstWhere(ms - MAX_STEP_MS, ms, (at) => offsetAt(at) === offset);
    return Math.max(ms + offset, change + before - 1);
  };
  return {
    shownBy: (instant) => shown(instant.getTime()),
    reaches(wallMs) {
      const guess = wallMs - offsetAt(wallMs);
      const offset = offsetAt(guess);
      // nothing was set around then, as on nearly all days
      if (offsetAt(guess - 2 * MAX_STEP_MS) === offset && offsetAt(guess + 2 * MAX_STEP_MS) === offset) {
        return new Date(Math.ceil((wallMs - offset) / 1_000) * 1_000);
      }
      return new Date(firstWhere(guess - 2 * MAX_STEP_MS, guess + 2 * MAX_STEP_MS, (at) => shown(at) >= wallMs));
    },
  };
}

/** The first whole second at which it holds, of those after `from`; from then on it must hold. */
function firstWhere(from: number, to: number, holds: (ms: number) => boolean): number {
  let low = Math.floor(from / 1_000);
  let high = Math.ceil(to / 1_000);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle * 1_000)) high = middle;
    else low = middle;
  }
  return high * 1_000;
}
