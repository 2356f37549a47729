/**
 * The returned message that stands inline in the text of a report, as MTAs did before RFC 1892 and many still do.
 *
 * It is not found by the separators that announce it (each MTA has its own, in several languages) but by itself: lines in
 * a row that are header fields, of the kind that every message has. The same works behind a quote prefix (`> `) and with an
 * indent. The bytes are taken from the part as it was sent, since DKIM is verified on them.
 */
import { type Part, readHeader } from "@triage/message";
import type { Returned } from "../report.ts";
import { describeReturned, headerEndOf, lineEndOf } from "./describe.ts";

/** LIMIT: places in a text that are tried as a header; a text of nothing but `Message-ID:` lines would else be quadratic. */
const MAX_CANDIDATES = 16;
/** LIMIT: lines of one header; see MAX_FIELDS of the message package. */
const MAX_HEADER_LINES = 2_000;
/** Fields from which a header in a text is looked for, in the spellings that are common. */
const ANCHORS = ["message-id:", "received:", "return-path:", "subject:", "from:"];
/** A header of fewer different fields is an excerpt ("Subject: ..., To: ..."), or prose. */
const MIN_FIELDS = 3;
/** Fields that a transport or a mail program writes; an excerpt made for people has none of them. */
const TRACE_FIELDS =
  /^(?:received|return-path|dkim-signature|mime-version|content-type|delivered-to|x-[a-z]+|message-id|date)$/;
/** Without one of these a block is an excerpt for people: "To: ..., Subject: ..., Sent: ...". */
const IDENTIFYING_FIELDS = ["from", "received", "message-id"];
/** A field line behind an optional quote prefix. QUIRK(zoho): no blank behind the colon. */
export const FIELD_LINE = /^((?:[>|] ?){0,5}[ \t]{0,8})([A-Za-z][A-Za-z0-9-]{0,40}):(?!\/\/)/;

interface Block {
  /** Line index of the first field. */
  readonly firstLine: number;
  readonly prefix: string;
  readonly strength: number;
  /** A transport wrote on it: no excerpt, so no other place needs to be tried. */
  readonly isTraced: boolean;
}

/**
 * Finds the best header block in the text of a part.
 *
 * @param at  Index into `text` from which the dialect says that the returned header follows.
 */
export function returnedFromText(text: string, part: Part | undefined, at: number | undefined): Returned | undefined {
  const from = at ?? 0;
  const lines = text.split("\n");
  const startLine = from === 0 ? 0 : countLines(text, from);
  const block = findBlock(text, lines, from, startLine) ?? (from === 0 ? undefined : findBlock(text, lines, 0, 0));
  if (block === undefined) return undefined;
  const bytes = block.prefix === "" ? bytesFromLine(part, text, lines, block.firstLine) : unquote(lines, block);
  const headerEnd = headerEndOf(bytes);
  return describeReturned("inline", readHeader(bytes), bytes, headerEnd === -1 ? undefined : bytes.subarray(headerEnd));
}

/** @returns Index of the line with which the likeliest header in a text begins. */
export function findHeaderLine(text: string, lines: readonly string[]): number | undefined {
  return findBlock(text, lines, 0, 0)?.firstLine;
}

function findBlock(text: string, lines: readonly string[], from: number, startLine: number): Block | undefined {
  const tried = new Set<number>();
  let best: Block | undefined;
  for (const anchorLine of anchorLines(text.slice(from).toLowerCase(), lines, startLine)) {
    if (tried.size >= MAX_CANDIDATES) break;
    const block = blockAround(lines, anchorLine, startLine);
    if (block === undefined || tried.has(block.firstLine)) continue;
    tried.add(block.firstLine);
    if (block.isTraced) return block;
    if (best === undefined || block.strength > best.strength) best = block;
  }
  return best;
}

/** Lines that begin with an anchor field, the strongest anchors first. `lower` begins with the line `startLine`. */
function* anchorLines(lower: string, lines: readonly string[], startLine: number): Iterable<number> {
  for (const anchor of ANCHORS) {
    let line = startLine;
    let counted = 0;
    for (
      let at = lower.indexOf(anchor), n = 0;
      at !== -1 && n < MAX_CANDIDATES;
      at = lower.indexOf(anchor, at + 1), n += 1
    ) {
      line += countLines(lower, at, counted);
      counted = at;
      if (FIELD_LINE.test(lines[line] ?? "")) yield line;
    }
  }
}

function blockAround(lines: readonly string[], anchorLine: number, startLine: number): Block | undefined {
  const prefix = FIELD_LINE.exec(lines[anchorLine] ?? "")?.[1];
  if (prefix === undefined) return undefined;
  let first = anchorLine;
  for (let at = anchorLine - 1; at >= startLine && anchorLine - at < MAX_HEADER_LINES; at -= 1) {
    const kind = lineKind(lines[at] ?? "", prefix);
    if (kind === "field") first = at;
    else if (kind === "other") break;
  }
  const names = new Set<string>();
  let strength = 0;
  for (let at = first; at < lines.length && at - first < MAX_HEADER_LINES; at += 1) {
    const line = lines[at] ?? "";
    const kind = lineKind(line, prefix);
    if (kind === "other") break;
    const name = kind === "field" ? FIELD_LINE.exec(line)?.[2]?.toLowerCase() : undefined;
    if (name === undefined) continue;
    names.add(name);
    if (TRACE_FIELDS.test(name)) strength += 2;
  }
  const isHeader = names.size >= MIN_FIELDS && IDENTIFYING_FIELDS.some((name) => names.has(name));
  const isTraced = names.has("received") && (names.has("message-id") || names.has("from"));
  return isHeader ? { firstLine: first, prefix, strength: strength + names.size, isTraced } : undefined;
}

/** Whether a line of a text begins a header field behind that quote prefix, folds the one above, or does neither. */
export function lineKind(line: string, prefix: string): "field" | "folded" | "other" {
  if (!line.startsWith(prefix)) return "other";
  const rest = prefix === "" ? line : line.slice(prefix.length);
  const first = rest.charCodeAt(0);
  if (first === 32 || first === 9) return rest.trim() === "" ? "other" : "folded";
  return FIELD_LINE.test(rest) ? "field" : "other";
}

/** The bytes of the part from that line on. HTML and text of unknown origin are encoded anew. */
function bytesFromLine(part: Part | undefined, text: string, lines: readonly string[], firstLine: number): Buffer {
  if (part === undefined || part.contentType.value === "text/html")
    return Buffer.from(lines.slice(firstLine).join("\n"));
  const bytes = part.bytes();
  let at = 0;
  for (let line = 0; line < firstLine && at < bytes.length; line += 1) at = lineEndOf(bytes, at).next;
  // The line numbers agree unless the charset has other line ends (UTF-16): then the text is all there is.
  const name = (lines[firstLine] ?? "").slice(0, 8);
  return bytes.toString("latin1", at, at + name.length) === name
    ? bytes.subarray(at)
    : Buffer.from(text.split("\n").slice(firstLine).join("\n"));
}

function unquote(lines: readonly string[], block: Block): Buffer {
  const bare = block.prefix.trimEnd();
  const rest: string[] = [];
  for (const line of lines.slice(block.firstLine)) {
    if (line.startsWith(block.prefix)) rest.push(line.slice(block.prefix.length));
    else if (line.trimEnd() === bare) rest.push("");
    else break;
  }
  return Buffer.from(rest.join("\n"));
}

function countLines(text: string, end: number, start = 0): number {
  let count = 0;
  for (let at = text.indexOf("\n", start); at !== -1 && at < end; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}
