/**
 * Points in time by the clock on the wall of a time zone, as cron writes them.
 *
 * The same library as BullMQ's job schedulers, so that both agree on when a job is due. Where clocks are put forward, a time
 * that does not exist is taken an hour later; where they are put back, a time that exists twice counts once.
 */
import { CronExpressionParser } from "cron-parser";

export interface Schedule {
  /** Five fields: minute, hour, day of the month, month, weekday. */
  readonly schedule: string;
  /** Name of the IANA data base. */
  readonly timeZone: string;
}

/** What the five fields may be written with; names of months and weekdays too, but none of Quartz's extensions. */
const FIELDS = /^[0-9A-Za-z*,/-]+(?: [0-9A-Za-z*,/-]+){4}$/;

/** @returns Continues a sentence that the name of the key begins; undefined: it can be used. */
export function findScheduleMistake(schedule: string): string | undefined {
  const wanted = `must be five fields as cron has them, such as "0 7 * * 1-5", not "${schedule}"`;
  if (!FIELDS.test(schedule)) return wanted;
  try {
    CronExpressionParser.parse(schedule, { tz: "UTC" }).next();
    return undefined;
  } catch {
    return wanted;
  }
}

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The last point of the schedule at or before `now`. */
export function lastDue({ schedule, timeZone }: Schedule, now: Date): Date {
  // `prev` looks strictly before, in whole seconds
  const currentDate = new Date((Math.floor(now.getTime() / 1_000) + 1) * 1_000);
  return CronExpressionParser.parse(schedule, { currentDate, tz: timeZone }).prev().toDate();
}

/** The first point of the schedule after `now`. */
export function nextDue({ schedule, timeZone }: Schedule, now: Date): Date {
  return CronExpressionParser.parse(schedule, { currentDate: now, tz: timeZone }).next().toDate();
}
