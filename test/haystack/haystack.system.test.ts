/** A small day through the real store and classifier; `npm run haystack` is the whole one. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { useDatabase } from "../support/use-database.ts";
import { assessDay } from "./assess-day.ts";
import { composeDay, type DaySize } from "./compose-day.ts";
import { runDay } from "./run-day.ts";

const SMALL: DaySize = { joeJob: 350, nuisances: 60, problems: 42, letters: 30, feedbackReports: 18 };
const CONFIG = fileURLToPath(new URL("triage.yaml", import.meta.url));
const database = useDatabase();

test("in the middle of a joe job, every letter and complaint and each real problem reach the human", async () => {
  const day = composeDay(7, SMALL);
  const ran = await runDay(day, { databaseUrl: database.url, configPath: CONFIG });
  const { classes, problems } = assessDay(ran, { maxBesides: 150, noticedWithin: 5, maxNotices: 10 });
  const human = Object.fromEntries(classes.map((row) => [row.truth, row.human]));
  expect(human).toMatchObject({ letter: SMALL.letters, "feedback report": SMALL.feedbackReports });
  expect(problems).toHaveLength(6);
  expect(problems.filter(({ noticedWith }) => noticedWith === 0 || noticedWith > 5)).toEqual([]);
});
