import fc from "fast-check";
import { expect, test } from "vitest";
import { duePeriod } from "../src/digest/digest-period.ts";

const anySchedule = fc.record({
  schedule: fc.constantFrom("0 7 * * 1-5", "30 2 * * *", "0 * * * *", "0 0 1 * *", "59 23 * * SUN"),
  timeZone: fc.constantFrom("UTC", "Europe/Vienna", "America/New_York", "Australia/Lord_Howe"),
});
/** Any time of two years, and how long the service sleeps before it looks again: often a little, now and then for weeks. */
const anyYear = fc.date({ min: new Date("2026-01-01"), max: new Date("2027-12-01"), noInvalidDate: true });
const naps = fc.array(fc.oneof(fc.integer({ min: 0, max: 7_200_000 }), fc.integer({ min: 0, max: 2_000_000_000 })), {
  minLength: 2,
  maxLength: 40,
});

test("whenever somebody looks, periods only move on, end before they are due, and leave no instant out", () => {
  fc.assert(
    fc.property(anySchedule, anyYear, naps, (schedule, begin, pauses) => {
      let now = begin;
      let last = duePeriod(schedule, now).until;
      for (const pause of pauses) {
        now = new Date(now.getTime() + pause);
        const { until, due, firstSince } = duePeriod(schedule, now);
        expect(until.getTime()).toBeGreaterThanOrEqual(last.getTime());
        expect(until.getTime()).toBeLessThan(due.getTime());
        expect(due.getTime()).toBeLessThanOrEqual(now.getTime());
        expect(firstSince.getTime()).toBeLessThan(until.getTime());
        last = until;
      }
    }),
  );
});

test("over the change of the clocks each day has its digest, 23 and 25 hours long", () => {
  const schedule = { schedule: "0 7 * * *", timeZone: "Europe/Vienna" };
  const hours = (day: string) => {
    const { until, firstSince } = duePeriod(schedule, new Date(day));
    return (until.getTime() - firstSince.getTime()) / 3_600_000;
  };
  expect([hours("2026-03-28T12:00:00Z"), hours("2026-03-29T12:00:00Z"), hours("2026-10-25T12:00:00Z")]).toEqual([
    24, 23, 25,
  ]);
});
