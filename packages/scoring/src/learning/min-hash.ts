/**
 * MinHash (Broder 1997): of each of 64 orders of all words the first word that the text has. Two texts agree in as many
 * of the 64 places as they share words: what share of all their words both have (the Jaccard index), within some 4 points. Pure.
 */

/** Places of a signature: LearningFeatures hold it, so that another number is another format. */
export const SIGNATURE_HASHES = 64;

/** Two numbers a place, from a fixed generator (Numerical Recipes): each turns a hash into a place in another order. */
function makeOrders(): { readonly flips: Int32Array; readonly factors: Int32Array } {
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state ^ (state >>> 15);
  };
  const flips = new Int32Array(SIGNATURE_HASHES).map(next);
  const factors = new Int32Array(SIGNATURE_HASHES).map(() => next() | 1);
  return { flips, factors };
}

const { flips, factors } = makeOrders();

/** Murmur's finaliser: FNV leaves words that end alike near each other. */
function mix(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/**
 * @param words  Hashes of distinct words, signed; their order does not matter. Takes about 0.1 us a word.
 * @returns      SIGNATURE_HASHES numbers, signed: unsigned ones would be kept as floating point on their way, which takes twice as long.
 */
export function signatureOf(words: ReadonlySet<number>): Int32Array {
  const mixed = new Int32Array(words.size);
  let count = 0;
  for (const word of words) mixed[count++] = mix(word);
  const signature = new Int32Array(SIGNATURE_HASHES);
  for (let place = 0; place < SIGNATURE_HASHES; place++) {
    const flip = flips[place] ?? 0;
    const factor = factors[place] ?? 1;
    let first = 0x7fffffff;
    for (let index = 0; index < mixed.length; index++) {
      const product = Math.imul((mixed[index] as number) ^ flip, factor);
      const rank = product ^ (product >>> 16);
      if (rank < first) first = rank;
    }
    signature[place] = first;
  }
  return signature;
}

/** @returns Share of places that agree, 0 to 1. */
export function similarityOf(left: Int32Array, right: Int32Array): number {
  let same = 0;
  for (let place = 0; place < SIGNATURE_HASHES; place++) if (left[place] === right[place]) same++;
  return same / SIGNATURE_HASHES;
}

export function formatSignature(signature: Int32Array): string {
  const bytes = Buffer.alloc(SIGNATURE_HASHES * 4);
  signature.forEach((rank, place) => {
    bytes.writeInt32LE(rank, place * 4);
  });
  return bytes.toString("base64");
}

/** @returns Undefined for what is no signature of this length. */
export function parseSignature(text: string): Int32Array | undefined {
  const bytes = Buffer.from(text, "base64");
  if (bytes.length !== SIGNATURE_HASHES * 4) return undefined;
  return Int32Array.from({ length: SIGNATURE_HASHES }, (_, place) => bytes.readInt32LE(place * 4));
}
