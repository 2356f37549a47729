/**
 * Dialects whose whole grammar is "this sentence, then the addresses, then what happened": rows of data, one reader.
 */
import type { Dialect, DialectFinding, DialectInput, DialectRecipient } from "../dialect.ts";
import { bracketedAtStart, firstAddress, joinLines, loneAddress } from "./addresses.ts";
import { defineDialect } from "./define-dialect.ts";
import type { ReportText } from "./report-text.ts";

/**
 * How an address stands in its line: alone (`alone`), at the front with its reason behind (`front`), anywhere in a line
 * that begins with one of the row's starts (`within`), or anywhere below it (`anywhere`).
 */
type EntryShape = "alone" | "front" | "within" | "anywhere";

export interface ListedRow {
  readonly name: string;
  readonly source: string;
  /** Opening words, lower case; see DialectDefinition. */
  readonly markers: readonly string[];
  /** Lower case; the list begins with a line that holds one of these. Default: the markers. */
  readonly starts?: readonly string[];
  /** Lower case; a line that begins with one of these ends the list, not the words. */
  readonly ends?: readonly string[];
  /** Lower case; a line that begins with one of these ends the report: what follows quotes the sender's own words. */
  readonly closes?: readonly string[];
  readonly shape: EntryShape;
  readonly action?: DialectRecipient["action"];
  /** Lower case; any of these in the text makes it a warning (RFC 3464 section 2.3.3, delayed). */
  readonly delayed?: readonly string[];
  readonly also?: (input: DialectInput) => boolean;
  /** The reason stands anywhere, also above the list; default: below it. */
  readonly wholeTextSpeaks?: true;
}

export function listedDialect(row: ListedRow): Dialect {
  return defineDialect({
    name: row.name,
    source: row.source,
    markers: row.markers,
    ...(row.also && { also: row.also }),
    parse: (report) => readListed(report, row),
  });
}

interface Entry {
  readonly addressText: string;
  readonly parts: string[];
}

interface List {
  readonly entries: readonly Entry[];
  /** What speaks for every recipient that has no words of its own. */
  readonly words: readonly string[];
}

function readListed(report: ReportText, row: ListedRow): DialectFinding {
  const starts = row.starts ?? row.markers;
  const isStart = (line: string): boolean => starts.some((start) => holds(line.toLowerCase(), start));
  const first = report.lines.findIndex(isStart);
  const lines = first < 0 ? [] : untilClosed(report.lines.slice(first), row.closes);
  const { entries, words } =
    row.shape === "front" ? readFrontList(lines, row, isStart) : readSentences(lines, row, isStart);
  const speaking = joinLines(row.wholeTextSpeaks ? report.lines : words);
  return toFinding(entries, speaking, report, isDelay(report, row) ? "delayed" : (row.action ?? "failed"));
}

function untilClosed(lines: readonly string[], closes: readonly string[] | undefined): readonly string[] {
  if (closes === undefined) return lines;
  const end = lines.findIndex((line) => closes.some((words) => line.toLowerCase().startsWith(words)));
  return end < 0 ? lines : lines.slice(0, end);
}

/** What follows an address belongs to it, until the next address or the end of the list. */
function readFrontList(lines: readonly string[], row: ListedRow, isStart: (line: string) => boolean): List {
  const entries: Entry[] = [];
  const words: string[] = [];
  let ended = false;
  for (const line of lines) {
    const start = isStart(line);
    ended ||= !start && entries.length > 0 && endsList(line, row);
    const entry = start || ended ? undefined : frontEntry(line);
    if (entry) entries.push(entry);
    else if (!start && !isRule(line)) (ended ? words : (entries.at(-1)?.parts ?? words)).push(line);
  }
  return { entries: shareReasons(entries), words };
}

/** Addresses that stand right below each other share the reason that stands below the last of them. */
function shareReasons(entries: readonly Entry[]): readonly Entry[] {
  const shared: Entry[] = [];
  for (const entry of entries.toReversed()) {
    const isBare = entry.parts.every((line) => line.trim() === "");
    shared.push(isBare ? { ...entry, parts: shared.at(-1)?.parts ?? entry.parts } : entry);
  }
  return shared.reverse();
}

