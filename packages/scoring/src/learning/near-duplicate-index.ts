/**
 * Finds the corrected messages that have nearly the same words, without looking at the others: locality-sensitive hashing.
 *
 * The 64 places of a signature are cut into 16 bands of four. Two texts that share 80 % of their words agree in a whole band
 * with a probability of 99.9 %, those that share 30 % in one time of eight; only who shares a band is compared. Pure.
 */
import type { StoredPrint, WordPrint } from "./correction.ts";
import { parseSignature, SIGNATURE_HASHES, similarityOf } from "./min-hash.ts";

const BAND_PLACES = 4;
const BANDS = SIGNATURE_HASHES / BAND_PLACES;

/** LIMIT: of a campaign of which hundreds were corrected, some are enough to know it by. */
const MAX_PER_BAND = 16;

/** What was found among entries of some kind. */
export interface NearDuplicate<Entry> {
  readonly entry: Entry;
  /** Share of the words that both have, estimated: 0 to 1. */
  readonly similarity: number;
}

interface Indexed<Entry> {
  readonly entry: Entry;
  readonly signature: Uint32Array;
}

function keyOf(signature: Uint32Array, band: number): number {
  let key = Math.imul(band + 1, 0x9e3779b1);
  for (let place = band * BAND_PLACES; place < (band + 1) * BAND_PLACES; place++) {
    key = Math.imul(key ^ (signature[place] ?? 0), 0x01000193);
    key ^= key >>> 15;
  }
  return key | 0;
}

export class NearDuplicateIndex<Entry extends { readonly print: StoredPrint }> {
  readonly #bands = new Map<number, Indexed<Entry>[]>();
  readonly size: number;

  /** @param entries  Where a band is full, the first ones given stay. Those with a broken signature are left out. */
  constructor(entries: readonly Entry[]) {
    for (const entry of entries) {
      const signature = parseSignature(entry.print.signature);
      if (signature !== undefined) this.#add({ entry, signature });
    }
    this.size = entries.length;
  }

  /** @returns The most similar one; undefined when none shares at least so much. */
  nearest(print: WordPrint | StoredPrint, atLeast: number): NearDuplicate<Entry> | undefined {
    const signature = typeof print.signature === "string" ? parseSignature(print.signature) : print.signature;
    return signature === undefined ? undefined : this.#nearestTo(signature, atLeast);
  }

  #nearestTo(signature: Uint32Array, atLeast: number): NearDuplicate<Entry> | undefined {
    let nearest: NearDuplicate<Entry> | undefined;
    const seen = new Set<Indexed<Entry>>();
    for (let band = 0; band < BANDS; band++) {
      for (const indexed of this.#bands.get(keyOf(signature, band)) ?? []) {
        if (seen.has(indexed)) continue;
        seen.add(indexed);
        const similarity = similarityOf(signature, indexed.signature);
        if (similarity >= atLeast && similarity > (nearest?.similarity ?? 0))
          nearest = { entry: indexed.entry, similarity };
      }
    }
    return nearest;
  }

  #add(indexed: Indexed<Entry>): void {
    for (let band = 0; band < BANDS; band++) {
      const key = keyOf(indexed.signature, band);
      const members = this.#bands.get(key);
      if (members === undefined) this.#bands.set(key, [indexed]);
      else if (members.length < MAX_PER_BAND) members.push(indexed);
    }
  }
}
