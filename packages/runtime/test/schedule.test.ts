import { lastDue } from "@triage/runtime";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nextDue } from "../src/schedule.ts";

const WEEKDAYS = "0 7 * * 1-5";
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Longer than clocks have been set by in one step since 2005; but for the days that were left out, which are told one by one. */
const WINDOW_MS = 4 * 3_600_000;
const iso = (time: Date) => time.toISOString().replace(".000Z", "Z");

/** All points of a schedule after one instant and up to another, from the last to the first. */
function pointsBetween(schedule: string, timeZone: string, after: string, until: string): string[] {
  const points: string[] = [];
  let at = lastDue({ schedule, timeZone }, new Date(until));
  while (at > new Date(after)) {
    points.push(iso(at));
    at = lastDue({ schedule, timeZone }, new Date(at.getTime() - 1));
  }
  return points.reverse();
}

describe("weekdays at seven", () => {
  const schedule = { schedule: WEEKDAYS, timeZone: "Europe/Vienna" };

  test("is seven o'clock there, in winter and in summer", () => {
    expect(iso(lastDue(schedule, new Date("2026-01-14T12:00:00Z")))).toBe("2026-01-14T06:00:00Z");
    expect(iso(lastDue(schedule, new Date("2026-07-15T12:00:00Z")))).toBe("2026-07-15T05:00:00Z");
  });

  test("after Friday comes Monday", () => {
    expect(iso(nextDue(schedule, new Date("2026-11-20T06:00:00Z")))).toBe("2026-11-23T06:00:00Z");
    expect(iso(lastDue(schedule, new Date("2026-11-23T05:59:59.999Z")))).toBe("2026-11-20T06:00:00Z");
  });

  test("a point is due in the very millisecond that it names", () => {
    const point = new Date("2026-11-23T06:00:00Z");
    expect(lastDue(schedule, point)).toEqual(point);
    expect(lastDue(schedule, new Date(point.getTime() + 1))).toEqual(point);
    expect(nextDue(schedule, new Date(point.getTime() - 1))).toEqual(point);
  });
});

describe("when clocks change", () => {
  test("half past two that does not exist comes when clocks leave it out", () => {
    // 29 March 2026, Vienna: 02:00 is 03:00
    expect(pointsBetween("30 2 * * *", "Europe/Vienna", "2026-03-28T00:00Z", "2026-03-31T00:00Z")).toEqual([
      "2026-03-28T01:30:00Z",
      "2026-03-29T01:00:00Z",
      "2026-03-30T00:30:00Z",
    ]);
  });

  test("half past two that comes twice counts once, at its first", () => {
    // 25 October 2026, Vienna: 03:00 is 02:00
    expect(pointsBetween("30 2 * * *", "Europe/Vienna", "2026-10-24T00:00Z", "2026-10-27T00:00Z")).toEqual([
      "2026-10-24T00:30:00Z",
      "2026-10-25T00:30:00Z",
      "2026-10-26T01:30:00Z",
    ]);
  });

  test("a quarter past three is nothing special where clocks go back half an hour at two", () => {
    // 4 April 2027, Lord Howe Island: 02:00 is 01:30
    expect(pointsBetween("15 3 * * SUN", "Australia/Lord_Howe", "2027-03-25T00:00Z", "2027-04-12T00:00Z")).toEqual([
      "2027-03-27T16:15:00Z",
      "2027-04-03T16:45:00Z",
      "2027-04-10T16:45:00Z",
    ]);
  });

  test("a midnight that does not exist comes when its day begins", () => {
    // 6 September 2026, Santiago: 00:00 is 01:00
    expect(pointsBetween("0 0 * * SUN", "America/Santiago", "2026-08-28T00:00Z", "2026-09-14T00:00Z")).toEqual([
      "2026-08-30T04:00:00Z",
      "2026-09-06T04:00:00Z",
      "2026-09-13T03:00:00Z",
    ]);
  });

  test("the last hour of a day that does not exist comes at the end of that day", () => {
    // 28 March 2026, Nuuk: 23:00 is 00:00 of the next day
    expect(pointsBetween("30 23 * * SAT", "America/Nuuk", "2026-03-20T00:00Z", "2026-04-08T00:00Z")).toEqual([
      "2026-03-22T01:30:00Z",
      "2026-03-29T01:00:00Z",
      "2026-04-05T00:30:00Z",
    ]);
  });

  test("a day that does not exist has its digest when it is left out", () => {
    // Samoa went from Thursday the 29th to Saturday the 31st
    expect(pointsBetween("0 7 * * *", "Pacific/Apia", "2011-12-29T00:00Z", "2012-01-01T00:00Z")).toEqual([
      "2011-12-29T17:00:00Z",
      "2011-12-30T10:00:00Z",
      "2011-12-30T17:00:00Z",
      "2011-12-31T17:00:00Z",
    ]);
  });
});

test("a leap day comes every four years, and waits for the next one in between", () => {
  const leap = { schedule: "0 0 29 2 *", timeZone: "Europe/Vienna" };
  expect(iso(lastDue(leap, new Date("2026-11-22T00:00Z")))).toBe("2024-02-28T23:00:00Z");
  expect(iso(nextDue(leap, new Date("2026-11-22T00:00Z")))).toBe("2028-02-28T23:00:00Z");
});

