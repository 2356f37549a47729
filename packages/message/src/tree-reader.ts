/**
 * Reads the part tree in one pass over the bytes, without copies, decoding nothing (RFC 5322, 2045, 2046).
 *
 * Each part says by which delimiter it was ended, which tells the multiparts around it how to go on. Only a message/rfc822
 * that is really encoded (illegal by RFC 2046 section 5.2.1, but sent) is decoded and read by a reader of its own. Pure.
 */
import { type ByteSource, isBlankLine, lineEndAt, openByteSource } from "./byte-source.ts";
import { isMediaType, parseParameterized } from "./content-type.ts";
import { findFieldColon } from "./field-line.ts";
import { FieldList, unfold } from "./field-list.ts";
import type { HeaderList } from "./header-list.ts";
import { bodyEndBefore, type Delimiter, MAX_BOUNDARY_CHARS, OpenMultiparts } from "./open-multiparts.ts";
import type { ContentType, Part } from "./part.ts";
import { type PartContext, PartNode } from "./part-node.ts";
import { scanHeader } from "./scan-header.ts";
import { isEncodedMessage, type TransferEncoding } from "./transfer-encoding.ts";

interface ReadPart {
  readonly part: Part;
  readonly endedBy: Delimiter;
}

const MISSING_TYPE: ContentType = { value: "text/plain", parameters: new Map() };
const MISSING_TYPE_IN_DIGEST: ContentType = { value: "message/rfc822", parameters: new Map() };

const BYTE_ORDER_MARK = "\xef\xbb\xbf";

/** Parts read so far, of the whole message: shared with the readers of decoded messages inside it. */
export interface PartCount {
  value: number;
}

export class TreeReader {
  readonly #context: PartContext;
  readonly #count: PartCount;
  readonly #multiparts: OpenMultiparts;

  constructor(context: PartContext, count: PartCount) {
    this.#context = context;
    this.#count = count;
    this.#multiparts = new OpenMultiparts(context.source.lines);
  }

  /** Reads the message that starts with the first byte. */
  read(path: string, depth: number): Part {
    return this.#readMessage(0, path, depth).part;
  }

