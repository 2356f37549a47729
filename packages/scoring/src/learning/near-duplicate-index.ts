/**
 * Finds the corrected messages that have nearly the same words, without looking at the others: locality-sensitive hashing.
 *
 * The 64 places of a signature are cut into 16 bands of four. Two texts of which 80 % of the places agree differ in 12 at most, so
 * that four bands or more agree whole: none is missed. Texts that share 30 % of their words agree in one band one time in eight; only
 * who shares a band is compared. Pure.
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
  readonly signature: Int32Array;
}

function keyOf(signature: Int32Array, band: number): number {
  let key = Math.imul(band + 1, 0x9e3779b1);
  for (let place = band * BAND_PLACES; place < (band + 1) * BAND_PLACES; place++) {
    key = Math.imul(key ^ (signature[place] ?? 0), 0x01000193);
    key ^= key >>> 15;
  }
  return key | 0;
}

export class NearDuplicateIndex<Entry extends { readonly print: StoredPrint }> {
  readonly #bands = new Map<number, Indexed<Entry>[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  constructor(entries: readonly Entry[] = []) {
    this.add(entries);
  }

  /** Some 10 us each. @param entries  Where a band is full, the first ones given stay. Those with a broken signature are left out. */
  add(entries: readonly Entry[]): void {
    for (const entry of entries) {
      const signature = parseSignature(entry.print.signature);
      if (signature !== undefined) this.#add({ entry, signature });
    }
    this.#size += entries.length;
  }

  /** @returns Those that share at least so much, the most similar first; of equals the first given. */
  near(print: WordPrint | StoredPrint, atLeast: number): NearDuplicate<Entry>[] {
    const signature = typeof print.signature === "string" ? parseSignature(print.signature) : print.signature;
    if (signature === undefined) return [];
    const found: NearDuplicate<Entry>[] = [];
    for (const { entry, signature: known } of this.#sharingBand(signature)) {
      const similarity = similarityOf(signature, known);
      if (similarity >= atLeast) found.push({ entry, similarity });
    }
    return found.sort((left, right) => right.similarity - left.similarity);
  }

  #sharingBand(signature: Int32Array): ReadonlySet<Indexed<Entry>> {
    const sharing = new Set<Indexed<Entry>>();
    for (let band = 0; band < BANDS; band++) {
      for (const indexed of this.#bands.get(keyOf(signature, band)) ?? []) sharing.add(indexed);
    }
    return sharing;
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
