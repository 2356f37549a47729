/**
 * Encoded words in header values (RFC 2047): one pass over the value.
 *
 * Not libmime, which takes five passes and makes lone surrogates of mislabelled Japanese; the tests compare with it.
 * Lenient where mail in the wild is: words within a text or a quoted string, blanks within a word, and characters that are
 * split between two words. Pure.
 */
import { decode as decodeBase64 } from "libbase64";
import { decodeCharset } from "./charset.ts";
import { hexByte } from "./quoted-printable.ts";

/** LIMIT: an encoded line end must not become one when the text is written into a header again. */
const CONTROLS = /\p{Cc}/gu;
const BLANKS = /^\s+$/;
/** Sticky; a charset may have a language tag behind `*` (RFC 2231 section 5). Each part ends at its first `?`: linear. */
const WORD = /=\?([\w*-]+)\?([QqBb])\?([^?]*)\?=/y;

interface EncodedWord {
  readonly charset: string;
  readonly encoding: "q" | "b";
  readonly text: string;
  /** Where the value goes on behind it. */
  readonly end: number;
}

/**
 * Decodes the encoded words of an unfolded header value; words that are split inside a character are joined first.
 *
 * @returns `value` itself when it has none. A word in an unknown charset is read as UTF-8 where its bytes are UTF-8, else as
 *          windows-1252; decoded control characters become blanks.
 */
export function decodeWords(value: string): string {
  let at = value.indexOf("=?");
  if (at === -1) return value;
  let decoded = "";
  let taken = 0;
  let run: EncodedWord | undefined;
  for (; at !== -1; at = value.indexOf("=?", at)) {
    const word = wordAt(value, at);
    if (word === undefined) {
      at += 1;
      continue;
    }
    const between = value.slice(taken, at);
    // RFC 2047 section 6.2: blanks between two encoded words belong to neither.
    const isAdjacent = run !== undefined && (between === "" || BLANKS.test(between));
    if (run !== undefined && isAdjacent && continues(run, word)) {
      run = { ...word, text: run.text + word.text };
    } else {
      decoded += (run === undefined ? "" : decodeWord(run)) + (isAdjacent ? "" : between);
      run = word;
    }
    taken = word.end;
    at = word.end;
  }
  if (run === undefined) return value;
  return (decoded + decodeWord(run) + value.slice(taken)).replace(CONTROLS, " ");
}

function wordAt(value: string, at: number): EncodedWord | undefined {
  WORD.lastIndex = at;
  const match = WORD.exec(value);
  if (match === null) return undefined;
  const [whole, charset = "", encoding = "", text = ""] = match;
  return { charset, encoding: encoding.toLowerCase() === "b" ? "b" : "q", text, end: at + whole.length };
}

/**
 * QUIRK: many cut the bytes of a text into words wherever they like; only together do they make characters. Not those of
 * ISO-2022: each of its words ends in ASCII again, and two shifts without a character between them are an error in it.
 */
function continues(run: EncodedWord, word: EncodedWord): boolean {
  const charset = word.charset.toLowerCase();
  return run.encoding === word.encoding && run.charset.toLowerCase() === charset && !charset.startsWith("iso-2022");
}

function decodeWord({ charset, encoding, text }: EncodedWord): string {
  const tag = charset.indexOf("*");
  const bytes = encoding === "b" ? decodeBase64(text) : decodeQ(text);
  return decodeCharset(bytes, tag === -1 ? charset : charset.slice(0, tag)).text;
}

const UNDERSCORE = 0x5f;
const EQUALS = 0x3d;
const SPACE = 0x20;

/** RFC 2047 section 4.2. An `=` that encodes nothing stays; a blank behind one is a fold that was undone badly. */
function decodeQ(text: string): Buffer {
  const bytes = Buffer.from(text.includes("= ") ? text.replace(/= +([0-9A-Fa-f])/g, "=$1") : text);
  let to = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    const decoded = byte === EQUALS ? hexByte(bytes, at + 1) : -1;
    if (decoded !== -1) at += 2;
    bytes[to++] = decoded !== -1 ? decoded : byte === UNDERSCORE ? SPACE : byte;
  }
  return bytes.subarray(0, to);
}
