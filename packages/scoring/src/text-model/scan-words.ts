/**
 * The tokenizer of the text model: words of any script, in one pass and without making strings.
 *
 * Scripts with spaces give words; scripts without (Han, Kana, Thai and the like) and Hangul, whose particles stick to
 * the word, give overlapping pairs of characters. Training and scoring use the same scanner, so that they cannot differ. Pure.
 */

/** LIMIT: what is shorter says nothing, what is longer is an id, an encoded block or an attack on the feature table. */
const MIN_WORD_CHARS = 2;
const MAX_WORD_CHARS = 24;

const SEPARATOR = 0;
const LETTER = 1;
const DIGIT = 2;
/** A character that counts in pairs. */
const PAIRED = 3;

/** Inclusive ranges of UTF-16 units. Surrogates stay separators: what lies beyond the BMP is emoji and rare letters. */
const PAIRED_RANGES = [
  [0x0e00, 0x0eff], // Thai, Lao
  [0x1000, 0x109f], // Myanmar
  [0x1780, 0x17ff], // Khmer
  [0x3041, 0x30ff], // Hiragana, Katakana
  [0x3400, 0x9fff], // Han
  [0xac00, 0xd7a3], // Hangul syllables
  [0xf900, 0xfaff], // Han, compatibility forms
] as const;

/** Where letters of other scripts lie; asking the regular expression about all 65,536 units would take longer to load. */
const LETTER_RANGES = [
  [0x30, 0x1fff],
  [0x2c00, 0x2dff],
  [0xa640, 0xabff],
  [0xfb00, 0xffef],
] as const;

function classifyUnits(): Uint8Array {
  const classes = new Uint8Array(0x10000);
  const letter = /[\p{L}\p{M}]/u;
  for (const [first, last] of LETTER_RANGES) {
    for (let unit = first; unit <= last; unit++) if (letter.test(String.fromCharCode(unit))) classes[unit] = LETTER;
  }
  for (let unit = 0x30; unit <= 0x39; unit++) classes[unit] = DIGIT;
  for (const [first, last] of PAIRED_RANGES) classes.fill(PAIRED, first, last + 1);
  return classes;
}

const CLASSES = classifyUnits();

/** FNV-1a over UTF-16 units, 32 bits. */
const HASH_START = 0x811c9dc5 | 0;
const HASH_PRIME = 0x01000193;

/** Hash of a token, as the scanner computes it on the fly from the hash of its prefix. */
export function hashToken(token: string): number {
  return extendHash(HASH_START, token, 0, token.length);
}

/** The hash of what `hash` is of, followed by `text.slice(start, end)`. */
export function extendHash(hash: number, text: string, start: number, end: number): number {
  let extended = hash;
  for (let index = start; index < end; index++) extended = Math.imul(extended ^ text.charCodeAt(index), HASH_PRIME);
  return extended;
}

export interface WordSink {
  /** One occurrence: the word is `text.slice(start, end)`, `hash` is hashToken(prefix + word). */
  word(start: number, end: number, hash: number): void;
}

/**
 * Reports every word of `text[start, end)` in order.
 *
 * @param text        Lower-cased.
 * @param prefixHash  hashToken of the prefix that says where the text stood (subject, body).
 */
export function scanWords(text: string, start: number, end: number, prefixHash: number, sink: WordSink): void {
  let at = start;
  while (at < end) {
    const kind = CLASSES[text.charCodeAt(at)];
    if (kind === SEPARATOR) at++;
    else if (kind === PAIRED) at = scanPairs(text, at, end, prefixHash, sink);
    else at = scanWord(text, at, end, prefixHash, sink);
  }
}

function scanWord(text: string, start: number, end: number, prefixHash: number, sink: WordSink): number {
  let at = start;
  let hash = prefixHash;
  let hasLetter = false;
  while (at < end) {
    const unit = text.charCodeAt(at);
    const kind = CLASSES[unit];
    if (kind !== LETTER && kind !== DIGIT) break;
    if (kind === LETTER) hasLetter = true;
    hash = Math.imul(hash ^ unit, HASH_PRIME);
    at++;
  }
  const length = at - start;
  // Numbers alone are dates, prices and ids: they repeat in no other message for a reason.
  if (hasLetter && length >= MIN_WORD_CHARS && length <= MAX_WORD_CHARS) sink.word(start, at, hash);
  return at;
}

function scanPairs(text: string, start: number, end: number, prefixHash: number, sink: WordSink): number {
  let at = start + 1;
  while (at < end && CLASSES[text.charCodeAt(at)] === PAIRED) {
    const first = Math.imul(prefixHash ^ text.charCodeAt(at - 1), HASH_PRIME);
    sink.word(at - 1, at + 1, Math.imul(first ^ text.charCodeAt(at), HASH_PRIME));
    at++;
  }
  return at;
}