/** Minutes since 1970 as the wall shows them, by another way than the product's: the Swedish format is the ISO one. */
function openWall(timeZone: string): (instantMs: number) => number {
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" });
  return (instantMs) => Date.parse(`${format.format(instantMs).replace(" ", "T")}Z`) / MINUTE_MS;
}

/** Whether a minute of the wall is named by five fields of `*`, numbers, lists and ranges. */
function isNamed(schedule: string, wallMinute: number): boolean {
  const at = new Date(wallMinute * MINUTE_MS);
  const [minute, hour, day, month, weekday] = schedule.split(" ").map((field) => (value: number) => {
    if (field === "*") return true;
    return field.split(",").some((part) => {
      const [from = 0, to = from] = part.split("-").map(Number);
      return from <= value && value <= to;
    });
  });
  const isDay = day?.(at.getUTCDate()) && weekday?.(at.getUTCDay());
  return !!(minute?.(at.getUTCMinutes()) && hour?.(at.getUTCHours()) && month?.(at.getUTCMonth() + 1) && isDay);
}

/**
 * The plain way: walks through the minutes of some days, and knows what the wall has shown so far. Whatever it has not shown yet,
 * and shows now or leaves out now, is due now.
 */
function* walk(schedule: string, timeZone: string, fromMs: number, untilMs: number): Generator<number> {
  const wall = openWall(timeZone);
  let shown = Number.NEGATIVE_INFINITY;
  // a clock that was set back before the walk began would show old times as new ones
  for (let at = fromMs - WINDOW_MS; at < fromMs; at += MINUTE_MS) shown = Math.max(shown, wall(at));
  for (let at = fromMs; at <= untilMs; at += MINUTE_MS) {
    const now = wall(at);
    let isDue = false;
    for (; shown < now; shown += 1) isDue ||= isNamed(schedule, shown + 1);
    if (isDue) yield at;
  }
}

const pick = (min: number, max: number) => fc.integer({ min, max }).map(String);
const anyField = (min: number, max: number) =>
  fc.oneof(
    fc.constant("*"),
    pick(min, max),
    fc.uniqueArray(fc.integer({ min, max }), { minLength: 2, maxLength: 4 }).map((values) => values.join(",")),
    fc.tuple(fc.integer({ min, max }), fc.integer({ min, max })).map((pair) => pair.sort((a, b) => a - b).join("-")),
  );
/** Of day and weekday at most one says something: cron takes either of them then, which is croner's own matter. */
const anyDays = fc.oneof(
  fc.constant("* * *"),
  anyField(1, 28).map((day) => `${day} * *`),
  anyField(0, 6).map((weekday) => `* * ${weekday}`),
  fc.tuple(pick(1, 28), pick(1, 12)).map(([day, month]) => `${day} ${month} *`),
);
/** Seldom many: each point costs the walk nothing, and the schedule two questions. */
const anyMinutes = fc.oneof({ arbitrary: pick(0, 59), weight: 9 }, { arbitrary: anyField(0, 59), weight: 1 });
const anySchedule = fc.record({
  schedule: fc.tuple(anyMinutes, anyField(0, 23), anyDays).map((parts) => parts.join(" ")),
  timeZone: fc.constantFrom(...Intl.supportedValuesOf("timeZone")),
});
const anyMinute = fc
  .integer({ min: Date.parse("2005-01-01T00:00Z") / MINUTE_MS, max: Date.parse("2035-01-01T00:00Z") / MINUTE_MS })
  .map((minute) => minute * MINUTE_MS);

/** The next instant after `fromMs`, of those within a year, at which the zone sets its clock; `fromMs` itself if it sets none. */
function nextChange(timeZone: string, fromMs: number): number {
  const wall = openWall(timeZone);
  const offset = (at: number) => wall(at) * MINUTE_MS - at;
  const begin = offset(fromMs);
  for (let at = fromMs + DAY_MS; at < fromMs + 366 * DAY_MS; at += DAY_MS) {
    if (offset(at) === begin) continue;
    let before = at - DAY_MS;
    let after = at;
    while (after - before > MINUTE_MS) {
      const middle = Math.floor((before + after) / 2 / MINUTE_MS) * MINUTE_MS;
      if (offset(middle) === begin) before = middle;
      else after = middle;
    }
    return after;
  }
  return fromMs;
}

test("in every zone, around every change of its clock: what is due is what a walk through the minutes finds", () => {
  fc.assert(
    fc.property(anySchedule, anyMinute, (schedule, someTime) => {
      const change = nextChange(schedule.timeZone, someTime);
      const [from, until] = [change - WINDOW_MS, change + WINDOW_MS];
      const expected = [...walk(schedule.schedule, schedule.timeZone, from, until)];
      const back: number[] = [];
      for (let at = until; ; ) {
        const point = lastDue(schedule, new Date(at)).getTime();
        if (point < from) break;
        back.unshift(point);
        at = point - 1;
      }
      const on: number[] = [];
      for (let at = from - 1; ; ) {
        at = nextDue(schedule, new Date(at)).getTime();
        if (at > until) break;
        on.push(at);
      }
      expect({ back, on }).toEqual({ back: expected, on: expected });
    }),
    { numRuns: 100 },
  );
});