  #readMessage(start: number, path: string, depth: number): ReadPart {
    return this.#readPart(skipToHeader(this.#context.source, start), path, depth, MISSING_TYPE);
  }

  #readPart(start: number, path: string, depth: number, missingType: ContentType): ReadPart {
    const { source, limits, log } = this.#context;
    this.#count.value++;
    const header = scanHeader(source, start, limits, log);
    const headers = new FieldList(header.fields);
    const contentType = this.#contentType(headers, missingType);
    const part = new PartNode(this.#context, path, headers, contentType, { start, end: header.headerEnd });
    const endedBy = this.#readBody(part, header.bodyStart, depth);
    const lastChild = part.children.at(-1);
    const contentEnd = lastChild?.source === part.source ? lastChild.bodyRange.end : header.bodyStart;
    part.bodyRange = { start: header.bodyStart, end: this.#bodyEnd(endedBy, contentEnd) };
    return { part, endedBy };
  }

  #readBody(part: PartNode, bodyStart: number, depth: number): Delimiter {
    if (!part.isMultipart && !part.isMessage) return this.#multiparts.next(bodyStart);
    if (!this.#mayGoDeeper(depth)) return this.#multiparts.next(bodyStart);
    const encoding = part.declaredEncoding();
    if (encoding !== "identity")
      this.#context.log.add("bad-transfer-encoding", "a multipart or message says that it is encoded");
    if (part.isMultipart) return this.#readMultipart(part, bodyStart, depth);
    if (isEncodedMessage(this.#context.source.lines, bodyStart, encoding)) {
      return this.#readEncodedMessage(part, encoding, bodyStart, depth);
    }
    const inner = this.#readMessage(bodyStart, childPath(part.path, 1), depth + 1);
    part.children.push(inner.part);
    return inner.endedBy;
  }

  #readEncodedMessage(part: PartNode, encoding: TransferEncoding, bodyStart: number, depth: number): Delimiter {
    const endedBy = this.#multiparts.next(bodyStart);
    part.encoding = encoding;
    part.bodyRange = { start: bodyStart, end: this.#bodyEnd(endedBy, bodyStart) };
    const context = { ...this.#context, source: openByteSource(part.bytes(), false) };
    part.children.push(new TreeReader(context, this.#count).read(childPath(part.path, 1), depth + 1));
    return endedBy;
  }

  #readMultipart(part: PartNode, bodyStart: number, depth: number): Delimiter {
    const { log } = this.#context;
    const boundary = part.contentType.parameters.get("boundary") || this.#guessBoundary(bodyStart);
    if (boundary === undefined || boundary.length > MAX_BOUNDARY_CHARS) {
      log.add("boundary-missing", "a multipart names no usable boundary");
      return this.#multiparts.next(bodyStart);
    }
    const level = this.#multiparts.open(boundary);
    const missingType = part.contentType.value === "multipart/digest" ? MISSING_TYPE_IN_DIGEST : MISSING_TYPE;
    let delimiter = this.#multiparts.next(bodyStart);
    while (delimiter.level === level && !delimiter.closes && this.#mayGoDeeper(depth)) {
      const path = childPath(part.path, part.children.length + 1);
      const read = this.#readPart(delimiter.lineEnd, path, depth + 1, missingType);
      part.children.push(read.part);
      delimiter = read.endedBy;
    }
    this.#multiparts.close();
    if (delimiter.level === level) return this.#multiparts.next(delimiter.lineEnd);
    if (part.children.length === 0) log.add("boundary-missing", "a multipart has no delimiter line");
    else log.add("boundary-never-closed", "a multipart has no closing delimiter line");
    return delimiter;
  }

  #mayGoDeeper(depth: number): boolean {
    const { limits, log } = this.#context;
    if (depth >= limits.maxNesting) {
      log.add("nesting-too-deep", `parts are nested more than ${limits.maxNesting} levels deep`);
      return false;
    }
    if (this.#count.value < limits.maxParts) return true;
    log.add("too-many-parts", `there are more than ${limits.maxParts} parts`);
    return false;
  }

  /** QUIRK: relays that mangle the Content-Type lose the boundary; the first delimiter line before a part header tells it. */
  #guessBoundary(bodyStart: number): string | undefined {
    const { lines } = this.#context.source;
    const at = lines.indexOf("--", bodyStart, "latin1");
    if (at === -1) return undefined;
    const lineEnd = lineEndAt(lines, at, lines.length);
    const next = lines.toString("latin1", lineEnd, lineEnd + 8).toLowerCase();
    const line = lines.toString("latin1", at + 2, Math.min(lineEnd, at + MAX_BOUNDARY_CHARS)).trim();
    return line !== "" && next === "content-" ? line : undefined;
  }

  #contentType(headers: HeaderList, missing: ContentType): ContentType {
    const field = headers.first("content-type");
    if (field === undefined) return missing;
    const parsed = parseParameterized(unfold(field.rawValue));
    if (isMediaType(parsed.value)) return parsed;
    this.#context.log.add("bad-content-type", "a Content-Type is not type/subtype");
    return { value: missing.value, parameters: parsed.parameters };
  }

  /** `contentEnd`: the body ends no earlier, whatever line end stands before the delimiter. */
  #bodyEnd(endedBy: Delimiter, contentEnd: number): number {
    const { lines, bareCr } = this.#context.source;
    return bodyEndBefore(endedBy, contentEnd, lines, bareCr);
  }
}

function childPath(parent: string, index: number): string {
  return parent === "" ? `${index}` : `${parent}.${index}`;
}

/**
 * Skips what may stand before the first field of a message: a UTF-8 byte order mark (files saved on Windows), an mbox `From `
 * line, quoted or not, and blank lines. Stays at `start` when no field follows.
 */
export function skipToHeader(source: ByteSource, start: number): number {
  const { lines } = source;
  let at = lines.toString("latin1", start, start + 3) === BYTE_ORDER_MARK ? start + 3 : start;
  while (at < lines.length) {
    const lineEnd = lineEndAt(lines, at, lines.length);
    if (findFieldColon(lines, at, lineEnd) !== -1) return at;
    if (!isBlankLine(lines, at, lineEnd) && !isFromLine(lines, at)) return start;
    at = lineEnd;
  }
  return start;
}

function isFromLine(lines: Buffer, at: number): boolean {
  const start = lines.toString("latin1", at, at + 6);
  return start.startsWith("From ") || start === ">From ";
}
