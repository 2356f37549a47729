/** Which concepts (concept-words.ts) a message speaks of. Training and scoring look the same words up. Pure. */
import { CONCEPT_WORDS } from "./concept-words.ts";
import { CONCEPT_PREFIX } from "./token-prefixes.ts";

/** A set of concepts, one bit each: at most 32 of them. */
export type ConceptSet = number;

const NAMES = Object.keys(CONCEPT_WORDS);

/** FNV-1a; what is looked up is a word, or the beginning of one, which ends in this character that no word has. */
const HASH_START = 0x811c9dc5 | 0;
const HASH_PRIME = 0x01000193;
const STEM_END = 0x2a; // "*"

/** LIMIT: no stem is longer. */
const MAX_STEM_CHARS = 16;

function hashOf(text: string): number {
  let hash = HASH_START;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), HASH_PRIME);
  return hash;
}

const WRITTEN_IN_PAIRS = /^[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3]{3,}$/;

/** The scanner finds words of Han, Kana and Hangul as overlapping pairs. */
function pairsOf(word: string): string[] {
  if (!WRITTEN_IN_PAIRS.test(word)) return [word];
  return Array.from({ length: word.length - 1 }, (_, at) => word.slice(at, at + 2));
}

function buildSets(): ReadonlyMap<number, ConceptSet> {
  const sets = new Map<number, ConceptSet>();
  Object.values(CONCEPT_WORDS).forEach((words, index) => {
    for (const word of words.split(" ").flatMap(pairsOf)) {
      sets.set(hashOf(word), (sets.get(hashOf(word)) ?? 0) | (1 << index));
    }
  });
  return sets;
}

/** Hash of a word or of a stem with its star -> the concepts that it belongs to. */
const SETS = buildSets();

/** @param text  Lower-cased; the word is `text.slice(start, end)`. */
export function conceptsOf(text: string, start: number, end: number): ConceptSet {
  let found = 0;
  let hash = HASH_START;
  for (let at = start; at < end; at++) {
    if (at - start > MAX_STEM_CHARS) return found;
    hash = Math.imul(hash ^ text.charCodeAt(at), HASH_PRIME);
    if (at > start) found |= SETS.get(Math.imul(hash ^ STEM_END, HASH_PRIME)) ?? 0;
  }
  return found | (SETS.get(hash) ?? 0);
}

/** `c:loan` for each. */
export function conceptTokens(concepts: ConceptSet): string[] {
  return NAMES.filter((_, index) => (concepts & (1 << index)) !== 0).map((name) => CONCEPT_PREFIX + name);
}
