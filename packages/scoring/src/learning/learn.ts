/**
 * Corrections in, what they teach out: the words of letters and spam, counted by natural on top of the base model, and
 * the messages whose near-duplicates are to be known again. Pure; what it makes is compared by compareModels before it is used.
 */
import { continueTextModel } from "../text-model/continue-text-model.ts";
import { readMessageText } from "../text-model/message-text.ts";
import { MODEL_DATA } from "../text-model/model-data.ts";
import type { TrainingSample } from "../text-model/select-features.ts";
import { formatCounts, parseCounts, type TextClass, type TextModelData } from "../text-model/text-model-data.ts";
import { NEAR_DUPLICATE_WEIGHTS } from "../weights.ts";
import type { CheckMessage } from "./check-set.ts";
import { chooseCorrections, dayOf, HIDDEN_CLASSES } from "./choose-corrections.ts";
import type { Correction, StoredPrint } from "./correction.ts";
import { storePrint } from "./describe-for-learning.ts";
import type { LearnedData, LearnedWords, NearDuplicateEntry } from "./learned-data.ts";
import { DEFAULT_LEARNING_LIMITS, type LearningLimits } from "./learning-limits.ts";
import { NearDuplicateIndex } from "./near-duplicate-index.ts";
import { printWords } from "./print-words.ts";
import { filterInSlices, inSlices, NO_PAUSE, type Pause } from "./slices.ts";

/** Written letters count ten times in training; a real one that a human has judged is worth some of these. */
const COPIES = 4;

/** A new token of fewer corrected messages tells more about those messages than about their class (as in training). */
const MIN_MESSAGES = 3;

/** LIMIT: the base model has 20,000. */
const MAX_NEW_TOKENS = 1000;

/** Messages compared between two pauses: some 10 ms. */
const SLICE = 100;

/** Where the fit of factors starts from what it knows nothing about. */
const NEUTRAL_FACTOR = 0.5;

export interface LearningInput {
  /** Default: the model that ships with the service. */
  readonly base?: TextModelData;
  /** In any order; the same ones give the same bytes. */
  readonly corrections: readonly Correction[];
  readonly now: Date;
  readonly limits?: LearningLimits;
  /** What calls a near-duplicate of one of its letters spam is left out, so that one such correction does not hold up all others. */
  readonly checkSet?: readonly CheckMessage[];
  /** Awaited every some 20 ms. */
  readonly pause?: Pause;
}

/** The tokens to count: the model's own, and new ones that several corrections have, the most frequent first. */
function chooseTokens(corrections: readonly Correction[], known: ReadonlySet<string>): string[] {
  const messages = new Map<string, number>();
  for (const { features } of corrections) {
    for (const token of new Set(features.tokens)) messages.set(token, (messages.get(token) ?? 0) + 1);
  }
  const fresh = [...messages]
    .filter(([token, count]) => count >= MIN_MESSAGES && !known.has(token))
    .sort(([left, count], [right, other]) => other - count || (left < right ? -1 : 1))
    .slice(0, MAX_NEW_TOKENS)
    .map(([token]) => token);
  return [...[...messages.keys()].filter((token) => known.has(token)), ...fresh].sort();
}

function toSamples(corrections: readonly Correction[], tokens: readonly string[]): Omit<TrainingSample, "copies">[] {
  const counted = new Set(tokens);
  return corrections.map(({ verdict, features }) => ({
    tokens: [...new Set(features.tokens)].filter((token) => counted.has(token)),
    label: verdict === "spam" ? "spam" : "letter",
  }));
}

async function learnWords(
  base: TextModelData,
  corrections: readonly Correction[],
  pause: Pause,
): Promise<LearnedWords> {
  const factors = new Map(parseCounts(base.counts).map(({ token, factor }) => [token, factor]));
  const tokens = chooseTokens(corrections, new Set(factors.keys()));
  await pause();
  // natural drops messages without any token, so they must not be counted as documents either.
  const samples = toSamples(corrections, tokens).filter((sample) => sample.tokens.length > 0);
  const added = samples.length === 0 ? [] : await continueTextModel(base, samples, tokens, pause);
  const documentsOf = (label: TextClass) => samples.filter((sample) => sample.label === label).length * COPIES;
  return {
    documents: { letter: documentsOf("letter"), spam: documentsOf("spam") },
    counts: formatCounts(
      added.map(({ token, letter, spam }) => ({
        token,
        letter: letter * COPIES,
        spam: spam * COPIES,
        factor: factors.get(token) ?? NEUTRAL_FACTOR,
      })),
    ),
  };
}

function toEntry(correction: Correction): NearDuplicateEntry[] {
  const { id, verdict, by, features } = correction;
  if (features.print === null) return [];
  return [{ correction: id, verdict, by, day: dayOf(correction), traits: features.traits, print: features.print }];
}

/**
 * Copies of one mailing differ in links, addresses and numbers only, of which a print holds nothing: hundreds of corrections of it
 * are one entry, the newest. Two that differ in anything else both stay.
 */
function withoutCopies(entries: readonly NearDuplicateEntry[]): NearDuplicateEntry[] {
  const seen = new Set<string>();
  return entries.filter(({ verdict, traits, print }) => {
    const { size } = seen;
    return seen.add(JSON.stringify([verdict, traits, print])).size > size;
  });
}

/** Ids of those that would hide a message which is nearly a letter of the check set. */
async function findLeftOut(
  entries: readonly NearDuplicateEntry[],
  checkSet: readonly CheckMessage[],
  pause: Pause,
): Promise<string[]> {
  const index = new NearDuplicateIndex<{ readonly print: StoredPrint }>();
  for await (const slice of inSlices(checkSet, SLICE, pause)) index.add(slice.flatMap(printLetter));
  const { least } = NEAR_DUPLICATE_WEIGHTS.similarity;
  const isNearLetter = ({ verdict, print }: NearDuplicateEntry) =>
    HIDDEN_CLASSES.has(verdict) && index.near(print, least).length > 0;
  const near = await filterInSlices(entries, isNearLetter, SLICE, pause);
  return near.map(({ correction }) => correction).sort();
}

function printLetter({ label, message }: CheckMessage): { readonly print: StoredPrint }[] {
  const print = label === "letter" ? printWords(readMessageText(message)) : undefined;
  return print === undefined ? [] : [{ print: storePrint(print) }];
}

/** @returns What LearnedModel takes. Well under a millisecond a correction; without any, NOTHING_LEARNED. */
export async function learn({
  base = MODEL_DATA,
  corrections,
  now,
  limits = DEFAULT_LEARNING_LIMITS,
  checkSet = [],
  pause = NO_PAUSE,
}: LearningInput): Promise<LearnedData> {
  const chosen = await chooseCorrections(corrections, now, limits, pause);
  await pause();
  const entries = chosen.nearDuplicates.flatMap(toEntry);
  const leftOut = await findLeftOut(entries, checkSet, pause);
  const isLeftOut = new Set(leftOut);
  return {
    format: 1,
    words: await learnWords(base, chosen.words, pause),
    nearDuplicates: withoutCopies(entries.filter(({ correction }) => !isLeftOut.has(correction))),
    leftOut,
  };
}
