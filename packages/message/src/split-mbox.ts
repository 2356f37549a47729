/**
 * Mailbox files (RFC 4155): mboxrd and mboxo, LF, CRLF or bare CR.
 *
 * A message starts at a `From ` line with a date on it, at the top or after a blank line: an unquoted "From here on" in a
 * text is not one. Both formats quote a body line by a `>`, which is taken off again, because a signature over the body
 * was made without it. Linear; a message without quoted lines is not copied. Pure.
 */
import { type ByteSource, isBlankLine, LF, lineEndAt, openByteSource } from "./byte-source.ts";

const GREATER_THAN = 0x3e;
const MAX_FROM_LINE_BYTES = 1_024;
/** `Sun Nov 22 10:00:00 2026` (asctime, as RFC 4155 has it) and `Sun, 22 Nov 2026`. */
const ASCTIME =
  /(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? {1,2}(?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {1,2}\d|\d{1,2} [A-Z])/;

/**
 * Yields the messages of a mailbox file in order, without `From ` lines and without the blank line that separates them.
 *
 * @param raw  The file; one that does not start with a `From ` line is yielded as one message. An empty file yields none.
 */
export function* splitMbox(raw: Buffer): Generator<Buffer, void, undefined> {
  if (raw.length === 0) return;
  const source = openByteSource(raw, true);
  let fromLine = skipBlankLines(source.lines);
  if (!isFromLine(source.lines, fromLine)) {
    yield raw;
    return;
  }
  while (fromLine < raw.length) {
    const start = lineEndAt(source.lines, fromLine, raw.length);
    const next = nextFromLine(source.lines, start);
    yield unquoteFromLines(source, start, withoutLastBlankLine(source.lines, start, next));
    fromLine = next;
  }
}

function skipBlankLines(lines: Buffer): number {
  let at = 0;
  while (at < lines.length) {
    const lineEnd = lineEndAt(lines, at, lines.length);
    if (!isBlankLine(lines, at, lineEnd)) return at;
    at = lineEnd;
  }
  return at;
}

function isFromLine(lines: Buffer, at: number): boolean {
  if (lines.toString("latin1", at, at + 5) !== "From ") return false;
  const end = lineEndAt(lines, at, Math.min(lines.length, at + MAX_FROM_LINE_BYTES));
  return ASCTIME.test(lines.toString("latin1", at, end));
}

/** Start of the next `From ` line after `from`, or the end of the file. */
function nextFromLine(lines: Buffer, from: number): number {
  for (let hit = lines.indexOf("\nFrom ", from - 1, "latin1"); hit !== -1; ) {
    const at = hit + 1;
    if (isFromLine(lines, at) && (at === from || endsWithBlankLine(lines, from, at))) return at;
    hit = lines.indexOf("\nFrom ", at, "latin1");
  }
  return lines.length;
}

function endsWithBlankLine(lines: Buffer, start: number, end: number): boolean {
  return withoutLastBlankLine(lines, start, end) !== end;
}

/** `end` without a blank line that stands before it. */
function withoutLastBlankLine(lines: Buffer, start: number, end: number): number {
  if (end - 1 < start || lines[end - 1] !== LF) return end;
  const lineStart = end - 1 === start ? start : lines.lastIndexOf(LF, end - 2) + 1;
  return lineStart >= start && isBlankLine(lines, lineStart, end) ? lineStart : end;
}

function unquoteFromLines(source: ByteSource, start: number, end: number): Buffer {
  const { lines, bytes } = source;
  const kept: Buffer[] = [];
  let from = start;
  // Each hit is a `>From ` with any number of `>` before it; it counts only when they begin the line.
  for (let hit = lines.indexOf(">From ", start, "latin1"); hit !== -1 && hit < end; ) {
    let lineStart = hit;
    while (lineStart > from && lines[lineStart - 1] === GREATER_THAN) lineStart--;
    if (lineStart === start || lines[lineStart - 1] === LF) {
      kept.push(bytes.subarray(from, lineStart));
      from = lineStart + 1;
    }
    hit = lines.indexOf(">From ", hit + 6, "latin1");
  }
  return kept.length === 0 ? bytes.subarray(start, end) : Buffer.concat([...kept, bytes.subarray(from, end)]);
}
