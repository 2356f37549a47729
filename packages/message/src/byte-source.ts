/**
 * The bytes that a part tree is read from, with one view of them for every line end in use.
 *
 * LF and CRLF are told apart by nobody: a line ends at LF, and CRs before it belong to the line end. Mail that
 * knows only bare CR (old Mac software, and files that lost their LFs) is scanned in a copy of the same length in which
 * each CR is LF; ranges and header bytes still come from what was sent. Pure.
 */
export const LF = 0x0a;
export const CR = 0x0d;
export const SPACE = 0x20;
export const TAB = 0x09;
export const HYPHEN = 0x2d;
export const COLON = 0x3a;

export interface ByteSource {
  /** The bytes as sent (or as decoded, for a message inside an encoded part). */
  readonly bytes: Buffer;
  /** Same length; the same Buffer unless lines end with bare CR. */
  readonly lines: Buffer;
  readonly bareCr: boolean;
  /** Whether ranges in it are ranges of the raw message, so that defects may name an offset. */
  readonly isRaw: boolean;
}

export function openByteSource(bytes: Buffer, isRaw: boolean): ByteSource {
  const bareCr = endsLinesWithBareCr(bytes);
  return { bytes, lines: bareCr ? withLf(bytes) : bytes, bareCr, isRaw };
}

/** Bare CR is the line end only where no LF stands before the last two bytes: a transport may have added one at the end. */
function endsLinesWithBareCr(bytes: Buffer): boolean {
  const firstLf = bytes.indexOf(LF);
  if (firstLf !== -1 && firstLf < bytes.length - 2) return false;
  const firstCr = bytes.indexOf(CR);
  return firstCr !== -1 && firstCr !== firstLf - 1;
}

function withLf(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  for (let at = copy.indexOf(CR); at !== -1; at = copy.indexOf(CR, at + 1)) copy[at] = LF;
  return copy;
}

/** End of the line that contains `at`: the offset after its LF, or `end`. */
export function lineEndAt(lines: Buffer, at: number, end: number): number {
  const lf = lines.indexOf(LF, at);
  return lf === -1 || lf >= end ? end : lf + 1;
}

/** Whether the line `[start, end)` holds nothing but its line end. A doubled CR (text mode on a CRLF file) is one too. */
export function isBlankLine(lines: Buffer, start: number, end: number): boolean {
  let at = start;
  while (at < end && lines[at] === CR) at++;
  return at === end ? at > start : lines[at] === LF;
}
