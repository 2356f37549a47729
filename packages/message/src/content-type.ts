/**
 * Structured MIME header values: a value and its parameters (RFC 2045 section 5.1, RFC 2183, RFC 2231).
 *
 * Lenient: comments, missing quotes, blanks around `=`, values with blanks and no quotes. One pass over the characters.
 * Pure.
 */
import { joinParameters } from "./parameter-values.ts";

/** A value such as `text/plain` or `attachment`, lower-cased, with its parameters (names lower-cased). */
export interface ParameterizedValue {
  readonly value: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const NO_PARAMETERS: ReadonlyMap<string, string> = new Map();
const MEDIA_TYPE = /^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+*-]+$/;

export function isMediaType(value: string): boolean {
  return MEDIA_TYPE.test(value);
}

/**
 * Reads `value; name=value; ...`.
 *
 * @param line  Unfolded value, latin1 (parameters may be a boundary, which is bytes).
 * @returns     Parameter values unquoted; of a repeated parameter the first counts; RFC 2231 pieces joined and decoded.
 */
export function parseParameterized(line: string): ParameterizedValue {
  const semicolon = line.indexOf(";");
  const value = stripComment(semicolon === -1 ? line : line.slice(0, semicolon)).toLowerCase();
  if (semicolon === -1) return { value, parameters: NO_PARAMETERS };
  const parameters = new Map<string, string>();
  let extended = false;
  let at = semicolon + 1;
  while (at < line.length) {
    const read = readParameter(line, at);
    at = read.next;
    if (read.name === "") continue;
    extended ||= read.name.includes("*");
    if (!parameters.has(read.name)) parameters.set(read.name, read.value);
  }
  return { value, parameters: extended ? joinParameters(parameters) : parameters };
}

interface ReadParameter {
  readonly name: string;
  readonly value: string;
  /** Where the next parameter may start. */
  readonly next: number;
}

function readParameter(line: string, start: number): ReadParameter {
  const semicolon = endOf(line, ";", start);
  const piece = line.slice(start, semicolon);
  const equals = piece.indexOf("=");
  if (equals === -1) return { name: "", value: "", next: semicolon + 1 };
  const name = stripComment(piece.slice(0, equals)).toLowerCase();
  const first = skipBlanks(line, start + equals + 1);
  if (line[first] === '"') return readQuoted(line, first, name);
  return { name, value: stripComment(piece.slice(equals + 1)), next: semicolon + 1 };
}

function readQuoted(line: string, quote: number, name: string): ReadParameter {
  let value = "";
  let from = quote + 1;
  for (let at = from; at < line.length; at++) {
    const char = line[at];
    if (char === "\\") {
      value += line.slice(from, at);
      from = at + 1;
      at++;
    } else if (char === '"') {
      return { name, value: value + line.slice(from, at), next: endOf(line, ";", at) + 1 };
    }
  }
  return { name, value: (value + line.slice(from)).trim(), next: line.length };
}

function endOf(line: string, char: string, from: number): number {
  const at = line.indexOf(char, from);
  return at === -1 ? line.length : at;
}

function skipBlanks(line: string, from: number): number {
  let at = from;
  while (line[at] === " " || line[at] === "\t") at++;
  return at;
}

/** Cuts a comment and what follows it: `us-ascii (Plain text)`. A comment before the value is dropped. */
function stripComment(text: string): string {
  const open = text.indexOf("(");
  if (open === -1) return text.trim();
  const before = text.slice(0, open).trim();
  if (before !== "") return before;
  const close = text.indexOf(")", open);
  return close === -1 ? text.trim() : text.slice(close + 1).trim();
}
