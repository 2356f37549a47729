/**
 * Reads the structure of a message: one pass over its bytes, no copies, nothing decoded (RFC 5322, 2045, 2046).
 *
 * In: the raw bytes, whatever they are. Out: the part tree with ranges, and the defects that were met. Never throws on mail.
 * Delimiter lines are looked up among all open multiparts, innermost first, so that the work grows with the size of the
 * message and not with its nesting, and a child that is never closed ends where its parent goes on. Pure.
 */
import { type ByteSource, CR, isBlankLine, LF, lineEndAt, openByteSource } from "./byte-source.ts";
import { isMediaType, type ParameterizedValue, parseParameterized } from "./content-type.ts";
import { DefectLog } from "./defect-log.ts";
import { FieldList } from "./field-list.ts";
import type { HeaderList } from "./header-list.ts";
import { type ReadLimits, resolveReadLimits } from "./limits.ts";
import type { ContentType, Message, Part } from "./part.ts";
import { isComposite, type PartContext, PartNode } from "./part-node.ts";
import { findFieldColon, scanHeader } from "./scan-header.ts";

/** LIMIT: RFC 2046 allows 70 characters; longer ones only make each comparison dearer. */
const MAX_BOUNDARY_CHARS = 256;

/**
 * Reads a message.
 *
 * @param raw     The bytes as received, LF, CRLF or bare CR; may be empty.
 * @param limits  Overrides of the MAX_ constants of limits.ts.
 * @throws {RangeError} only for a limit that is not a positive integer.
 */
export function readMessage(raw: Buffer, limits?: Partial<ReadLimits>): Message {
  const log = new DefectLog();
  const context: PartContext = { source: openByteSource(raw, true), limits: resolveReadLimits(limits), log };
  if (context.source.bareCr) log.add("bare-cr", "lines end with CR alone");
  const root = new TreeReader(context, { parts: 0 }).readMessage("", 0);
  return { raw, root, defects: log.defects };
}

/** Reads a bare header block, such as the body of a text/rfc822-headers part; what follows a blank line is left out. */
export function readHeader(bytes: Buffer): HeaderList {
  const source = openByteSource(bytes, false);
  const start = skipToHeader(source);
  const { fields } = scanHeader(source, start, resolveReadLimits(undefined), new DefectLog());
  return new FieldList(fields);
}

interface Delimiter {
  /** Index of the open multipart that it belongs to; -1 is the end of the bytes. */
  readonly level: number;
  readonly lineStart: number;
  readonly lineEnd: number;
  readonly closes: boolean;
}

interface ReadPart {
  readonly part: Part;
  readonly endedBy: Delimiter;
}

class TreeReader {
  readonly #context: PartContext;
  readonly #count: { parts: number };
  readonly #open: string[] = [];

  constructor(context: PartContext, count: { parts: number }) {
    this.#context = context;
    this.#count = count;
  }

  readMessage(path: string, depth: number): Part {
    return this.#readMessageAt(0, path, depth).part;
  }

