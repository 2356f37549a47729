/** What of a message the model knows, and which concepts its words belong to. */
import type { ConceptSet } from "./concepts.ts";

/** Slots for the hashes of distinct tokens; a power of two. */
const SLOTS = 4096;

/** LIMIT: beyond so many distinct words more of them change no verdict, and probing would get slow. */
const MAX_DISTINCT = 3000;

export class TokenHits {
  /** Of the model's tokens that the message has, each once, in order of first occurrence. */
  readonly indexes: number[] = [];
  readonly #seen = new Int32Array(SLOTS);
  #distinct = 0;
  /** Of the words met so far. */
  concepts: ConceptSet = 0;

  /** @returns Whether it is the first token with that hash (two words that hash alike count as one: 1 in 4 billion pairs). */
  isFirst(hash: number): boolean {
    const key = hash === 0 ? 1 : hash;
    let slot = key & (SLOTS - 1);
    while (this.#seen[slot] !== 0) {
      if (this.#seen[slot] === key) return false;
      slot = (slot + 1) & (SLOTS - 1);
    }
    if (this.#distinct === MAX_DISTINCT) return false;
    this.#seen[slot] = key;
    this.#distinct++;
    return true;
  }
}
