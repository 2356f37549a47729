/** How much a message reads like spam, and the words that say so. Pure. */
import type { Message } from "@triage/message";
import { conceptTokens } from "./concepts.ts";
import { describeToken } from "./describe-token.ts";
import { type MessageText, ownRanges, readMessageText } from "./message-text.ts";
import { MODEL_DATA } from "./model-data.ts";
import { shapeFeatures } from "./shape-features.ts";
import { TextModel } from "./text-model.ts";
import { TokenHits } from "./token-hits.ts";
import { BODY_PREFIX, SUBJECT_PREFIX } from "./token-prefixes.ts";

/** How many words the human is shown. */
const MAX_TELLING = 4;

export interface TextScore {
  /** Of spam against letter; 0 when no word is known. */
  readonly logOdds: number;
  /** The tokens that did most for that sign, strongest first, as the human reads them. */
  readonly telling: readonly string[];
}

/** What the service is shipped with. */
export const liveModel = new TextModel(MODEL_DATA);

/** The tokens of a message that the model knows: the same that `textTokens` gives, found without making strings. */
export function findTokens(model: TextModel, message: Message, text = readMessageText(message)): TokenHits {
  const hits = new TokenHits();
  const subject = text.subject.toLowerCase();
  model.addWords(subject, 0, subject.length, SUBJECT_PREFIX, hits);
  const body = text.body.toLowerCase();
  for (const { start, end } of ownRanges(body)) model.addWords(body, start, end, BODY_PREFIX, hits);
  for (const token of [...conceptTokens(hits.concepts), ...shapeFeatures(message, text)]) model.addToken(token, hits);
  return hits;
}

function tellingTokens({ tokens, weights }: TextModel, { indexes }: TokenHits, sign: number): string[] {
  const strength = (index: number) => sign * (weights[index] ?? 0);
  const strongest = indexes
    .filter((index) => strength(index) > 0)
    .sort((left, right) => strength(right) - strength(left))
    .slice(0, MAX_TELLING);
  return [...new Set(strongest.map((index) => describeToken(tokens[index] ?? "")))];
}

/** @param text  Of the message, where it has been read already. */
export function scoreText(message: Message, model: TextModel = liveModel, text?: MessageText): TextScore {
  const hits = findTokens(model, message, text);
  const logOdds = model.logOdds(hits);
  return { logOdds, telling: tellingTokens(model, hits, Math.sign(logOdds)) };
}
