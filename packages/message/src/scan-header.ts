/**
 * Cuts a header block into fields (RFC 5322 section 2.2), byte-exact and in order.
 *
 * Lenient where mail in the wild is: a line without a colon between fields belongs to the field above it, as if its fold had
 * kept its blank (above the first field it is a field without a name); a header that runs into the body without a blank line
 * ends where the field lines end. Both are defects. The fields together are always the bytes of the block. Pure.
 */
import { type ByteSource, CR, HYPHEN, isBlankLine, LF, lineEndAt, SPACE, TAB } from "./byte-source.ts";
import type { DefectCode } from "./defect.ts";
import type { DefectLog } from "./defect-log.ts";
import { findFieldColon, isTellingField } from "./field-line.ts";
import type { HeaderField } from "./header-list.ts";
import type { ReadLimits } from "./limits.ts";

const SEMICOLON = 0x3b;
const COMMA = 0x2c;
/** How many lines without a colon may be lost folds before the next field shows that the header goes on. */
const MAX_STRAY_LINES = 12;
const BARE_CR = /\r[^\r\n]/;

export interface ScannedHeader {
  readonly fields: readonly HeaderField[];
  /** End of the last header line; the blank line is neither header nor body. */
  readonly headerEnd: number;
  readonly bodyStart: number;
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
  #hasLostFolds = false;
  #crlfLines = 0;
  #lfLines = 0;

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
    this.#checkLineEnds(block);
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
      if (lines[lineEnd - 2] === CR) this.#crlfLines++;
      else if (lines[lineEnd - 1] === LF) this.#lfLines++;
      const folded = this.#cuts.length > 0 && (lines[at] === SPACE || lines[at] === TAB);
      if (this.#exceedsLimit(lineEnd, folded)) return { fields: at, body: this.#bodyAfterLimit(at) };
      if (!folded && !this.#startField(at, lineEnd)) return { fields: at, body: at };
      at = lineEnd;
    }
    return { fields: this.#end, body: this.#end };
  }

  /** Notes the field of this line, or takes the line for a lost fold; false when the body starts with it. */
  #startField(at: number, lineEnd: number): boolean {
    const colon = findFieldColon(this.#lines, at, lineEnd);
    if (colon !== -1) {
      this.#cuts.push(at, colon);
      return true;
    }
    if (!this.#isLostFold(at, lineEnd)) {
      if (this.#cuts.length > 0) this.#note("header-not-terminated", "no blank line between header and body", at);
      return false;
    }
    if (!this.#hasLostFolds) this.#note("header-line-without-colon", "a header line has no colon", at);
    this.#hasLostFolds = true;
    if (this.#cuts.length === 0) this.#cuts.push(at, -1);
    return true;
  }

  /**
   * Whether a line without a colon belongs to the field above it: that one is not complete, or more fields follow, or this
   * header has lost folds before.
   *
   * QUIRK(exchange): Office 365 returns headers whose folds have lost their blanks, boundary parameters included.
   */
  #isLostFold(at: number, lineEnd: number): boolean {
    if (this.#mayBeDelimiter(at)) return false;
    if (this.#hasLostFolds || (this.#cuts.length > 0 && this.#endsIncomplete(at))) return true;
    let next = lineEnd;
    for (let lines = 0; lines < MAX_STRAY_LINES && next < this.#end; lines++) {
      const nextEnd = lineEndAt(this.#lines, next, this.#end);
      if (isBlankLine(this.#lines, next, nextEnd) || this.#mayBeDelimiter(next)) return false;
      if (findFieldColon(this.#lines, next, nextEnd) !== -1) return isTellingField(this.#lines, next);
      next = nextEnd;
    }
    return false;
  }

  /** Whether the line before `at` ends with a separator, so that something must follow. */
  #endsIncomplete(at: number): boolean {
    let last = at - 1;
    while (last > this.#start && (this.#lines[last] as number) <= SPACE) last--;
    return this.#lines[last] === SEMICOLON || this.#lines[last] === COMMA;
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

  /** Line ends of two kinds in one header, and CRs within lines: marks of software that splices headers together. */
  #checkLineEnds(block: string): void {
    if (this.#crlfLines > 0 && this.#lfLines > 0) {
      this.#note("bare-lf-mixed", "a header has lines ended by CRLF and by LF", this.#start);
    }
    if (!this.#source.bareCr && (this.#crlfLines > 0 || block.includes("\r")) && BARE_CR.test(block)) {
      this.#note("bare-cr", "a header has a CR that ends no line", this.#start);
    }
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
