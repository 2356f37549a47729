/**
 * Bytes to text, whatever the label says (RFC 2046 section 4.1.2).
 *
 * Labels in bounces are often wrong: the template of the MTA says us-ascii, the quoted text is something else. A label that
 * the bytes contradict is replaced by UTF-8 where the bytes are UTF-8, else by windows-1252. Pure.
 */
import { isAscii, isUtf8 } from "node:buffer";
import iconv from "iconv-lite";

export interface DecodedText {
  readonly text: string;
  /** There was a label, but it is unknown or the bytes contradict it. */
  readonly mislabelled: boolean;
}

const UTF8_LABELS: ReadonlySet<string> = new Set(["utf-8", "utf8", "unicode-1-1-utf-8"]);
const ASCII_LABELS: ReadonlySet<string> = new Set(["", "us-ascii", "ascii", "ansi_x3.4-1968", "7bit", "8bit"]);
/** QUIRK: mail says iso-8859-1 and sends windows-1252; browsers read both labels as the latter (WHATWG Encoding). */
const LATIN1_LABELS: ReadonlySet<string> = new Set([
  "iso-8859-1",
  "latin1",
  "iso8859-1",
  "iso_8859-1",
  "windows-1252",
  "cp1252",
]);
/** Not in iconv-lite; stateful, with escape sequences. */
const ISO_2022_JP_LABELS: ReadonlySet<string> = new Set(["iso-2022-jp", "csiso2022jp"]);
const ISO_2022_JP = new TextDecoder("iso-2022-jp");

const WIDE_LABELS = /^(?:utf-?(?:16|32)|ucs-?[24])/;

/** LIMIT: iconv-lite also "decodes" these; `charset=hex` would hide a text from every pattern. */
const NOT_CHARSETS: ReadonlySet<string> = new Set(["", "base64", "hex", "binary", "constructor"]);
const BYTE_ORDER_MARK = /^\ufeff/;
/** What UTF-16 and UTF-7 may leave behind, and what neither UTF-8 nor JSON can carry. */
const LONE_SURROGATES = /\p{Surrogate}/gu;

/**
 * Decodes bytes to text.
 *
 * @param label  Charset parameter as sent, any case; "" when there is none.
 * @returns      Never throws; bytes that mean nothing become U+FFFD.
 */
export function decodeCharset(bytes: Buffer, label: string): DecodedText {
  const charset = label.trim().toLowerCase();
  if (isAscii(bytes) && isAsciiSuperset(charset)) return { text: bytes.toString("latin1"), mislabelled: false };
  if (UTF8_LABELS.has(charset)) return decodeUtf8(bytes);
  if (ASCII_LABELS.has(charset)) return { text: decodeUnlabelled(bytes), mislabelled: charset !== "" };
  if (LATIN1_LABELS.has(charset)) return { text: iconv.decode(bytes, "windows-1252"), mislabelled: false };
  if (ISO_2022_JP_LABELS.has(charset)) return { text: ISO_2022_JP.decode(bytes), mislabelled: false };
  // Text that was never UTF-16 or -32: those write at least the line ends with a NUL.
  if (WIDE_LABELS.test(charset) && isAscii(bytes) && !bytes.includes(0)) {
    return { text: bytes.toString("latin1"), mislabelled: bytes.length > 0 };
  }
  if (!isCharset(charset)) return { text: decodeUnlabelled(bytes), mislabelled: true };
  return { text: iconv.decode(bytes, charset).replace(LONE_SURROGATES, "\ufffd"), mislabelled: false };
}

function isCharset(label: string): boolean {
  const key = label.replace(/[^0-9a-z]/g, "");
  return !NOT_CHARSETS.has(key) && iconv.encodingExists(key);
}

function isAsciiSuperset(charset: string): boolean {
  return UTF8_LABELS.has(charset) || ASCII_LABELS.has(charset) || LATIN1_LABELS.has(charset);
}

function decodeUnlabelled(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString("utf8") : iconv.decode(bytes, "windows-1252");
}

/** One broken character in a UTF-8 text (a cut, a bad byte) does not make it windows-1252; mostly broken ones do. */
function decodeUtf8(bytes: Buffer): DecodedText {
  const text = bytes.toString("utf8").replace(BYTE_ORDER_MARK, "");
  if (isUtf8(bytes)) return { text, mislabelled: false };
  let broken = 0;
  let whole = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0xfffd) broken++;
    else if (code > 0x7f) whole++;
  }
  return { text: broken > whole ? iconv.decode(bytes, "windows-1252") : text, mislabelled: true };
}
