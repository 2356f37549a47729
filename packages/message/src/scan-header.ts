/**
 * Cuts a header block into fields (RFC 5322 section 2.2), byte-exact and in order.
 *
 * Lenient where mail in the wild is: a line without a colon between fields is kept as a field without a name, so that the
 * fields together are still the bytes of the block; a header that runs into the body without a blank line ends where the
 * field lines end. Both are defects. Pure.
 */
import { type ByteSource, isBlankLine, lineEndAt, SPACE, TAB } from "./byte-source.ts";
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
 * Reads the header that starts at `start`.
 *
 * @param end  Offset after the last byte that may belong to it.
 */
export function scanHeader(
  source: ByteSource,
  start: number,
  end: number,
  limits: ReadLimits,
  log: DefectLog,
): ScannedHeader {
  const scan = new HeaderScan(source, start, end, limits, log);
  scan.run();
  return scan.result();
}

class HeaderScan {
  readonly #source: ByteSource;
  readonly #start: number;
  readonly #end: number;
  readonly #limits: ReadLimits;
  readonly #log: DefectLog;
  /** Offset of each field's first byte and of its colon (-1: a line without one), alternating. */
  readonly #cuts: number[] = [];
  #headerEnd: number;
  #bodyStart: number;

  constructor(source: ByteSource, start: number, end: number, limits: ReadLimits, log: DefectLog) {
    this.#source = source;
    this.#start = start;
    this.#end = end;
    this.#limits = limits;
    this.#log = log;
    this.#headerEnd = start;
    this.#bodyStart = end;
  }

  run(): void {
    const { lines } = this.#source;
    let at = this.#start;
    while (at < this.#end) {
      const lineEnd = lineEndAt(lines, at, this.#end);
      if (isBlankLine(lines, at, lineEnd)) return this.#stop(at, lineEnd);
      const folded = this.#cuts.length > 0 && (lines[at] === SPACE || lines[at] === TAB);
      if (this.#exceedsLimit(lineEnd, folded)) return this.#skipRest(at);
      if (!folded && !this.#startField(at, lineEnd)) return this.#stop(at, at);
      at = lineEnd;
    }
    this.#stop(this.#end, this.#end);
  }

  /** Notes the field of this line; false when the line belongs to the body. */
  #startField(at: number, lineEnd: number): boolean {
    const colon = findFieldColon(this.#source.lines, at, lineEnd);
    if (colon === -1 && !this.#isStrayHeaderLine(at, lineEnd)) {
      if (this.#cuts.length > 0) this.#defect("header-not-terminated", "no blank line between header and body", at);
      return false;
    }
    if (colon === -1) this.#defect("header-line-without-colon", "a header line has no colon", at);
    this.#cuts.push(at, colon);
    return true;
  }

  /** A line without a colon is part of the header only when a field follows it at once; else the body starts with it. */
  #isStrayHeaderLine(at: number, lineEnd: number): boolean {
    const { lines } = this.#source;
    if (lines[at] === HYPHEN && lines[at + 1] === HYPHEN) return false;
    return lineEnd < this.#end && findFieldColon(lines, lineEnd, lineEndAt(lines, lineEnd, this.#end)) !== -1;
  }

  #exceedsLimit(lineEnd: number, folded: boolean): boolean {
    const { maxHeaderBytes, maxFields } = this.#limits;
    if (lineEnd - this.#start > maxHeaderBytes) {
      this.#defect("header-too-large", `a header has more than ${maxHeaderBytes} bytes`, this.#start);
      return true;
    }
    if (folded || this.#cuts.length / 2 < maxFields) return false;
    this.#defect("too-many-fields", `a header has more than ${maxFields} fields`, this.#start);
    return true;
  }

  /** After a limit: the fields end here, the body starts after the next blank line or at what may be a delimiter. */
  #skipRest(at: number): void {
    const { lines } = this.#source;
    for (let from = at; from < this.#end; ) {
      const lineEnd = lineEndAt(lines, from, this.#end);
      if (isBlankLine(lines, from, lineEnd)) return this.#stop(at, lineEnd);
      if (lines[from] === HYPHEN && lines[from + 1] === HYPHEN) return this.#stop(at, from);
      from = lineEnd;
    }
    this.#stop(at, this.#end);
  }

  #stop(headerEnd: number, bodyStart: number): void {
    this.#headerEnd = headerEnd;
    this.#bodyStart = bodyStart;
  }

  #defect(code: Parameters<DefectLog["add"]>[0], detail: string, at: number): void {
    this.#log.add(code, detail, this.#source.isRaw ? at : undefined);
  }

  result(): ScannedHeader {
    const block = this.#source.bytes.toString("latin1", this.#start, this.#headerEnd);
    const cuts = this.#cuts;
    const fields: HeaderField[] = [];
    for (let i = 0; i < cuts.length; i += 2) {
      const start = cuts[i] as number;
      const end = cuts[i + 2] ?? this.#headerEnd;
      fields.push(cutField(block, this.#start, start, cuts[i + 1] as number, end));
    }
    return { fields, headerEnd: this.#headerEnd, bodyStart: this.#bodyStart };
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
