import { expect, test } from "vitest";
import { formatWhatIf } from "../../src/what-if/format-what-if.ts";
import type { Judged } from "../../src/what-if/judge-again.ts";
import { Tally } from "../../src/what-if/tally.ts";
import type { Decision } from "../../src/what-if/what-if.ts";

const SHOWN: Decision = { verdict: "undecided", route: "human" };
const HIDDEN: Decision = { verdict: "spam", route: "archive" };
const DIGEST: Decision = { verdict: "genuine-dsn", route: "digest" };

function changed(id: string, before: Decision, after: Decision, alsoWithout?: boolean): Judged {
  const facts = { id, receivedAt: "2026-11-22T10:00:00.000Z", subject: "x", before, after, why: "This is spam." };
  const message = alsoWithout === undefined ? facts : { ...facts, alsoWithout };
  return { before, after, corrected: undefined, failed: false, changed: message };
}

const same = (decision: Decision): Judged => ({
  ...{ before: decision, after: decision, corrected: undefined, failed: false, changed: undefined },
});

function formatted(tally: Tally, supposed: readonly string[] = ["thresholds.spam 0.9"]): string {
  const head = { since: "2026-11-15T10:00:00.000Z", days: 7, supposed, withoutBytes: 0 };
  return formatWhatIf({ ...head, ...tally.result(supposed.length > 0) }, false);
}

test("the lists name first what the options change, then what would have changed anyway", () => {
  const tally = new Tally();
  tally.add(changed("anyway", SHOWN, HIDDEN, true));
  tally.add(changed("caused", SHOWN, HIDDEN, false));
  tally.add(changed("digested", SHOWN, DIGEST, false));
  tally.add(changed("shown", HIDDEN, SHOWN, false));
  tally.add(changed("between", DIGEST, HIDDEN, false));
  const { newlyHidden, newlyShown, changedAnyway } = tally.result(true);
  expect(newlyHidden.list.map(({ id }) => id)).toEqual(["caused", "digested", "anyway"]);
  expect(newlyShown.list.map(({ id }) => id)).toEqual(["shown"]);
  expect(changedAnyway).toBe(1);
  expect(formatted(tally)).toContain("undecided, human -> spam, archive; also without that");
});

test("however many would change, the lists stay bounded and say how many there are", () => {
  const tally = new Tally();
  for (let index = 0; index < 1_500; index += 1) tally.add(changed(`m${index}`, SHOWN, HIDDEN));
  const { newlyHidden } = tally.result(false);
  expect(newlyHidden.messages).toBe(1_500);
  expect(newlyHidden.list).toHaveLength(1_000);
  expect(formatted(tally, [])).toContain("  and 1475 more (--format json lists 1000)\n");
});

test("the table counts each change, the most frequent first", () => {
  const tally = new Tally();
  tally.add(changed("a", DIGEST, SHOWN, false));
  for (const id of ["b", "c"]) tally.add(changed(id, SHOWN, HIDDEN, false));
  tally.add(same(SHOWN));
  expect(formatted(tally)).toContain(
    [
      "",
      "  as decided             as it would be    messages",
      "  undecided, human       spam, archive            2",
      "  genuine-dsn, digest    undecided, human         1",
      "",
    ].join("\n"),
  );
});

test("a message that the classifier fails on is counted, and goes to the human", () => {
  const tally = new Tally();
  tally.add({ ...changed("a", HIDDEN, SHOWN), failed: true });
  expect(formatted(tally)).toContain("The classifier fails on 1 message: undecided, to the human.");
});

test("one message, one day and one correction are said as one", () => {
  const tally = new Tally();
  tally.add({ ...same(HIDDEN), corrected: "spam" });
  const text = formatted(tally, []);
  expect(text).toContain("1 message of the last 7 days, judged again as they would be today.");
  expect(text).toContain("Of 1 corrected message 1 would now be right (1 before).");
});
