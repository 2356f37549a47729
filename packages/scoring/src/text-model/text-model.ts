/**
 * A text model that is ready to score: log weights in arrays, tokens in a hash table that is probed with the hash that
 * the scanner computes on the way, so that no string is made for a word.
 *
 * natural's own `classify` looks every feature of the model up in the message: 130 messages a second, and it underflows.
 * This one adds logarithms of those that the message has; a test holds that both say the same. Since words are not
 * independent, as naive Bayes takes them to be, each logarithm has a factor, fitted by fit-factors.ts. Pure.
 */
import { conceptsOf } from "./concepts.ts";
import { hashToken, scanWords, type WordSink } from "./scan-words.ts";
import { hasStem, STEM_CHARS, stemHash } from "./stems.ts";
import { type Calibration, parseCounts, type TextModelData, type TokenCount } from "./text-model-data.ts";
import type { TokenHits } from "./token-hits.ts";
import { PREFIX_CHARS } from "./token-prefixes.ts";

/** Slots per token; a power of two keeps probing short and the modulus a mask. */
const SLOTS_PER_TOKEN = 4;

/**
 * The sum over a message's tokens is divided by the square root of their number and these many: a long message would be
 * sure of itself otherwise, whatever it says, and one of which the model knows few words must stay near the middle.
 */
const NEUTRAL_TOKENS = 5;

/** What a sum over so many tokens is multiplied with. Training fits the factors to sums that are scaled like this. */
export function scaleOf(tokens: number): number {
  return 1 / Math.sqrt(tokens + NEUTRAL_TOKENS);
}

/** ln(P(token | spam) / P(token | letter)) by natural's counts: it counts one document more of each class, and the smoothing on top of each count. */
export function logRatio(
  { letter, spam }: TokenCount,
  { smoothing, documents }: Pick<TextModelData, "smoothing" | "documents">,
): number {
  return Math.log(((spam + smoothing) * (documents.letter + 1)) / ((letter + smoothing) * (documents.spam + 1)));
}

/** Whether the token without its prefix is `text.slice(from, to)`. */
function isWord(token: string, text: string, from: number, to: number): boolean {
  if (token.length - PREFIX_CHARS !== to - from) return false;
  for (let at = from; at < to; at++) {
    if (token.charCodeAt(at - from + PREFIX_CHARS) !== text.charCodeAt(at)) return false;
  }
  return true;
}

export class TextModel {
  readonly tokens: readonly string[];
  /** logRatio of each token, as natural has it. */
  readonly #ratios: Float64Array;
  /** What each token adds: its ratio times its factor. */
  readonly weights: Float64Array;
  readonly #calibration: Calibration;
  readonly #hashes: Int32Array;
  /** Index of a token plus one; 0 is an empty slot. */
  readonly #slots: Int32Array;
  readonly #mask: number;

  constructor(data: TextModelData) {
    const counts = parseCounts(data.counts);
    this.tokens = counts.map(({ token }) => token);
    this.#ratios = new Float64Array(counts.length);
    this.weights = new Float64Array(counts.length);
    this.#hashes = new Int32Array(counts.length);
    this.#calibration = data.calibration;
    const size = 2 ** Math.ceil(Math.log2(Math.max(counts.length, 1) * SLOTS_PER_TOKEN));
    this.#mask = size - 1;
    this.#slots = new Int32Array(size);
    counts.forEach((count, index) => {
      const ratio = logRatio(count, data);
      this.#ratios[index] = ratio;
      this.weights[index] = count.factor * ratio;
      const hash = hashToken(count.token);
      this.#hashes[index] = hash;
      this.#slots[this.#freeSlot(hash)] = index + 1;
    });
  }

  /** Adds the token, a prefix and what follows it. */
  addToken(token: string, hits: TokenHits): void {
    const hash = hashToken(token);
    if (hits.isFirst(hash)) this.#add(token, PREFIX_CHARS, token.length, hash, hits);
  }

  /** Adds the words of `lower[start, end)`, which stand under that prefix (of PREFIX_CHARS). */
  addWords(lower: string, start: number, end: number, prefix: string, hits: TokenHits): void {
    const word = (from: number, to: number, hash: number) => {
      if (!hits.isFirst(hash)) return;
      hits.concepts |= conceptsOf(lower, from, to);
      this.#add(lower, from, to, hash, hits);
      if (hasStem(from, to)) this.#addStem(lower, from, hits);
    };
    const sink: WordSink = { word };
    scanWords(lower, start, end, hashToken(prefix), sink);
  }

  /** Calibrated log-odds of spam against letter, for equal numbers of both; 0 when the model knows no token of it. */
  logOdds(hits: TokenHits): number {
    if (hits.indexes.length === 0) return 0;
    const { slope, intercept } = this.#calibration;
    return slope * this.score(hits) + intercept;
  }

  /** What the calibration is fitted on. */
  score({ indexes }: TokenHits): number {
    let sum = 0;
    for (const index of indexes) sum += this.weights[index] ?? 0;
    return sum * scaleOf(indexes.length);
  }

  /** ln of the likelihood ratio that natural's classifier gives, before its prior: what the score is made of, without the factors. */
  sumOfRatios({ indexes }: TokenHits): number {
    let sum = 0;
    for (const index of indexes) sum += this.#ratios[index] ?? 0;
    return sum;
  }

  #addStem(lower: string, from: number, hits: TokenHits): void {
    const hash = stemHash(lower, from);
    if (hits.isFirst(hash)) this.#add(lower, from, from + STEM_CHARS, hash, hits);
  }

  #add(text: string, from: number, to: number, hash: number, hits: TokenHits): void {
    for (let slot = hash & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const index = (this.#slots[slot] ?? 0) - 1;
      if (index < 0) return;
      if (this.#hashes[index] !== hash) continue;
      // The hash covers the prefix too; comparing the word rules out what only hashes alike.
      if (isWord(this.tokens[index] ?? "", text, from, to)) hits.indexes.push(index);
      return;
    }
  }

  #freeSlot(hash: number): number {
    let slot = hash & this.#mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & this.#mask;
    return slot;
  }
}
