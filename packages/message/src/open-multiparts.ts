/**
 * Delimiter lines (RFC 2046 section 5.1.1), looked up among all multiparts that are open, innermost first.
 *
 * One search for "\n--" serves every level, so that the work grows with the size of the message and not with its
 * nesting; a child that is never closed ends where its parent goes on; and a boundary that begins with another one is told
 * apart, because the whole line must match. Pure.
 */
import { CR, HYPHEN, LF, lineEndAt } from "./byte-source.ts";

/** LIMIT: RFC 2046 allows 70 characters; a boundary of megabytes would be compared with each line that starts with "--". */
export const MAX_BOUNDARY_CHARS = 256;

/** No open multipart: the end of the bytes. */
const END_LEVEL = -1;

/** Transport padding and line end that may follow a boundary. */
const MAX_PADDING_BYTES = 64;

const LINE_START = Buffer.from("\n--");

export interface Delimiter {
  /** Index of the open multipart that it belongs to, or END_LEVEL. */
  readonly level: number;
  readonly lineStart: number;
  readonly lineEnd: number;
  /** `--boundary--`: no part follows. */
  readonly closes: boolean;
}

export class OpenMultiparts {
  readonly #lines: Buffer;
  readonly #boundaries: string[] = [];
  /** First byte of each open boundary: most lines that begin with two hyphens are done with at the third byte. */
  readonly #firstBytes: number[] = [];

  constructor(lines: Buffer) {
    this.#lines = lines;
  }

  /** Opens a multipart inside the ones that are open; returns its level. */
  open(boundary: string): number {
    this.#firstBytes.push(boundary.charCodeAt(0));
    return this.#boundaries.push(boundary) - 1;
  }

  /** Closes the innermost one. */
  close(): void {
    this.#boundaries.pop();
    this.#firstBytes.pop();
  }

  /** The first delimiter line of an open multipart at or after `from`, which must be the start of a line. */
  next(from: number): Delimiter {
    const lines = this.#lines;
    if (this.#boundaries.length > 0) {
      const onFirstLine = from === 0 && lines[0] === HYPHEN && lines[1] === HYPHEN;
      for (let at = onFirstLine ? 0 : this.#nextCandidate(from); at !== -1; ) {
        const found = this.#firstBytes.includes(lines[at + 2] ?? 0) ? this.#match(at) : undefined;
        if (found !== undefined) return found;
        at = this.#nextCandidate(at + 2);
      }
    }
    return { level: END_LEVEL, lineStart: lines.length, lineEnd: lines.length, closes: true };
  }

  /** Start of the next line at or after `from` that begins with two hyphens, or -1. */
  #nextCandidate(from: number): number {
    const hit = this.#lines.indexOf(LINE_START, Math.max(from - 1, 0));
    return hit === -1 ? -1 : hit + 1;
  }

  #match(lineStart: number): Delimiter | undefined {
    const lineEnd = lineEndAt(this.#lines, lineStart, this.#lines.length);
    const end = Math.min(lineEnd, lineStart + MAX_BOUNDARY_CHARS + MAX_PADDING_BYTES);
    const line = this.#lines.toString("latin1", lineStart + 2, end).trimEnd();
    for (let level = this.#boundaries.length - 1; level >= 0; level--) {
      const boundary = this.#boundaries[level] as string;
      if (!line.startsWith(boundary)) continue;
      if (line.length === boundary.length) return { level, lineStart, lineEnd, closes: false };
      const closes = line.length === boundary.length + 2 && line.endsWith("--");
      if (closes) return { level, lineStart, lineEnd, closes };
    }
    return undefined;
  }
}

/**
 * End of a body that `delimiter` ends: the line end before a delimiter belongs to the delimiter.
 *
 * @param earliest  Where the body starts or its last part ends: a line end before it is the header's or the part's.
 */
export function bodyEndBefore(delimiter: Delimiter, earliest: number, lines: Buffer, bareCr: boolean): number {
  let end = delimiter.lineStart;
  if (delimiter.level === END_LEVEL || end <= earliest) return Math.max(end, earliest);
  if (lines[end - 1] === LF) end--;
  if (!bareCr && end > earliest && lines[end - 1] === CR) end--;
  return end;
}
