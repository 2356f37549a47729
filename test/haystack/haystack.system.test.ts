/** A small day through the real store and classifier, and into the humans' Maildirs; `npm run haystack` is the whole one. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { useDatabase } from "../support/use-database.ts";
import { assessDay } from "./assess-day.ts";
import { assessMails } from "./assess-mails.ts";
import { composeDay, type DaySize } from "./compose-day.ts";
import { readMaildirs } from "./read-maildirs.ts";
import { runDay } from "./run-day.ts";
import { SITES, TWO_HUMANS } from "./site.ts";

const SMALL: DaySize = { joeJob: 300, nuisances: 40, problems: 36, letters: 15, feedbackReports: 9 };
/** Each problem is noticed with its first message; one worker, so that there is a first one. */
const DEMANDS = { maxBesides: 60, noticedWithin: 1, maxNotices: 20 };
const database = useDatabase();

beforeEach(() => database.query("DROP SCHEMA IF EXISTS triage CASCADE"));

const everythingOf = (day: readonly { readonly truth: string; readonly human: number }[]) =>
  Object.fromEntries(day.map(({ truth, human }) => [truth, human]));
const EVERYTHING = { letter: SMALL.letters, "feedback report": SMALL.feedbackReports };

test("in a joe job at a plain site, every letter and complaint and the first message of each real problem is for the human", async () => {
  const site = SITES.plain;
  if (site === undefined) throw new Error("no such site");
  const { classes, problems, misses } = assessDay(
    await runDay(composeDay(8, SMALL), { databaseUrl: database.url, site, workers: 1 }),
    DEMANDS,
  );
  expect(everythingOf(classes)).toMatchObject(EVERYTHING);
  expect(problems.map(({ noticedWith }) => noticedWith)).toEqual([1, 1, 1, 1, 1, 1]);
  expect(misses).toEqual([]);
});

test("at a followed site with two humans, all of that lies in a Maildir at the end of the day, and nothing hides", async () => {
  const folder = await mkdtemp(join(tmpdir(), "triage-haystack-"));
  try {
    const delivered = { site: TWO_HUMANS, deliverTo: folder, workers: 1 };
    const ran = await runDay(composeDay(7, SMALL), { databaseUrl: database.url, ...delivered });
    const day = assessDay(ran, DEMANDS);
    expect(everythingOf(day.classes)).toMatchObject(EVERYTHING);
    expect(day.misses).toEqual([]);
    const mails = assessMails(ran.found, await readMaildirs(folder), DEMANDS);
    expect(mails.misses).toEqual([]);
    expect([mails.letters.found, mails.feedbackReports.found]).toEqual([SMALL.letters, SMALL.feedbackReports]);
    expect(mails.problems.map(({ noticedWith }) => noticedWith)).toEqual([1, 1, 1, 1, 1, 1]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
