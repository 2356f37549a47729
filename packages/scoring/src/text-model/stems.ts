/**
 * The beginnings of long words as tokens of their own: most languages bend the ends of words, so that a form that training
 * never saw still shares its beginning with one that it did. Pure.
 */
import { extendHash, hashToken } from "./scan-words.ts";
import { STEM_PREFIX } from "./token-prefixes.ts";

/** UTF-16 units. Scripts that are read in pairs have no word that long. */
export const STEM_CHARS = 5;

const STEM_HASH = hashToken(STEM_PREFIX);

/** Whether the word `text.slice(start, end)` has more than its stem. */
export function hasStem(start: number, end: number): boolean {
  return end - start > STEM_CHARS;
}

/** hashToken of the stem's token, without making a string. @param start  Of a word that has one. */
export function stemHash(text: string, start: number): number {
  return extendHash(STEM_HASH, text, start, start + STEM_CHARS);
}
