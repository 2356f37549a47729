/** The tokens of a message as strings: what training counts. Scoring finds the same ones without making strings. Pure. */
import type { Message } from "@triage/message";
import { conceptsOf, conceptTokens } from "./concepts.ts";
import { ownRanges, readMessageText } from "./message-text.ts";
import { hashToken, scanWords } from "./scan-words.ts";
import { shapeFeatures } from "./shape-features.ts";
import { hasStem, STEM_CHARS } from "./stems.ts";
import { BODY_PREFIX, STEM_PREFIX, SUBJECT_PREFIX } from "./token-prefixes.ts";

/** Each token once, in order of first occurrence. */
export function textTokens(message: Message): string[] {
  const text = readMessageText(message);
  const tokens = new Set<string>();
  let concepts = 0;
  const collect = (lower: string, prefix: string) => ({
    word: (start: number, end: number) => {
      tokens.add(prefix + lower.slice(start, end));
      if (hasStem(start, end)) tokens.add(STEM_PREFIX + lower.slice(start, start + STEM_CHARS));
      concepts |= conceptsOf(lower, start, end);
    },
  });
  const subject = text.subject.toLowerCase();
  scanWords(subject, 0, subject.length, hashToken(SUBJECT_PREFIX), collect(subject, SUBJECT_PREFIX));
  const body = text.body.toLowerCase();
  for (const { start, end } of ownRanges(body)) {
    scanWords(body, start, end, hashToken(BODY_PREFIX), collect(body, BODY_PREFIX));
  }
  for (const token of [...conceptTokens(concepts), ...shapeFeatures(message, text)]) tokens.add(token);
  return [...tokens];
}
