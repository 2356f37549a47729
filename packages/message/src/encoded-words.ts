/** Encoded words in header values (RFC 2047). Pure. */
import libmime from "libmime";

/** LIMIT: an encoded line end must not become one when the text is written into a header again. */
const CONTROLS = /\p{Cc}/gu;

/**
 * Decodes the encoded words of an unfolded header value; words that are split inside a character are joined first.
 *
 * @returns `value` itself when it has none. A word in an unknown charset is read as UTF-8; decoded control characters become blanks.
 */
export function decodeWords(value: string): string {
  return value.includes("=?") ? libmime.decodeWords(value).replace(CONTROLS, " ") : value;
}
