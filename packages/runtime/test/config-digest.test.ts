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
  [
    'schedule: "0 0 31 2 *"',
    'digest.schedule must be five fields as cron has them, such as "0 7 * * 1-5", not "0 0 31 2 *"',
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
