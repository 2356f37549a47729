import fc from "fast-check";
import { expect, test } from "vitest";
import type { RotaConfig } from "../src/index.ts";
import { onDuty } from "../src/index.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ZONES = [
  "UTC",
  "Europe/Vienna",
  "America/New_York",
  "Australia/Lord_Howe", // half an hour of summer time
  "Africa/Casablanca", // summer time all year but in Ramadan
  "Pacific/Apia", // left out 30 December 2011
  "Asia/Kathmandu",
  "America/Santiago",
];

/** Milliseconds as if that wall were in UTC. */
const wall = (text: string) => Date.parse(`${text}Z`);

function aRota(fields: Partial<RotaConfig> = {}): RotaConfig {
  return {
    timeZone: "Europe/Vienna",
    startMs: wall("2026-11-23T09:00"),
    everyMs: 7 * DAY_MS,
    turns: [["ann@example.com"], ["bob@example.com"], ["cy@example.com"]],
    overrides: [],
    ...fields,
  };
}

/** What a wall clock there shows, by an independent way: the Swedish format is the ISO one. */
function shown(timeZone: string, at: Date): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" }).format(at);
}

const anyRota = fc.record({
  timeZone: fc.constantFrom(...ZONES),
  startMs: fc
    .integer({ min: wall("2010-01-01T00:00") / 60_000, max: wall("2027-01-01T00:00") / 60_000 })
    .map((m) => m * 60_000),
  everyMs: fc.oneof(
    fc.integer({ min: 1, max: 14 }).map((days) => days * DAY_MS),
    fc.integer({ min: 1, max: 48 }).map((hours) => hours * HOUR_MS),
  ),
  turns: fc
    .integer({ min: 1, max: 5 })
    .map((count) => Array.from({ length: count }, (_, index) => [`person${index}@example.com`])),
  overrides: fc.constant([]),
});
const anyInstant = fc
  .integer({ min: Date.parse("2010-01-01T00:00Z") / 1_000, max: Date.parse("2030-01-01T00:00Z") / 1_000 })
  .map((seconds) => new Date(seconds * 1_000));

test("a turn of a week hands over at nine on the wall, in summer and in winter", () => {
  const rota = aRota({ startMs: wall("2026-03-23T09:00") });
  const first = onDuty(rota, new Date("2026-03-24T12:00Z"));
  expect(first.to).toEqual(["ann@example.com"]);
  expect(first.since).toEqual(new Date("2026-03-23T08:00Z"));
  expect(first.until).toEqual(new Date("2026-03-30T07:00Z")); // an hour less: summer time begins on the 29th
  expect(onDuty(rota, first.until)).toMatchObject({
    to: ["bob@example.com"],
    until: new Date("2026-04-06T07:00Z"),
  });
});

test("somebody is on duty at every instant, for a span that holds it, and the next begins where it ends", () => {
  fc.assert(
    fc.property(anyRota, anyInstant, (rota, at) => {
      const duty = onDuty(rota, at);
      expect(duty.to.length).toBeGreaterThan(0);
      expect(at < duty.until).toBe(true);
      if (duty.since.getTime() > at.getTime()) {
        // before the start of the rota
        expect(duty.to).toEqual(rota.turns[0]);
        return;
      }
      const next = onDuty(rota, duty.until);
      expect(next.since).toEqual(duty.until);
      const before = onDuty(rota, new Date(duty.until.getTime() - 1_000));
      expect(before.until).toEqual(duty.until);
      expect(before.to).toEqual(duty.to);
    }),
    { numRuns: 400 },
  );
});

test("turns come in order: nobody is left out and nobody comes twice, but where a clock leaves out their whole turn", () => {
  fc.assert(
    fc.property(anyRota, anyInstant, (rota, start) => {
      let duty = onDuty(rota, start);
      if (duty.since > start) return;
      for (let turn = 0; turn < 30; turn += 1) {
        const next = onDuty(rota, duty.until);
        const index = rota.turns.findIndex(([address]) => address === duty.to[0]);
        const leftOut = rota.everyMs < 2 * DAY_MS && duty.until.getTime() - duty.since.getTime() < rota.everyMs;
        if (!leftOut) expect(next.to).toEqual(rota.turns[(index + 1) % rota.turns.length]);
        duty = next;
      }
    }),
    { numRuns: 60 },
  );
});

test("a hand-over shows the same time on the wall every day of the year, but on the day when that time is left out", () => {
  for (const timeZone of ZONES) {
    const rota = aRota({ timeZone, startMs: wall("2026-01-01T02:30"), everyMs: DAY_MS });
    let at = new Date("2026-01-02T12:00Z");
    let others = 0;
    for (let day = 0; day < 365; day += 1) {
      at = onDuty(rota, at).until;
      if (!shown(timeZone, at).endsWith("02:30")) others += 1;
    }
    expect(others).toBeLessThanOrEqual(1);
  }
});

test("an hour that a clock shows twice is one hand-over, at its first time", () => {
  const rota = aRota({ startMs: wall("2026-10-24T02:30"), everyMs: DAY_MS });
  const duty = onDuty(rota, new Date("2026-10-25T00:45Z"));
  expect(duty.since).toEqual(new Date("2026-10-25T00:30Z")); // 02:30 of summer
  expect(onDuty(rota, new Date("2026-10-25T01:35Z")).to).toEqual(duty.to); // 02:35 once more
});

test("an hour that a clock leaves out hands over when it is left out", () => {
  const rota = aRota({ startMs: wall("2026-03-28T02:30"), everyMs: DAY_MS });
  expect(onDuty(rota, new Date("2026-03-28T12:00Z")).until).toEqual(new Date("2026-03-29T01:00Z"));
});

test("who takes a holiday over is on duty for it alone, and the turns go on below", () => {
  const rota = aRota({
    overrides: [{ fromMs: wall("2026-12-24T00:00"), untilMs: wall("2026-12-27T00:00"), to: ["dee@example.com"] }],
  });
  const before = onDuty(rota, new Date("2026-12-23T12:00Z"));
  expect(before).toMatchObject({ to: ["bob@example.com"], until: new Date("2026-12-23T23:00Z") });
  const holiday = onDuty(rota, before.until);
  expect(holiday).toEqual({
    to: ["dee@example.com"],
    since: new Date("2026-12-23T23:00Z"),
    until: new Date("2026-12-26T23:00Z"),
  });
  expect(onDuty(rota, holiday.until)).toMatchObject({ to: ["bob@example.com"], until: new Date("2026-12-28T08:00Z") });
});
