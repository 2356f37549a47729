/**
 * Quoted-printable (RFC 2045 section 6.7): one pass over the bytes.
 *
 * Not libqp, whose `/[\t ]+$/` is quadratic in a run of blanks, so that a megabyte of them takes minutes; the tests compare with
 * it. Pure.
 */
import { CR, LF, SPACE, TAB } from "./byte-source.ts";

const EQUALS = 0x3d;
/** Value of each hexadecimal digit, lower case included (not allowed, but sent); -1 for other bytes. */
const HEX = new Int8Array(256).fill(-1);
for (let digit = 0; digit < 16; digit++) {
  const upper = digit.toString(16).toUpperCase();
  HEX[upper.charCodeAt(0)] = digit;
  HEX[upper.toLowerCase().charCodeAt(0)] = digit;
}

/** Decodes a body. An `=` that encodes nothing stays; blanks before a line end are the transport's and go (rule 3). */
export function decodeQuotedPrintable(body: Buffer): Buffer {
  const out = Buffer.allocUnsafe(body.length);
  let to = 0;
  /** What is before it in `out` are no blanks at the end of the line. */
  let solid = 0;
  for (let at = 0; at < body.length; ) {
    const byte = body[at] as number;
    if (byte === LF || byte === CR) {
      to = withoutBlanks(out, solid, to);
      out[to++] = byte;
      solid = to;
      at++;
    } else if (byte !== EQUALS) {
      out[to++] = byte;
      at++;
    } else {
      const softEnd = softLineBreakEnd(body, at + 1);
      const decoded = softEnd === -1 ? hexByte(body, at + 1) : -1;
      if (softEnd === -1) out[to++] = decoded === -1 ? EQUALS : decoded;
      at = softEnd !== -1 ? softEnd : at + (decoded === -1 ? 1 : 3);
      solid = to;
    }
  }
  return out.subarray(0, withoutBlanks(out, solid, to));
}

function withoutBlanks(out: Buffer, from: number, end: number): number {
  let to = end;
  while (to > from && (out[to - 1] === SPACE || out[to - 1] === TAB)) to--;
  return to;
}

/** Offset after the soft line break whose `=` stands before `from`, or -1. */
function softLineBreakEnd(body: Buffer, from: number): number {
  let at = from;
  while (body[at] === SPACE || body[at] === TAB) at++;
  if (at >= body.length) return at;
  if (body[at] === CR) return body[at + 1] === LF ? at + 2 : at + 1;
  return body[at] === LF ? at + 1 : -1;
}

/** The byte that two hexadecimal digits at `at` mean, or -1. */
export function hexByte(body: Buffer, at: number): number {
  if (at + 1 >= body.length) return -1;
  const high = HEX[body[at] as number] as number;
  const low = HEX[body[at + 1] as number] as number;
  return high === -1 || low === -1 ? -1 : high * 16 + low;
}