  #readMessageAt(start: number, path: string, depth: number): ReadPart {
    return this.#readPart(skipToHeader(this.#context.source, start), path, depth, "text/plain");
  }

  #readPart(start: number, path: string, depth: number, defaultType: string): ReadPart {
    const { source, limits, log } = this.#context;
    this.#count.parts++;
    const header = scanHeader(source, start, limits, log);
    const headers = new FieldList(header.fields);
    const contentType = this.#contentType(headers, defaultType);
    const children: Part[] = [];
    const node = new PartNode(this.#context, path, headers, contentType, { start, end: header.headerEnd }, children);
    const endedBy = this.#readBody(node, header.bodyStart, depth, children);
    node.bodyRange = { start: header.bodyStart, end: this.#bodyEnd(header.bodyStart, endedBy) };
    return { part: node, endedBy };
  }

  #readBody(node: PartNode, bodyStart: number, depth: number, children: Part[]): Delimiter {
    const { value } = node.contentType;
    const { limits, log } = this.#context;
    const multipart = isComposite(value);
    if (!multipart && value !== "message/rfc822" && value !== "message/global") return this.#nextDelimiter(bodyStart);
    if (depth >= limits.maxNesting || this.#count.parts >= limits.maxParts) {
      const tooDeep = depth >= limits.maxNesting;
      log.add(
        tooDeep ? "nesting-too-deep" : "too-many-parts",
        tooDeep ? `more than ${limits.maxNesting} levels` : `more than ${limits.maxParts} parts`,
      );
      return this.#nextDelimiter(bodyStart);
    }
    if (multipart) return this.#readMultipart(node, bodyStart, depth, children);
    const inner = this.#readMessageAt(bodyStart, childPath(node.path, 1), depth + 1);
    children.push(inner.part);
    return inner.endedBy;
  }

  #readMultipart(node: PartNode, bodyStart: number, depth: number, children: Part[]): Delimiter {
    const { limits, log } = this.#context;
    const boundary = node.contentType.parameters.get("boundary") ?? "";
    if (boundary === "" || boundary.length > MAX_BOUNDARY_CHARS) {
      log.add("boundary-missing", "a multipart names no boundary");
      return this.#nextDelimiter(bodyStart);
    }
    const level = this.#open.push(boundary) - 1;
    const defaultType = node.contentType.value === "multipart/digest" ? "message/rfc822" : "text/plain";
    let delimiter = this.#nextDelimiter(bodyStart);
    if (delimiter.level !== level) log.add("boundary-missing", "a multipart has no part");
    while (delimiter.level === level && !delimiter.closes) {
      if (this.#count.parts >= limits.maxParts) {
        log.add("too-many-parts", `more than ${limits.maxParts} parts`);
        break;
      }
      const read = this.#readPart(delimiter.lineEnd, childPath(node.path, children.length + 1), depth + 1, defaultType);
      children.push(read.part);
      delimiter = read.endedBy;
    }
    this.#open.pop();
    if (delimiter.level !== level) {
      if (children.length > 0) log.add("boundary-never-closed", "a multipart has no closing delimiter");
      return delimiter;
    }
    return this.#nextDelimiter(delimiter.lineEnd);
  }

  #contentType(headers: HeaderList, defaultType: string): ContentType {
    const field = headers.first("content-type");
    if (field === undefined) return { value: defaultType, parameters: NO_PARAMETERS };
    const parsed: ParameterizedValue = parseParameterized(field.rawValue.replace(/[\r\n]+/g, ""));
    if (isMediaType(parsed.value)) return parsed;
    this.#context.log.add("bad-content-type", "a Content-Type that is not type/subtype");
    return { value: "text/plain", parameters: parsed.parameters };
  }

  /** The next delimiter line of any open multipart, at or after the line start `from`. */
  #nextDelimiter(from: number): Delimiter {
    const { lines } = this.#context.source;
    const end = lines.length;
    if (this.#open.length > 0) {
      let at = from;
      if (from > 0 || lines[0] !== HYPHEN || lines[1] !== HYPHEN)
        at = afterLf(lines.indexOf("\n--", from - 1, "latin1"));
      while (at !== -1) {
        const lineEnd = lineEndAt(lines, at, end);
        const found = this.#matchDelimiter(at, lineEnd);
        if (found !== undefined) return found;
        at = afterLf(lines.indexOf("\n--", lineEnd - 1, "latin1"));
      }
    }
    return { level: -1, lineStart: end, lineEnd: end, closes: true };
  }

  #matchDelimiter(lineStart: number, lineEnd: number): Delimiter | undefined {
    const { lines } = this.#context.source;
    const sliceEnd = Math.min(lineEnd, lineStart + MAX_BOUNDARY_CHARS + 8);
    const line = lines.toString("latin1", lineStart + 2, sliceEnd).trimEnd();
    for (let level = this.#open.length - 1; level >= 0; level--) {
      const boundary = this.#open[level] as string;
      if (!line.startsWith(boundary)) continue;
      if (line.length === boundary.length) return { level, lineStart, lineEnd, closes: false };
      if (line.length === boundary.length + 2 && line.endsWith("--"))
        return { level, lineStart, lineEnd, closes: true };
    }
    return undefined;
  }

  /** The line end before a delimiter belongs to the delimiter (RFC 2046 section 5.1.1). */
  #bodyEnd(bodyStart: number, endedBy: Delimiter): number {
    const { lines, bareCr } = this.#context.source;
    let end = endedBy.lineStart;
    if (endedBy.level === -1 || end <= bodyStart) return Math.max(end, bodyStart);
    if (lines[end - 1] === LF) end--;
    if (!bareCr && end > bodyStart && lines[end - 1] === CR) end--;
    return end;
  }
}

const HYPHEN = 0x2d;
const NO_PARAMETERS: ReadonlyMap<string, string> = new Map();

function afterLf(hit: number): number {
  return hit === -1 ? -1 : hit + 1;
}

function childPath(parent: string, index: number): string {
  return parent === "" ? `${index}` : `${parent}.${index}`;
}

/** Skips what may stand before the first field: an mbox "From " line, quoted or not, and blank lines. */
function skipToHeader(source: ByteSource, start = 0): number {
  const { lines } = source;
  let at = start;
  while (at < lines.length) {
    const lineEnd = lineEndAt(lines, at, lines.length);
    if (findFieldColon(lines, at, lineEnd) !== -1) return at;
    if (!isBlankLine(lines, at, lineEnd) && !isMboxFrom(lines, at)) return start;
    at = lineEnd;
  }
  return start;
}

function isMboxFrom(lines: Buffer, at: number): boolean {
  return lines.toString("latin1", at, at + 5) === "From " || lines.toString("latin1", at, at + 6) === ">From ";
}
