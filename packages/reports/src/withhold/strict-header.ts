/**
 * Where the header of a returned message surely ends. Pure.
 *
 * Reading is lenient elsewhere: a stray line is taken for a lost fold, so that nothing of a header is missed. Here a line
 * too much is somebody's letter shown to a stranger, so the first line that may be body ends the header.
 */
import { lineEndOf } from "../returned/describe.ts";

export interface StrictHeader {
  /** The first byte of the first field, behind blank lines, a byte order mark and an mbox line. */
  readonly start: number;
  /** Behind the line end of the last field. */
  readonly end: number;
  readonly fields: number;
  /** A blank line ends it, or the bytes do; else what follows is not told from it. */
  readonly isEnded: boolean;
}

const BYTE_ORDER_MARK = "\xef\xbb\xbf";
const MBOX_LINE = /^>?From /;
/** RFC 5322 section 2.2: printable, no colon; with blanks behind it (obsolete). */
const FIELD = /^([A-Za-z][\x21-\x39\x3b-\x7e]{0,76})[ \t]{0,8}:/;
const FOLD = /^[ \t]+[^ \t]/;

/** Fields that no sentence of a letter begins with ("Note: ..."). */
const KNOWN_FIELDS: ReadonlySet<string> = new Set(
  (
    "received from to cc bcc subject date sender references comments keywords organization organisation lines status " +
    "importance priority sensitivity precedence path newsgroups encoding autocrypt face"
  ).split(" "),
);
const KNOWN_PREFIXES: ReadonlySet<string> = new Set(
  (
    "x arc list resent content dkim domainkey received authentication message mime return reply in delivered user thread " +
    "auto feedback delivery envelope errors disposition ms accept original apparently bounces cancel require tls"
  ).split(" "),
);

/** Reads the header that begins within `bytes[from, to)`. */
export function findStrictHeader(bytes: Buffer, from: number, to: number): StrictHeader {
  const start = skipToFields(bytes, from, to);
  let fields = 0;
  /** Behind the last field up to which all names are known ones. */
  let knownEnd = start;
  let isKnown = true;
  for (let at = start; at < to; ) {
    const { content, next } = lineEndOf(bytes, at);
    if (content === at) return { start, end: at, fields, isEnded: fields > 0 };
    const line = bytes.toString("latin1", at, Math.min(content, at + 128, to));
    const name = FIELD.exec(line)?.[1];
    const isFold = name === undefined && fields > 0 && FOLD.test(line);
    if (name === undefined && !isFold) return { start, end: knownEnd, fields, isEnded: false };
    if (name !== undefined) {
      fields += 1;
      isKnown &&= isKnownField(name.toLowerCase());
    }
    at = Math.min(next, to);
    if (isKnown) knownEnd = at;
  }
  return { start, end: to, fields, isEnded: fields > 0 };
}

/** Whether a field of that lower-case name is one that mail has. */
export function isKnownField(name: string): boolean {
  const hyphen = name.indexOf("-");
  return hyphen === -1 ? KNOWN_FIELDS.has(name) : KNOWN_PREFIXES.has(name.slice(0, hyphen));
}

function skipToFields(bytes: Buffer, from: number, to: number): number {
  let at = bytes.toString("latin1", from, from + 3) === BYTE_ORDER_MARK ? from + 3 : from;
  while (at < to) {
    const { content, next } = lineEndOf(bytes, at);
    const isSkipped = content === at || MBOX_LINE.test(bytes.toString("latin1", at, Math.min(content, at + 8)));
    if (!isSkipped) return at;
    at = Math.min(next, to);
  }
  return to;
}
