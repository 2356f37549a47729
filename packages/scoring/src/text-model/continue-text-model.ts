/**
 * Goes on counting where training stopped: natural's classifier is restored from the counts of a model, gets more
 * messages, and gives back what it counted on top. Pure; natural is loaded when it is called.
 */

import type { TrainingSample } from "./select-features.ts";
import {
  type ModelToken,
  parseCounts,
  type TextClass,
  type TextModelData,
  type TokenCount,
} from "./text-model-data.ts";
import { SMOOTHING } from "./train-text-model.ts";

/** Messages between two pauses: some 10 ms. */
const SLICE = 16;

/** natural asks each message for each of some thousand tokens, by `indexOf`: a set answers ten times as fast as the list. */
function quickToSearch(tokens: readonly string[]): string[] {
  const present = new Set(tokens);
  return Object.assign([...tokens], { indexOf: (token: string) => (present.has(token) ? 0 : -1) });
}

/** natural's classifier as it stood after training, as far as `tokens` go; new ones have no count yet. */
function stateOf({ documents }: TextModelData, tokens: readonly string[], known: ReadonlyMap<string, ModelToken>) {
  const countsOf = (label: TextClass) =>
    Object.fromEntries(
      tokens.flatMap((token, index) => {
        const count = known.get(token)?.[label] ?? 0;
        return count === 0 ? [] : [[index, count + SMOOTHING]];
      }),
    );
  return {
    docs: [],
    lastAdded: 0,
    // Occurrences in all; natural reads the keys alone.
    features: Object.fromEntries(tokens.map((token) => [token, 0])),
    classifier: {
      smoothing: SMOOTHING,
      totalExamples: documents.letter + documents.spam + 1,
      classTotals: { letter: documents.letter + 1, spam: documents.spam + 1 },
      classFeatures: { letter: countsOf("letter"), spam: countsOf("spam") },
    },
  };
}

/**
 * @param samples  Their tokens must be among `tokens`; each is counted once.
 * @param tokens   Those to count, sorted. Tokens of the model that are left out keep their counts.
 * @param pause    Awaited between slices of some 20 ms, so that whoever calls can do something else.
 * @returns        What was counted on top of `base`, of tokens in the order given.
 */
export async function continueTextModel(
  base: TextModelData,
  samples: readonly Omit<TrainingSample, "copies">[],
  tokens: readonly string[],
  pause: () => Promise<unknown>,
): Promise<TokenCount[]> {
  const { default: BayesClassifier } = await import("natural/lib/natural/classifiers/bayes_classifier.js");
  await pause();
  const known = new Map(parseCounts(base.counts).map((token) => [token.token, token]));
  const classifier = BayesClassifier.restore(stateOf(base, tokens, known));
  await pause();
  for (const [index, sample] of samples.entries()) {
    classifier.addDocument(quickToSearch(sample.tokens), sample.label);
    if (index % SLICE !== SLICE - 1) continue;
    classifier.train();
    await pause();
  }
  classifier.train();
  const { classFeatures } = classifier.classifier;
  const added = (token: string, index: number, label: TextClass) =>
    Math.round((classFeatures[label]?.[index] ?? SMOOTHING) - SMOOTHING) - (known.get(token)?.[label] ?? 0);
  return tokens.map((token, index) => ({
    token,
    letter: added(token, index, "letter"),
    spam: added(token, index, "spam"),
  }));
}
