/** Which corrections teach: what each corrector said last of a message and its near-duplicates, within the limits of each corrector, key and day. Pure. */
import type { VerdictClass } from "../verdict.ts";
import type { Correction } from "./correction.ts";
import { COMPARED_KINDS, WORDED_KINDS } from "./describe-for-learning.ts";
import type { LearningLimits } from "./learning-limits.ts";
import { byTime, withoutRevised } from "./revised-corrections.ts";
import type { Pause } from "./slices.ts";

const DAY_MS = 86_400_000;

/** What a near-duplicate may be shown as. */
export const SHOWN_CLASSES: ReadonlySet<VerdictClass> = new Set(["user-report", "genuine-dsn"]);

/** What it may be hidden as. Not as backscatter: who sent the returned message is known by provenance alone. */
export const HIDDEN_CLASSES: ReadonlySet<VerdictClass> = new Set(["spam", "automated"]);

/** The day of a correction, UTC: `2026-11-20`. */
export function dayOf({ at }: Correction): string {
  return at.toISOString().slice(0, 10);
}

/** Of each message what was said of it last. */
function latestOfEach(sorted: readonly Correction[]): Correction[] {
  const latest = new Map(sorted.map((correction) => [correction.messageId, correction]));
  return sorted.filter((correction) => latest.get(correction.messageId) === correction);
}

/** The first so many of each group, in the order given. */
function firstOfEach(
  corrections: readonly Correction[],
  groupOf: (correction: Correction) => string,
  most: number,
): Correction[] {
  const counts = new Map<string, number>();
  return corrections.filter((correction) => {
    const group = groupOf(correction);
    const count = (counts.get(group) ?? 0) + 1;
    counts.set(group, count);
    return count <= most;
  });
}

function keyOf({ key }: Correction): string {
  return key;
}

function correctorOf({ key, by }: Correction): string {
  return JSON.stringify([key, by]);
}

/** Of each corrector and day, and of each key and day, the first ones. */
export function withinDay(
  corrections: readonly Correction[],
  { perCorrectorAndDay, perKeyAndDay }: Pick<LearningLimits, "perCorrectorAndDay" | "perKeyAndDay">,
): Correction[] {
  const sorted = [...corrections].sort(byTime);
  const ofCorrector = firstOfEach(sorted, (one) => `${dayOf(one)} ${correctorOf(one)}`, perCorrectorAndDay);
  return firstOfEach(ofCorrector, (one) => `${dayOf(one)} ${one.key}`, perKeyAndDay);
}

export interface ChosenCorrections {
  /** Those that teach words, by time. */
  readonly words: readonly Correction[];
  /** Those whose near-duplicates are known, the newest first. */
  readonly nearDuplicates: readonly Correction[];
}

/**
 * @param corrections  In any order.
 * @param now          Corrections after it, and those older than `maxAgeDays`, do not count.
 */
export async function chooseCorrections(
  corrections: readonly Correction[],
  now: Date,
  limits: LearningLimits,
  pause: Pause,
): Promise<ChosenCorrections> {
  const oldest = now.getTime() - limits.maxAgeDays * DAY_MS;
  const inTime = corrections.filter(({ at }) => at.getTime() >= oldest && at <= now);
  const readable = inTime.filter(({ features }) => features.format === 1);
  const latest = await withoutRevised(latestOfEach(readable.sort(byTime)), pause);
  await pause();
  const teaching = withinDay(latest, limits);
  await pause();
  const allowed = new Set(teaching);
  const comparable = latest.filter((correction) => hasPrint(correction) && mayBeCompared(correction, allowed));
  const worded = firstOfEach(teaching.filter(teachesWords).reverse(), correctorOf, limits.wordsPerCorrector);
  return {
    words: firstOfEach(worded, keyOf, limits.wordsPerKey).slice(0, limits.words).reverse(),
    nearDuplicates: firstOfEach(comparable.reverse(), keyOf, limits.nearDuplicatesPerKey).slice(
      0,
      limits.nearDuplicates,
    ),
  };
}

/** Words tell a letter from spam, and nothing else. */
function teachesWords({ verdict, features }: Correction): boolean {
  return (
    (verdict === "spam" || verdict === "user-report") && WORDED_KINDS.has(features.kind) && features.tokens.length > 0
  );
}

/** Showing is cheap: what is to be shown is known without the limit of a day. */
function mayBeCompared(correction: Correction, allowed: ReadonlySet<Correction>): boolean {
  if (SHOWN_CLASSES.has(correction.verdict)) return true;
  return HIDDEN_CLASSES.has(correction.verdict) && allowed.has(correction);
}

function hasPrint({ features }: Correction): boolean {
  return features.print !== null && COMPARED_KINDS.has(features.kind);
}
