/**
 * Cuts a header block into fields (RFC 5322 section 2.2), byte-exact and in order.
 *
 * Lenient where mail in the wild is: a line without a colon between fields is kept as a field without a name, so that the
 * fields together are still the bytes of the block; a header that runs into the body without a blank line ends where the
 * field lines end. Both are defects. Pure.
 */
import { type ByteSource, isBlankLine, lineEndAt, SPACE, TAB } from "./byte-source.ts";
import type { DefectCode } from "./defect.ts";
import type { DefectLog } from "./defect-log.ts";
import type { HeaderField } from "./header-list.ts";
import type { ReadLimits } from "./limits.ts";

const COLON = 0x3a;
const HYPHEN = 0x2d;

export interface ScannedHeader {
  readonly fields: readonly HeaderField[];
  /** End of the last header line; the blank line is neither header nor body. */
  readonly headerEnd: number;
  readonly bodyStart: number;
}

/** Where the colon of a field line is, or -1: 1 or more printable ASCII characters, then (obs) blanks, then the colon. */
export function findFieldColon(lines: Buffer, start: number, end: number): number {
  // QUIRK: no field is named "--x", but a delimiter line directly after the header may well contain a colon.
  if (lines[start] === HYPHEN && lines[start + 1] === HYPHEN) return -1;
  let at = start;
  for (; at < end; at++) {
    const byte = lines[at] as number;
    if (byte === COLON) return at > start ? at : -1;
    if (byte <= SPACE || byte >= 0x7f) break;
  }
  if (at === start) return -1;
  while (at < end && (lines[at] === SPACE || lines[at] === TAB)) at++;
  return lines[at] === COLON && at < end ? at : -1;
}

/**
 * Reads the header that starts at `start`, up to the first blank line or the end of the bytes.
 *
 * A limit that bites ends the fields; the body then starts after the next blank line.
 */
export function scanHeader(source: ByteSource, start: number, limits: ReadLimits, log: DefectLog): ScannedHeader {
  return new HeaderScan(source, start, limits, log).run();
}

/** Where a header ends: `fields` after its last line, `body` after the blank line, if there is one. */
interface HeaderEnd {
  readonly fields: number;
  readonly body: number;
}

class HeaderScan {
  readonly #source: ByteSource;
  readonly #lines: Buffer;
  readonly #start: number;
  readonly #end: number;
  readonly #limits: ReadLimits;
  readonly #log: DefectLog;
  /** Offset of each field's first byte and of its colon (-1: a line without one), alternating. */
  readonly #cuts: number[] = [];

  constructor(source: ByteSource, start: number, limits: ReadLimits, log: DefectLog) {
    this.#source = source;
    this.#lines = source.lines;
    this.#start = start;
    this.#end = source.lines.length;
    this.#limits = limits;
    this.#log = log;
  }

  run(): ScannedHeader {
    const end = this.#findFields();
    const block = this.#source.bytes.toString("latin1", this.#start, end.fields);
    const cuts = this.#cuts;
    const fields: HeaderField[] = [];
    for (let i = 0; i < cuts.length; i += 2) {
      const fieldEnd = cuts[i + 2] ?? end.fields;
      fields.push(cutField(block, this.#start, cuts[i] as number, cuts[i + 1] as number, fieldEnd));
    }
    return { fields, headerEnd: end.fields, bodyStart: end.body };
  }

  #findFields(): HeaderEnd {
    const lines = this.#lines;
    let at = this.#start;
    while (at < this.#end) {
      const lineEnd = lineEndAt(lines, at, this.#end);
      if (isBlankLine(lines, at, lineEnd)) return { fields: at, body: lineEnd };
      const folded = this.#cuts.length > 0 && (lines[at] === SPACE || lines[at] === TAB);
      if (this.#exceedsLimit(lineEnd, folded)) return { fields: at, body: this.#bodyAfterLimit(at) };
      if (!folded && !this.#startField(at, lineEnd)) return { fields: at, body: at };
      at = lineEnd;
    }
    return { fields: this.#end, body: this.#end };
  }

  /** Notes the field of this line; false when the line belongs to the body. */
  #startField(at: number, lineEnd: number): boolean {
    const colon = findFieldColon(this.#lines, at, lineEnd);
    if (colon === -1 && !this.#isStrayHeaderLine(at, lineEnd)) {
      if (this.#cuts.length > 0) this.#note("header-not-terminated", "no blank line between header and body", at);
      return false;
    }
    if (colon === -1) this.#note("header-line-without-colon", "a header line has no colon", at);
    this.#cuts.push(at, colon);
    return true;
  }

  /** A line without a colon is part of the header only when a field follows it at once; else the body starts with it. */
  #isStrayHeaderLine(at: number, lineEnd: number): boolean {
    if (this.#mayBeDelimiter(at) || lineEnd >= this.#end) return false;
    return findFieldColon(this.#lines, lineEnd, lineEndAt(this.#lines, lineEnd, this.#end)) !== -1;
  }

  #exceedsLimit(lineEnd: number, folded: boolean): boolean {
    const { maxHeaderBytes, maxFields } = this.#limits;
    if (lineEnd - this.#start > maxHeaderBytes) {
      this.#note("header-too-large", `a header has more than ${maxHeaderBytes} bytes`, this.#start);
      return true;
    }
    if (folded || this.#cuts.length / 2 < maxFields) return false;
    this.#note("too-many-fields", `a header has more than ${maxFields} fields`, this.#start);
    return true;
  }

  #bodyAfterLimit(from: number): number {
    for (let at = from; at < this.#end; ) {
      const lineEnd = lineEndAt(this.#lines, at, this.#end);
      if (isBlankLine(this.#lines, at, lineEnd)) return lineEnd;
      if (this.#mayBeDelimiter(at)) return at;
      at = lineEnd;
    }
    return this.#end;
  }

  #mayBeDelimiter(at: number): boolean {
    return this.#lines[at] === HYPHEN && this.#lines[at + 1] === HYPHEN;
  }

  #note(code: DefectCode, detail: string, at: number): void {
    this.#log.add(code, detail, this.#source.isRaw ? at : undefined);
  }
}

function cutField(block: string, base: number, start: number, colon: number, end: number): HeaderField {
  const raw = block.slice(start - base, end - base);
  let valueEnd = raw.length;
  while (valueEnd > 0 && isLineEndChar(raw.charCodeAt(valueEnd - 1))) valueEnd--;
  const valueStart = colon === -1 ? 0 : colon - start + 1;
  const name =
    colon === -1
      ? ""
      : raw
          .slice(0, colon - start)
          .trimEnd()
          .toLowerCase();
  return { name, range: { start, end }, raw, rawValue: raw.slice(valueStart, valueEnd) };
}

function isLineEndChar(code: number): boolean {
  return code === 0x0a || code === 0x0d;
}
