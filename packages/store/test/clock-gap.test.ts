import { expect, test } from "vitest";
import { findClockGap } from "../src/retention/clock-gap.ts";

const DAY_MS = 86_400_000;
const RUN = 20_000;
const day = (number: number) => new Date(number * DAY_MS);
const ask = (at: number, days: readonly number[], retentionDays = 30) =>
  findClockGap({ lastRun: day(RUN), days, at: day(at) }, retentionDays);

test("a run yesterday leaves no doubt, however long no mail came", () => {
  expect(ask(RUN + 1, [RUN - 300])).toBeUndefined();
});

test("neither run nor mail for more than two thirds of the retention is a gap", () => {
  expect(ask(RUN + 20, [])).toBeUndefined();
  expect(ask(RUN + 21, [])).toEqual({ from: day(RUN), to: day(RUN + 21) });
});

test("mail that the jumped clock dates does not close the gap; mail that came all along does", () => {
  expect(ask(RUN + 365, [RUN, RUN + 363, RUN + 364])).toEqual({ from: day(RUN), to: day(RUN + 363) });
  expect(ask(RUN + 40, [RUN + 15, RUN + 30])).toBeUndefined();
});

test("a week without anything is none, however short the retention", () => {
  expect(ask(RUN + 7, [], 1)).toBeUndefined();
  expect(ask(RUN + 8, [], 1)).toBeDefined();
});

test("without a run before, and with one that is dated ahead, nothing is known", () => {
  expect(findClockGap({ lastRun: undefined, days: [1], at: day(RUN) }, 30)).toBeUndefined();
  expect(ask(RUN - 365, [RUN - 400])).toBeUndefined();
});
