import { lastDue, nextDue } from "@triage/runtime";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const WEEKDAYS = "0 7 * * 1-5";
const iso = (time: Date) => time.toISOString().replace(".000Z", "Z");

describe("weekdays at seven", () => {
  const schedule = { schedule: WEEKDAYS, timeZone: "Europe/Vienna" };

  test("is seven o'clock there, in winter and in summer", () => {
    expect(iso(nextDue(schedule, new Date("2026-01-14T00:00:00Z")))).toBe("2026-01-14T06:00:00Z");
    expect(iso(nextDue(schedule, new Date("2026-07-15T00:00:00Z")))).toBe("2026-07-15T05:00:00Z");
  });

  test("after Friday comes Monday", () => {
    expect(iso(nextDue(schedule, new Date("2026-11-20T06:00:00Z")))).toBe("2026-11-23T06:00:00Z");
    expect(iso(lastDue(schedule, new Date("2026-11-23T05:59:59.999Z")))).toBe("2026-11-20T06:00:00Z");
  });

  test("a point is due in the very millisecond that it names", () => {
    const point = new Date("2026-11-23T06:00:00Z");
    expect(lastDue(schedule, point)).toEqual(point);
    expect(lastDue(schedule, new Date(point.getTime() + 1))).toEqual(point);
  });
});

describe("when clocks change", () => {
  const nightly = { schedule: "30 2 * * *", timeZone: "Europe/Vienna" };

  test("half past two that does not exist comes an hour later", () => {
    // 29 March 2026: 02:00 is 03:00
    expect(iso(nextDue(nightly, new Date("2026-03-28T12:00:00Z")))).toBe("2026-03-29T01:30:00Z");
  });

  test("half past two that comes twice counts once", () => {
    // 25 October 2026: 03:00 is 02:00
    const first = nextDue(nightly, new Date("2026-10-24T12:00:00Z"));
    const second = nextDue(nightly, first);
    expect(second.getTime() - first.getTime()).toBeGreaterThan(23 * 3_600_000);
  });
});

const anySchedule = fc.record({
  schedule: fc.constantFrom(
    WEEKDAYS,
    "30 2 * * *",
    "0 * * * *",
    "*/10 * * * *",
    "0 0 1 * *",
    "15 3 * * SUN",
    "59 23 * * *",
  ),
  timeZone: fc.constantFrom("UTC", "Europe/Vienna", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"),
});
const anyTime = fc.date({
  min: new Date("2026-01-01T00:00:00Z"),
  max: new Date("2028-01-01T00:00:00Z"),
  noInvalidDate: true,
});

test("whoever asks, whenever: the last point is never in the future, and none lies between it and the question", () => {
  fc.assert(
    fc.property(anySchedule, anyTime, (schedule, now) => {
      const last = lastDue(schedule, now);
      expect(last.getTime()).toBeLessThanOrEqual(now.getTime());
      expect(lastDue(schedule, last)).toEqual(last);
      expect(nextDue(schedule, now).getTime()).toBeGreaterThan(now.getTime());
      expect(lastDue(schedule, new Date(nextDue(schedule, now).getTime() - 1)).getTime()).toBeLessThanOrEqual(
        now.getTime(),
      );
    }),
  );
});
