import { expect, test } from "vitest";
import { useConfigFiles } from "./config-files.ts";

const { load, problemsOf } = useConfigFiles();

test("without a word a digest comes on weekdays at seven, UTC, to the humans without conditions", () => {
  expect(load("").digest).toEqual({
    schedule: "0 7 * * 1-5",
    timeZone: "UTC",
    to: [],
    always: false,
    maxEntries: 5,
  });
});

test.each(["0 0 29 2 *", "*/10 * * * *", "30 2,14 1-7 JAN,JUL Mon-Fri", "0 0 31 4 MON", "59 23 * * 7"])(
  "what cron takes is taken: %s",
  (schedule) => {
    expect(problemsOf(`digest: { schedule: "${schedule}" }`)).toEqual([]);
  },
);

test("it can be switched off", () => {
  expect(load("digest: { enabled: false }").digest).toBeUndefined();
});

test.each([
  [
    "schedule: seven o'clock",
    'digest.schedule must be five fields as cron has them, such as "0 7 * * 1-5", not "seven o\'clock"',
  ],
  [
    'schedule: "0 25 * * *"',
    'digest.schedule must be five fields as cron has them, such as "0 7 * * 1-5", not "0 25 * * *"',
  ],
  ['schedule: "0 0 31 2 *"', 'digest.schedule must name a day that comes, not "0 0 31 2 *"'],
  ['schedule: "0 0 31 4,6,9 *"', 'digest.schedule must name a day that comes, not "0 0 31 4,6,9 *"'],
  [
    'schedule: "0 7 L * *"',
    'digest.schedule must be five fields as cron has them, such as "0 7 * * 1-5", not "0 7 L * *"',
  ],
  [
    'schedule: "0 7 * JANFEB *"',
    'digest.schedule must be five fields as cron has them, such as "0 7 * * 1-5", not "0 7 * JANFEB *"',
  ],
  [
    'schedule: "* * * * * *"',
    'digest.schedule must be five fields as cron has them, such as "0 7 * * 1-5", not "* * * * * *"',
  ],
  ["timeZone: Vienna", 'digest.timeZone must be a time zone such as Europe/Vienna, not "Vienna"'],
  ["to: [ann]", 'digest.to[0] must be one of human, not "ann"'],
])("%s is refused with its line", (line, problem) => {
  expect(problemsOf(`digest:\n  ${line}`)).toEqual([`2: ${problem}`]);
});
