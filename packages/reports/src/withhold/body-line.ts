/**
 * Where in the text of a report the body of a returned message begins.
 *
 * Looked for in three ways, of which the earliest line counts: behind the line that announces the returned message, behind
 * the header that the reader of reports would take for the returned one, and behind every other block of lines that only a
 * message has. What follows is all of it left out: an MTA's farewell below costs less than somebody's letter. Pure.
 */
import { splitReport } from "../dialects/grammar/report-text.ts";
import { FIELD_LINE, findHeaderLine, lineKind } from "../returned/from-text.ts";
import { isKnownField } from "./strict-header.ts";

export interface BodyLine {
  /** Index of the first line that is left out. */
  readonly line: number;
  /** A blank line ends the header before it. */
  readonly isCertain: boolean;
}

/** Between an announcement and the header may stand a remark ("only the first 100 lines are included here"). */
const MAX_REMARK_LINES = 12;
/** Of these, a block of fields has one when a message begins with it, and one more when a transport wrote on it. */
const IDENTIFYING_FIELDS = ["from", "received", "message-id"];
const TRACE_FIELDS = [
  "received",
  "message-id",
  "return-path",
  "dkim-signature",
  "mime-version",
  "content-type",
  "date",
];
const MIN_FIELDS = 3;
/** What a transport or a mail program writes; an excerpt of a header, made for people, has none of them. */
const TRANSPORT_FIELDS =
  /^(?:received|return-path|dkim-signature|mime-version|content-type|delivered-to|x-[a-z-]{1,40})$/;
/** In a multipart that lost its boundary, the header of the part that returned the message announces it. */
const RETURNED_PART = /^content-type:[ \t]{0,8}(?:message\/(?:rfc822|global|partial)|text\/rfc822)/i;

interface Block {
  readonly start: number;
  /** Behind its last line. */
  readonly end: number;
  readonly names: ReadonlySet<string>;
  /** Quote marks and blanks before each of its lines. */
  readonly prefix: string;
  readonly isEnded: boolean;
}

/**
 * @param text       LF line ends.
 * @param hasParts   The message came back as a part of its own: then an announcement that no header follows is a sentence.
 * @returns          undefined where nothing is returned; a line behind the last one where nothing follows the header.
 */
export function findBodyLine(text: string, hasParts: boolean): BodyLine | undefined {
  const lines = text.split("\n");
  const blocks = [...headerBlocks(lines)];
  const likeliest = findHeaderLine(text, lines);
  const ends = blocks
    .filter((block) => isMessageHeader(block) || (likeliest !== undefined && contains(block, likeliest)))
    .filter((block) => !isExcerpt(block, lines))
    .map(bodyBehind);
  const { returnedAt } = splitReport(text);
  if (returnedAt !== undefined) {
    const { hasHeader, ...end } = behindAnnouncement(lines, blocks, lineAt(text, returnedAt));
    if (hasHeader || !hasParts) ends.push(end);
  }
  const part = lines.findIndex((line) => RETURNED_PART.test(line));
  if (part !== -1) ends.push(behindAnnouncement(lines, blocks, behindPartHeader(lines, part)));
  return ends.toSorted((one, other) => one.line - other.line)[0];
}

/** Runs of field lines, each behind one quote prefix. One pass: the next run begins behind the last one. */
function* headerBlocks(lines: readonly string[]): Iterable<Block> {
  for (let at = 0; at < lines.length; ) {
    const prefix = FIELD_LINE.exec(lines[at] ?? "")?.[1];
    if (prefix === undefined) {
      at += 1;
      continue;
    }
    const block = readBlock(lines, at, prefix);
    yield block;
    at = block.end;
  }
}

function readBlock(lines: readonly string[], start: number, prefix: string): Block {
  const names = new Set<string>();
  let end = start;
  let knownEnd = start;
  let isKnown = true;
  for (; end < lines.length; end += 1) {
    const line = lines[end] ?? "";
    const kind = lineKind(line, prefix);
    if (kind === "other") break;
    const name = kind === "field" ? FIELD_LINE.exec(line)?.[2]?.toLowerCase() : undefined;
    if (name !== undefined) {
      names.add(name);
      isKnown &&= isKnownField(name);
    }
    if (isKnown) knownEnd = end + 1;
  }
  const next = lines[end];
  const isEnded = next === undefined || next.trim() === "" || next.trim() === prefix.trim();
  // A line that is no field may be the second line of a letter whose first one looks like a field.
  return { start, end: isEnded ? end : Math.max(knownEnd, start + 1), names, prefix, isEnded };
}

function isMessageHeader({ names }: Block): boolean {
  return (
    names.size >= MIN_FIELDS &&
    IDENTIFYING_FIELDS.some((name) => names.has(name)) &&
    TRACE_FIELDS.some((name) => names.has(name))
  );
}

/** QUIRK(pmdf): "a message you sent with the following header fields", indented; below it, further left, the report begins. */
function isExcerpt({ end, names, prefix }: Block, lines: readonly string[]): boolean {
  if (prefix === "" || prefix.trim() !== "" || [...names].some((name) => TRANSPORT_FIELDS.test(name))) return false;
  const next = lines[skipBlankLines(lines, end)];
  return next !== undefined && !next.startsWith(prefix);
}

function contains({ start, end }: Block, line: number): boolean {
  return start <= line && line < end;
}

function bodyBehind({ end, isEnded }: Block): BodyLine {
  return { line: end, isCertain: isEnded };
}

/** Behind the header that follows the announcement; where none does, all that follows it is left out. */
function behindAnnouncement(
  lines: readonly string[],
  blocks: readonly Block[],
  from: number,
): BodyLine & { readonly hasHeader: boolean } {
  const first = skipBlankLines(lines, from);
  const near = blocks.find((block) => block.end > first && block.start <= first + MAX_REMARK_LINES);
  const isNext = near !== undefined && near.start <= first;
  if (near !== undefined && (isNext || isMessageHeader(near))) return { ...bodyBehind(near), hasHeader: true };
  return { line: from, isCertain: false, hasHeader: false };
}

/** The header of the part itself is no header of a message: what it holds begins behind the blank line. */
function behindPartHeader(lines: readonly string[], at: number): number {
  let end = at;
  while (end < lines.length && lines[end]?.trim() !== "") end += 1;
  return end < lines.length ? end : at;
}

function skipBlankLines(lines: readonly string[], from: number): number {
  let at = from;
  while (at < lines.length && lines[at]?.trim() === "") at += 1;
  return at;
}

function lineAt(text: string, index: number): number {
  let line = 0;
  for (let at = text.indexOf("\n"); at !== -1 && at < index; at = text.indexOf("\n", at + 1)) line += 1;
  return line;
}
