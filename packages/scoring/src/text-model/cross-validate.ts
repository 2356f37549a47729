/**
 * What the text model does on mail that it was not trained on, and the calibration that follows from it. Pure.
 *
 * The folds count tokens directly instead of asking natural: a test holds that both count the same.
 */
import { fitFactors } from "./fit-factors.ts";
import { countDocuments, selectFeatures, type TrainingSample } from "./select-features.ts";
import { TextModel } from "./text-model.ts";
import { type Calibration, formatCounts, type TextClass } from "./text-model-data.ts";
import { TokenHits } from "./token-hits.ts";
import { SMOOTHING } from "./train-text-model.ts";

const NEUTRAL: Calibration = { slope: 1, intercept: 0 };

/** Newton's method on a convex function of two variables: it is there after some ten steps. */
const NEWTON_STEPS = 50;

/** One sample, judged by a model that never saw it. */
export interface HeldOut {
  /** Index into the samples. */
  readonly index: number;
  readonly label: TextClass;
  /** `TextModel.score` */
  readonly score: number;
}

/** A model of the counts alone. */
export function countTextModel(samples: readonly TrainingSample[], calibration = NEUTRAL): TextModel {
  const head = { smoothing: SMOOTHING, documents: countDocuments(samples) };
  const counts = formatCounts(fitFactors(samples, selectFeatures(samples), head));
  return new TextModel({ format: 3, ...head, calibration, counts });
}

/**
 * @param foldOf  Fold of each sample, 0 to folds - 1.
 * @returns       Every sample once, judged by the model of the other folds.
 */
export function crossValidate(samples: readonly TrainingSample[], foldOf: readonly number[], folds: number): HeldOut[] {
  const heldOut: HeldOut[] = [];
  for (let fold = 0; fold < folds; fold++) {
    const model = countTextModel(samples.filter((_, index) => foldOf[index] !== fold));
    samples.forEach(({ tokens, label }, index) => {
      if (foldOf[index] !== fold) return;
      const hits = new TokenHits();
      for (const token of tokens) model.addToken(token, hits);
      heldOut.push({ index, label, score: model.score(hits) });
    });
  }
  return heldOut;
}

/**
 * Platt scaling: logistic regression of the class on the score, with both classes weighing the same, so that the
 * result is evidence and no prior.
 */
export function fitCalibration(heldOut: readonly HeldOut[]): Calibration {
  const spams = heldOut.filter(({ label }) => label === "spam").length;
  const weightOf = { spam: 0.5 / spams, letter: 0.5 / (heldOut.length - spams) };
  let slope = 1;
  let intercept = 0;
  for (let step = 0; step < NEWTON_STEPS; step++) {
    let [gradientSlope, gradientIntercept, ss, si, ii] = [0, 0, 1e-9, 0, 1e-9];
    for (const { score: x, label } of heldOut) {
      const probability = 1 / (1 + Math.exp(-(slope * x + intercept)));
      const error = weightOf[label] * ((label === "spam" ? 1 : 0) - probability);
      const curvature = weightOf[label] * probability * (1 - probability);
      gradientSlope += error * x;
      gradientIntercept += error;
      ss += curvature * x * x;
      si += curvature * x;
      ii += curvature;
    }
    const determinant = ss * ii - si * si;
    slope += (ii * gradientSlope - si * gradientIntercept) / determinant;
    intercept += (ss * gradientIntercept - si * gradientSlope) / determinant;
  }
  return { slope: rounded(slope), intercept: rounded(intercept) };
}

/** Four digits are more than the data supports, and keep the last bits of a sum out of the generated file. */
function rounded(value: number): number {
  return Number(value.toFixed(4));
}
