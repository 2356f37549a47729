/** A small day through the real store and classifier; `npm run haystack` is the whole one. */
import { expect, test } from "vitest";
import { useDatabase } from "../support/use-database.ts";
import { assessDay } from "./assess-day.ts";
import { composeDay, type DaySize } from "./compose-day.ts";
import { runDay } from "./run-day.ts";
import { SITES } from "./site.ts";

const SMALL: DaySize = { joeJob: 300, nuisances: 40, problems: 36, letters: 15, feedbackReports: 9 };
const database = useDatabase();

test.each(Object.entries(SITES))(
  "in a joe job at a %s site, every letter and complaint and each real problem reach the human",
  async (_, site) => {
    const day = composeDay(site.ledgerShare === 1 ? 7 : 8, SMALL);
    const ran = await runDay(day, { databaseUrl: database.url, site });
    const { classes, problems } = assessDay(ran, { maxBesides: 60, noticedWithin: 5, maxNotices: 20 });
    const human = Object.fromEntries(classes.map((row) => [row.truth, row.human]));
    expect(human).toMatchObject({ letter: SMALL.letters, "feedback report": SMALL.feedbackReports });
    expect(problems).toHaveLength(6);
    // Messages that come at the same time are classified side by side: any of them may be the one that is delivered.
    expect(problems.filter(({ noticedWith }) => noticedWith === 0)).toEqual([]);
  },
);
