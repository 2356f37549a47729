/**
 * Trains the text model with natural's Bayes classifier and takes its counts out as data.
 *
 * natural is loaded here and nowhere else, and only when it is called: classifying needs the counts alone. Pure.
 */
import { fitFactors } from "./fit-factors.ts";
import { countDocuments, selectFeatures, type TrainingSample } from "./select-features.ts";
import {
  type Calibration,
  formatCounts,
  type TextClass,
  type TextModelData,
  type TokenCount,
} from "./text-model-data.ts";

/** Half a message: less makes tokens that one class never had too sure (5 points fewer spams found at no letter hidden). */
export const SMOOTHING = 0.5;

type Classifier = InstanceType<typeof import("natural/lib/natural/classifiers/bayes_classifier.js").default>;

/**
 * natural looks each of its features up in each document, by a search through the list: many minutes for 20,000 of them. This looks the
 * document's tokens up among the features instead, and gives the same list.
 */
function lookUpByToken(classifier: Classifier): void {
  const indexOf = new Map(Object.keys(classifier.features).map((token, index) => [token, index]));
  classifier.textToFeatures = (tokens) => {
    const features = new Array<number>(indexOf.size).fill(0);
    for (const token of tokens) {
      const index = indexOf.get(token);
      if (index !== undefined) features[index] = 1;
    }
    return features;
  };
}

export interface TrainingProgress {
  readonly done: number;
  readonly total: number;
}

/**
 * Trains on all samples.
 *
 * @param samples      In any fixed order: the same samples in the same order give the same bytes.
 * @param calibration  Fitted on held-out folds (`crossValidate`).
 * @returns            Data for `TextModel`. Takes some seconds.
 */
export async function trainTextModel(
  samples: readonly TrainingSample[],
  calibration: Calibration,
  onProgress: (progress: TrainingProgress) => void = () => {},
): Promise<TextModelData> {
  const { default: BayesClassifier } = await import("natural/lib/natural/classifiers/bayes_classifier.js");
  const selected = new Set(selectFeatures(samples).map(({ token }) => token));
  const classifier = new BayesClassifier(undefined, SMOOTHING);
  for (const { tokens, label, copies } of samples) {
    const known = tokens.filter((token) => selected.has(token));
    for (let copy = 0; copy < copies; copy++) classifier.addDocument(known, label);
  }
  lookUpByToken(classifier);
  classifier.on("trainedWithDocument", ({ index, total }) => onProgress({ done: index + 1, total }));
  classifier.train();
  const head = { smoothing: SMOOTHING, documents: countDocuments(samples) };
  const counts = formatCounts(fitFactors(samples, countsOf(classifier), head));
  return { format: 3, ...head, calibration, counts };
}

type Trained = {
  readonly features: Readonly<Record<string, number>>;
  readonly classifier: { readonly classFeatures: Readonly<Record<string, Readonly<Record<number, number>>>> };
};

/** natural keeps `count + smoothing`, and nothing for a token that a class never had. */
function countsOf({ features, classifier }: Trained): TokenCount[] {
  const countIn = (label: TextClass, index: number) => {
    const smoothed = classifier.classFeatures[label]?.[index];
    return smoothed === undefined ? 0 : Math.round(smoothed - SMOOTHING);
  };
  return Object.keys(features)
    .map((token, index) => ({ token, letter: countIn("letter", index), spam: countIn("spam", index) }))
    .sort((left, right) => (left.token < right.token ? -1 : 1));
}
