/**
 * How large lines of a mail are on their way, at most: what a mail lists of strangers' words is bounded in octets, because
 * seventy letters of one language are seventy octets, and of another one six hundred. Pure.
 */

/** Quoted-printable writes an octet that is not ASCII, and `=`, as three (RFC 2045 section 6.7). */
const QUOTED_OCTETS = 3;
/** It breaks long lines by `=` and a line end, after 73 octets at the earliest, so that no `=XX` is torn apart. */
const SOFT_BREAK_OCTETS = 3;
const SOFT_LINE_OCTETS = 73;
const LINE_END_OCTETS = 2;
const LAST_ASCII = 0x7f;
const EQUALS_SIGN = 0x3d;

/** @returns Octets of these lines in quoted-printable with CRLF, or a little more. */
export function encodedSize(lines: readonly string[]): number {
  return lines.reduce((sum, line) => {
    let octets = 0;
    for (const byte of Buffer.from(line)) octets += byte > LAST_ASCII || byte === EQUALS_SIGN ? QUOTED_OCTETS : 1;
    return sum + octets + Math.floor(octets / SOFT_LINE_OCTETS) * SOFT_BREAK_OCTETS + LINE_END_OCTETS;
  }, 0);
}

/** How many of the first blocks have so many octets together, with a blank line before each. */
export function countFitting(blocks: readonly string[][], maxOctets: number): number {
  let octets = 0;
  for (const [index, lines] of blocks.entries()) {
    octets += encodedSize(["", ...lines]);
    if (octets > maxOctets) return index;
  }
  return blocks.length;
}
