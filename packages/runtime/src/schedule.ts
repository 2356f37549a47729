/**
 * Points in time by the clock on the wall of a time zone, as cron writes them.
 *
 * Two steps that know nothing of each other: croner finds the days and times that five fields name, on a calendar whose days
 * all have 24 hours; the clock of the zone (the one of the rotas) says when its wall shows them. So the rule is the same as for
 * a hand-over, and holds for every zone: a time that clocks leave out comes at the moment at which they do, one that they show
 * twice counts once, at its first. BullMQ's job schedulers ask `nextDue`, so that all agree.
 */
import { Cron } from "croner";
import { zoneClock } from "./rota/zone-clock.ts";

export interface Schedule {
  /** Five fields: minute, hour, day of the month, month, weekday; tests set a sixth before them, the second. */
  readonly schedule: string;
  /** Name of the IANA data base. */
  readonly timeZone: string;
}

/** What a field is made of, between commas, hyphens and slashes; croner has Quartz's letters too, which cron has not. */
const PART = /^(?:\*|[0-9]{1,2}|[A-Za-z]{3})$/;
const SECOND_MS = 1_000;

/** @returns Continues a sentence that the name of the key begins; undefined: it can be used. */
export function findScheduleMistake(schedule: string): string | undefined {
  const fields = schedule.split(" ");
  const wanted = `must be five fields as cron has them, such as "0 7 * * 1-5", not "${schedule}"`;
  if (fields.length !== 5 || !fields.every((field) => field.split(/[,/-]/).every((part) => PART.test(part)))) {
    return wanted;
  }
  try {
    const comes = openCalendar(schedule).nextRun(new Date(0)) !== null;
    return comes ? undefined : `must name a day that comes, not "${schedule}"`;
  } catch {
    return wanted;
  }
}

/**
 * The last point of the schedule at or before `now`.
 *
 * @throws {RangeError} The schedule or the zone is none that the configuration accepts.
 */
export function lastDue({ schedule, timeZone }: Schedule, now: Date): Date {
  const clock = zoneClock(timeZone);
  // croner looks strictly before, in whole seconds
  const shown = Math.floor(clock.shownBy(now) / SECOND_MS) * SECOND_MS + SECOND_MS;
  return clock.reaches(found(schedule, openCalendar(schedule).previousRuns(1, new Date(shown))[0]));
}

/**
 * The first point of the schedule after `now`.
 *
 * @throws {RangeError} The schedule or the zone is none that the configuration accepts.
 */
export function nextDue({ schedule, timeZone }: Schedule, now: Date): Date {
  const clock = zoneClock(timeZone);
  return clock.reaches(found(schedule, openCalendar(schedule).nextRun(new Date(clock.shownBy(now)))));
}

function openCalendar(schedule: string): Cron {
  try {
    return new Cron(schedule, { timezone: "UTC", mode: "5-or-6-parts" });
  } catch (error) {
    throw new RangeError(`no schedule: "${schedule}"`, { cause: error });
  }
}

function found(schedule: string, point: Date | null | undefined): number {
  if (point === null || point === undefined) throw new RangeError(`a schedule that never comes: "${schedule}"`);
  return point.getTime();
}
