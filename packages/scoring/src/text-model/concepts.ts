/** Which concepts (concept-words.ts) a message speaks of. Training and scoring ask with the hash that the scanner makes. Pure. */
import { CONCEPT_WORDS } from "./concept-words.ts";
import { hashToken } from "./scan-words.ts";
import { BODY_PREFIX, CONCEPT_PREFIX, SUBJECT_PREFIX } from "./token-prefixes.ts";

/** A set of concepts, one bit each: at most 31 of them. */
export type ConceptSet = number;

const NAMES = Object.keys(CONCEPT_WORDS);

/** Hash of the word with its prefix -> the concepts that it belongs to. */
const SETS = buildSets();

function buildSets(): ReadonlyMap<number, ConceptSet> {
  const sets = new Map<number, ConceptSet>();
  Object.values(CONCEPT_WORDS).forEach((words, index) => {
    for (const word of words.split(" ")) {
      for (const prefix of [SUBJECT_PREFIX, BODY_PREFIX]) {
        const hash = hashToken(prefix + word);
        sets.set(hash, (sets.get(hash) ?? 0) | (1 << index));
      }
    }
  });
  return sets;
}

/** @param hash  hashToken of a word of the subject or the body, with its prefix. */
export function conceptsOf(hash: number): ConceptSet {
  return SETS.get(hash) ?? 0;
}

/** `c:loan`, and `c:loan+link` or `c:loan+text`: the same word says another thing beside a link. */
export function conceptTokens(concepts: ConceptSet, hasLink: boolean): string[] {
  const tokens: string[] = [];
  NAMES.forEach((name, index) => {
    if ((concepts & (1 << index)) === 0) return;
    tokens.push(CONCEPT_PREFIX + name, `${CONCEPT_PREFIX}${name}+${hasLink ? "link" : "text"}`);
  });
  return tokens;
}
