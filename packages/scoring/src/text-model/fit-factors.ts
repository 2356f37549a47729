/**
 * How much of each token's log-likelihood ratio counts: logistic regression on top of the Bayes counts.
 *
 * Naive Bayes takes the words of a message for independent; they are not ("click", "here" and a link come together), so
 * its sums are far too sure. Each ratio gets a factor, fitted so that the scaled sum separates letters from spam, and held
 * near NEUTRAL_FACTOR where few messages speak. Stochastic gradient descent with a step of its own for each token
 * (AdaGrad); the order of the samples is shuffled by a fixed generator, so that the same samples give the same factors. Pure.
 */
import type { TrainingSample } from "./select-features.ts";
import { logRatio, scaleOf } from "./text-model.ts";
import type { ModelToken, TextModelData, TokenCount } from "./text-model-data.ts";

const EPOCHS = 30;
const STEP = 0.1;
const PULL = 1e-4;
const NEUTRAL_FACTOR = 0.5;
const FIRST_FACTOR = 0.1;

/** One sample as the descent sees it. */
interface Example {
  /** Indexes of its tokens. */
  readonly tokens: Int32Array;
  readonly scale: number;
  readonly target: 0 | 1;
  readonly weight: number;
}

/** Numerical Recipes' linear congruential generator: good enough for shuffling, and the same everywhere. */
function shuffler(): (examples: Example[]) => void {
  let state = 42;
  const next = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  return (examples) => {
    for (let last = examples.length - 1; last > 0; last--) {
      const other = next(last + 1);
      [examples[last], examples[other]] = [examples[other] as Example, examples[last] as Example];
    }
  };
}

function toExamples(samples: readonly TrainingSample[], counts: readonly TokenCount[]): Example[] {
  const indexOf = new Map(counts.map(({ token }, index) => [token, index]));
  const copies = { letter: 0, spam: 0 };
  for (const sample of samples) copies[sample.label] += sample.copies;
  // Both classes weigh the same in all.
  const balance = { letter: 1, spam: copies.spam === 0 ? 1 : copies.letter / copies.spam };
  return samples.map(({ tokens, label, copies: weight }) => {
    const known = tokens.flatMap((token) => indexOf.get(token) ?? []);
    return {
      tokens: Int32Array.from(known),
      scale: scaleOf(known.length),
      target: label === "spam" ? 1 : 0,
      weight: weight * balance[label],
    };
  });
}

class Descent {
  readonly factors: Float64Array;
  readonly #ratios: Float64Array;
  readonly #squares: Float64Array;
  #bias = 0;
  #biasSquares = 0;

  constructor(ratios: Float64Array) {
    this.#ratios = ratios;
    this.factors = new Float64Array(ratios.length).fill(FIRST_FACTOR);
    this.#squares = new Float64Array(ratios.length);
  }

  learn({ tokens, scale, target, weight }: Example): void {
    let sum = this.#bias;
    for (const index of tokens) sum += this.#at(this.factors, index) * this.#at(this.#ratios, index) * scale;
    const error = weight * (1 / (1 + Math.exp(-sum)) - target);
    for (const index of tokens) {
      const factor = this.#at(this.factors, index);
      const gradient = error * this.#at(this.#ratios, index) * scale + PULL * (factor - NEUTRAL_FACTOR);
      this.#squares[index] = this.#at(this.#squares, index) + gradient * gradient;
      this.factors[index] = factor - (STEP * gradient) / Math.sqrt(this.#at(this.#squares, index) + 1e-8);
    }
    this.#biasSquares += error * error;
    this.#bias -= (STEP * error) / Math.sqrt(this.#biasSquares + 1e-8);
  }

  #at(values: Float64Array, index: number): number {
    return values[index] ?? 0;
  }
}

/** Three digits are more than the data supports, and keep the last bits of a sum out of the generated file. */
const rounded = (factor: number) => Number(factor.toFixed(3));

/**
 * @param counts  The selected tokens with their counts in the same samples.
 * @returns       The same with a factor each. A token that no sample has keeps FIRST_FACTOR.
 */
export function fitFactors(
  samples: readonly TrainingSample[],
  counts: readonly TokenCount[],
  head: Pick<TextModelData, "smoothing" | "documents">,
): ModelToken[] {
  const descent = new Descent(Float64Array.from(counts, (count) => logRatio(count, head)));
  const examples = toExamples(samples, counts);
  const shuffle = shuffler();
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    shuffle(examples);
    for (const example of examples) descent.learn(example);
  }
  return counts.map((count, index) => ({ ...count, factor: rounded(descent.factors[index] ?? FIRST_FACTOR) }));
}
