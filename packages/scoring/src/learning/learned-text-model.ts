/**
 * The text model with what corrections taught it, held near the one that the service is shipped with.
 *
 * Counting alone would let fifty letters that one person marks as spam hide others of their kind. So the words of a message
 * say at most LEARNED_TEXT_SHIFT more than they do untaught, however many corrections there are: enough to tip
 * what was doubtful, too little to hide a letter that reads like one. Pure.
 */
import { scaleOf, TextModel } from "../text-model/text-model.ts";
import { formatCounts, parseCounts, type TextModelData } from "../text-model/text-model-data.ts";
import type { TokenHits } from "../text-model/token-hits.ts";
import { LEARNED_TEXT_SHIFT } from "../weights.ts";
import type { LearnedWords } from "./learned-data.ts";

/** The base model as natural would have it, had it been trained on the corrections too; known tokens keep their factors and places. */
export function addWords(base: TextModelData, { documents, counts }: LearnedWords): TextModelData {
  if (counts === "") return base;
  const tokens = new Map(parseCounts(base.counts).map((token) => [token.token, token]));
  for (const added of parseCounts(counts)) {
    const known = tokens.get(added.token);
    const sum = known && { ...known, letter: known.letter + added.letter, spam: known.spam + added.spam };
    tokens.set(added.token, sum ?? added);
  }
  return {
    ...base,
    documents: { letter: base.documents.letter + documents.letter, spam: base.documents.spam + documents.spam },
    counts: formatCounts([...tokens.values()]),
  };
}

export class LearnedTextModel extends TextModel {
  readonly #base: TextModelData;
  /** Of the base model's tokens, which are the first ones here. */
  readonly #baseWeights: Float64Array;

  constructor(base: TextModelData, words: LearnedWords) {
    super(addWords(base, words));
    this.#base = base;
    this.#baseWeights = new TextModel(base).weights;
  }

  override logOdds(hits: TokenHits): number {
    const untaught = this.#untaughtLogOdds(hits);
    const shift = super.logOdds(hits) - untaught;
    return untaught + Math.min(Math.max(shift, LEARNED_TEXT_SHIFT.min), LEARNED_TEXT_SHIFT.max);
  }

  /** What the base model says: it does not know the new tokens. */
  #untaughtLogOdds({ indexes }: TokenHits): number {
    let sum = 0;
    let count = 0;
    for (const index of indexes) {
      const weight = this.#baseWeights[index];
      if (weight === undefined) continue;
      sum += weight;
      count++;
    }
    const { slope, intercept } = this.#base.calibration;
    // In the order of TextModel, so that a model without learned words gives the same bits.
    return count === 0 ? 0 : slope * (sum * scaleOf(count)) + intercept;
  }
}
