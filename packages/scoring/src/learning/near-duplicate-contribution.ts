/** What it adds that a human has corrected a message of nearly the same words. Pure. */
import type { Report } from "@triage/reports";
import { type Contribution, NOTHING } from "../add-up.ts";
import { NEAR_DUPLICATE_WEIGHTS } from "../weights.ts";
import type { WordPrint } from "./correction.ts";
import { COMPARED_KINDS } from "./describe-for-learning.ts";
import type { NearDuplicateEntry } from "./learned-data.ts";
import type { LearnedModel } from "./learned-model.ts";
import type { NearDuplicate } from "./near-duplicate-index.ts";

const CHECK = "near-duplicate";

type Near = NearDuplicate<NearDuplicateEntry>;

/** What is looked at of a report. */
type Compared = Pick<Report, "kind" | "traits">;

/** LIMIT: names come from outside. UTF-16 units. */
const MAX_NAME_CHARS = 60;

/** At least half of the first ones are among the others. */
function holds(words: readonly number[], others: readonly number[]): boolean {
  const shared = words.filter((word) => others.includes(word)).length;
  return shared * 2 >= words.length;
}

function agree(left: readonly number[], right: readonly number[]): boolean {
  return holds(left, right) && holds(right, left);
}

/** So many words in a row are no coincidence. */
const ROW_WORDS = 3;

/** Another name takes the place of a word; words of one's own stand before what began the known text. */
function hasWordsBefore(opening: readonly number[], known: readonly number[]): boolean {
  const row = known.slice(0, ROW_WORDS);
  const standsAt = (at: number) => row.every((word, index) => opening[at + index] === word);
  if (standsAt(0)) return false;
  return opening.some((word, at) => at > 0 && word === row[0] && (opening[0] !== word || standsAt(at)));
}

function beginsLike(opening: readonly number[], known: readonly number[]): boolean {
  return agree(opening, known) && !hasWordsBefore(opening, known);
}

function endsLike(closing: readonly number[], known: readonly number[]): boolean {
  return beginsLike([...closing].reverse(), [...known].reverse());
}

/** Traits of a person who writes about a message instead of sending it. */
const ABOUT_MAIL = ["reply-or-forward", "quoted-report", "attached-report"] as const;

/**
 * Who complains about spam may quote it whole and unmarked: nearly the same words. But his letter begins, ends or is
 * called otherwise, or answers something. Only what agrees in all of this is hidden.
 *
 * @returns What differs, or undefined.
 */
function differenceOf(print: WordPrint, report: Compared, { entry }: Near, isSubjectFree: boolean): string | undefined {
  if (ABOUT_MAIL.some((trait) => report.traits.includes(trait) && !entry.traits.includes(trait))) {
    return "answers or forwards something";
  }
  if (!isSubjectFree && !agree(print.subject, entry.print.subject)) return "has another subject";
  if (!beginsLike(print.opening, entry.print.opening)) return "begins otherwise";
  if (!endsLike(print.closing, entry.print.closing)) return "ends otherwise";
  return undefined;
}

/** Humans have corrected copies with different subjects: then another subject is no sign that somebody else writes. */
function varySubjects([first, ...others]: readonly Near[]): boolean {
  return first !== undefined && others.some(({ entry }) => !agree(entry.print.subject, first.entry.print.subject));
}

function sentenceOf({ entry: { by, verdict, day }, similarity }: Near): string {
  return `${Math.round(similarity * 100)} % the same words as a message that ${by.slice(0, MAX_NAME_CHARS)} corrected to ${verdict} on ${day}`;
}

/** Half of the weight at the least similarity that counts, all of it from `sure` on. */
function shareOf(similarity: number, { least, sure }: { readonly least: number; readonly sure: number }): number {
  return Math.min(1, 0.5 + (0.5 * (similarity - least)) / (sure - least));
}

function shownLine(near: Near): Contribution {
  const weight = NEAR_DUPLICATE_WEIGHTS.shown * shareOf(near.similarity, NEAR_DUPLICATE_WEIGHTS.similarity);
  return { check: CHECK, outcome: "pass", logOdds: { [near.entry.verdict]: weight }, detail: sentenceOf(near) };
}

function hiddenLine(near: Near): Contribution {
  const { verdict } = near.entry;
  const most = verdict === "automated" ? NEAR_DUPLICATE_WEIGHTS.automated : NEAR_DUPLICATE_WEIGHTS.spam;
  const weight = most * shareOf(near.similarity, NEAR_DUPLICATE_WEIGHTS.similarity);
  return { check: CHECK, outcome: "fail", logOdds: { [verdict]: weight }, detail: sentenceOf(near) };
}

function uncountedLine(near: Near, difference: string): Contribution {
  const detail = `${sentenceOf(near)}, but it ${difference}: it may be about that message`;
  return { check: CHECK, outcome: "neutral", logOdds: NOTHING, detail };
}

/** The most similar one that differs in nothing, else why the most similar one does not count. */
function hidingLines(found: readonly Near[], print: WordPrint, report: Compared): Contribution[] {
  const isSubjectFree = varySubjects(found);
  let uncounted: Contribution | undefined;
  for (const near of found) {
    const difference = differenceOf(print, report, near, isSubjectFree);
    if (difference === undefined) return [hiddenLine(near)];
    uncounted ??= uncountedLine(near, difference);
  }
  return uncounted === undefined ? [] : [uncounted];
}

/**
 * One line, or none. What a human called a letter is shown, whatever others said of messages like it.
 *
 * @param printOf  Asked only where there is something to compare with.
 */
export function contributionsOfNearDuplicates(
  printOf: () => WordPrint | undefined,
  report: Compared,
  { shown, hidden }: LearnedModel,
): Contribution[] {
  if (shown.size + hidden.size === 0 || !COMPARED_KINDS.has(report.kind)) return [];
  const print = printOf();
  if (print === undefined) return [];
  const { least } = NEAR_DUPLICATE_WEIGHTS.similarity;
  const [toShow] = shown.near(print, least);
  if (toShow !== undefined) return [shownLine(toShow)];
  return hidingLines(hidden.near(print, least), print, report);
}