/** What stands below the list, or in the sentences that hold the addresses, speaks for all of them. */
function readSentences(lines: readonly string[], row: ListedRow, isStart: (line: string) => boolean): List {
  const entries: Entry[] = [];
  const words: string[] = [];
  let ended = false;
  for (const line of lines) {
    const start = isStart(line);
    ended ||= !start && entries.length > 0 && endsList(line, row);
    const entry = ended ? undefined : readEntry(line, row.shape, start);
    if (entry) entries.push(entry);
    const isWords = start ? GIVES_REASON.test(line) : !isRule(line);
    if (isWords && (!entry || row.shape === "anywhere")) words.push(line);
  }
  return { entries, words };
}

function endsList(line: string, row: ListedRow): boolean {
  const lower = line.trimStart().toLowerCase();
  return isRule(line) || row.ends?.some((end) => lower.startsWith(end)) === true;
}

/** The sentence above the list may say why: "to the following recipients, due to being unable to connect". */
const GIVES_REASON = /\b(?:due to|because)\b/i;

/** A line of nothing but dashes and the like. */
function isRule(line: string): boolean {
  return line.length >= 8 && /^[\s\-=*_#]+$/.test(line);
}

function holds(line: string, start: string): boolean {
  const star = start.indexOf("*");
  if (star < 0) return line.includes(start);
  const at = line.indexOf(start.slice(0, star));
  return at >= 0 && line.indexOf(start.slice(star + 1), at + star) >= 0;
}

/** Sentences whose address is that of a helper. */
const CONTACT = /\b(?:contact|reply to|questions?|assistance|for help|please (?:send|mail|call|write))\b/i;

function readEntry(line: string, shape: EntryShape, isStart: boolean): Entry | undefined {
  if (shape === "alone") {
    const address = loneAddress(line);
    return address && !isStart ? { addressText: address, parts: [] } : undefined;
  }
  if (!isStart && (shape === "within" || CONTACT.test(line))) return undefined;
  const address = firstAddress(line);
  return address ? { addressText: address, parts: restOfSentence(line, address) } : undefined;
}

/** What the sentence says after the address, if that is more than its end. */
function restOfSentence(line: string, address: string): string[] {
  const rest = line.slice(line.indexOf(address) + address.length).replace(/^[\s>"')\].:;,]+/, "");
  return rest.length >= 12 ? [rest] : [];
}

/** `<joe@example.net>: reason`, `joe@example.net - reason`, `>>> joe@example.net (RCPT TO): reason`, `joe@example.net`. */
function frontEntry(line: string): Entry | undefined {
  const bare = line.replace(/^[\s*>•·|-]+/, "").replace(/^(?:To|Recipient|Address): ?/i, "");
  const bracketed = bracketedAtStart(bare);
  if (bracketed) {
    const inside = firstAddress(bracketed.inside);
    return inside
      ? { addressText: inside, parts: [bracketed.rest.replace(/^\s*(?:\.{3}|[:\-;])?\s*/, "")] }
      : undefined;
  }
  const address = firstAddress(bare);
  const at = address === undefined ? -1 : bare.indexOf(address);
  if (address === undefined || at > 1) return undefined;
  const rest = bare.slice(at + address.length).replace(/^["'>]*\s*(?:\.{3}|[:\-;,])?\s*/, "");
  return { addressText: address, parts: rest === "" ? [] : [rest] };
}

function isDelay(report: ReportText, row: ListedRow): boolean {
  return (
    row.delayed !== undefined &&
    report.lines.some((line) => row.delayed?.some((words) => line.toLowerCase().includes(words)))
  );
}

function toFinding(
  entries: readonly Entry[],
  words: string,
  report: ReportText,
  action: NonNullable<DialectRecipient["action"]>,
): DialectFinding {
  const seen = new Map<string, DialectRecipient>();
  for (const { addressText, parts } of entries) {
    const diagnostic = joinLines(parts) || words;
    const key = addressText.toLowerCase();
    if (seen.get(key)?.diagnostic === undefined)
      seen.set(key, { addressText, action, ...(diagnostic && { diagnostic }) });
  }
  return { recipients: [...seen.values()], ...(report.returnedAt !== undefined && { returnedAt: report.returnedAt }) };
}
