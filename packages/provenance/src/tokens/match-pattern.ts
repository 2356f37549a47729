/** Does a text fit a token pattern, and what stands in its placeholders? Linear, whatever the text; see token-pattern.ts. */
import type { Capture, PatternElement, PlaceholderName, TokenPattern } from "./token-pattern.ts";

export type Captures = ReadonlyMap<PlaceholderName, Capture>;

/** LIMIT: of texts that are looked at at all: a local part of the wild, or an ENVID, many times over. */
const MAX_TEXT_CHARS = 1_000;

/** The part of the text that is not yet matched, and the elements that are left for it. */
interface Rest {
  start: number;
  end: number;
  first: number;
  last: number;
}

/** @param text A local part or an ENVID, lower-cased. */
export function matchPattern(pattern: TokenPattern, text: string): Captures | undefined {
  if (text.length > MAX_TEXT_CHARS) return undefined;
  const { elements } = pattern;
  const captures = new Map<PlaceholderName, Capture>();
  const rest: Rest = { start: 0, end: text.length, first: 0, last: elements.length - 1 };
  if (!matchLeft(elements, text, rest, captures) || !matchRight(elements, text, rest, captures)) return undefined;
  if (!matchMiddle(elements, text, rest, captures)) return undefined;
  for (const [name, { start, end }] of captures) {
    if (!fits(name, text, start, end)) return undefined;
  }
  return captures;
}

/** Literals and placeholders of fixed length from the left, up to the first of variable length. */
function matchLeft(
  elements: readonly PatternElement[],
  text: string,
  rest: Rest,
  captures: Map<PlaceholderName, Capture>,
): boolean {
  for (; rest.first <= rest.last; rest.first += 1) {
    const element = elements[rest.first];
    const length = element === undefined ? undefined : lengthOf(element);
    if (element === undefined || length === undefined) return true;
    if (!take(element, text, rest.start, length, rest, captures)) return false;
    rest.start += length;
  }
  return rest.start === rest.end;
}

function matchRight(
  elements: readonly PatternElement[],
  text: string,
  rest: Rest,
  captures: Map<PlaceholderName, Capture>,
): boolean {
  for (; rest.last >= rest.first; rest.last -= 1) {
    const element = elements[rest.last];
    const length = element === undefined ? undefined : lengthOf(element);
    if (element === undefined || length === undefined) return true;
    if (!take(element, text, rest.end - length, length, rest, captures)) return false;
    rest.end -= length;
  }
  return true;
}

/** What is left begins and ends with a placeholder of variable length; each one is followed by a literal. */
function matchMiddle(
  elements: readonly PatternElement[],
  text: string,
  rest: Rest,
  captures: Map<PlaceholderName, Capture>,
): boolean {
  let { start } = rest;
  for (let at = rest.first; at <= rest.last; at += 1) {
    const element = elements[at];
    if (element === undefined) return false;
    const length = lengthOf(element);
    if (length !== undefined) {
      if (!take(element, text, start, length, rest, captures)) return false;
      start += length;
    } else if (element.kind === "placeholder") {
      const next = at === rest.last ? undefined : elements[at + 1];
      const end = next?.kind === "literal" ? findLiteral(element.name, next.text, text, start, rest.end) : rest.end;
      if (end < start) return false;
      captures.set(element.name, { start, end });
      start = end;
    }
  }
  return start <= rest.end;
}

/** @returns Where the placeholder that begins at `start` ends; -1 when the literal behind it is not there. */
function findLiteral(name: PlaceholderName, literal: string, text: string, start: number, end: number): number {
  const found = name === "local" ? text.lastIndexOf(literal, end - literal.length) : text.indexOf(literal, start);
  return found >= start && found + literal.length <= end ? found : -1;
}

function take(
  element: PatternElement,
  text: string,
  start: number,
  length: number,
  rest: Rest,
  captures: Map<PlaceholderName, Capture>,
): boolean {
  if (start < rest.start || start + length > rest.end) return false;
  if (element.kind === "literal") return text.startsWith(element.text, start);
  captures.set(element.name, { start, end: start + length });
  return true;
}

function lengthOf(element: PatternElement): number | undefined {
  return element.kind === "literal" ? element.text.length : element.length;
}

function fits(name: PlaceholderName, text: string, start: number, end: number): boolean {
  const value = text.slice(start, end);
  switch (name) {
    case "any":
      return true;
    case "local":
      return value !== "";
    case "domain":
      return isDomain(value);
    case "id":
      return /^[\p{L}\p{N}._-]+$/u.test(value);
    case "date":
      return /^[0-9]+$/.test(value);
    case "hmac":
    case "hmac-sha1":
      return /^[0-9a-f]+$/.test(value);
    default:
      return name satisfies never;
  }
}

/** At least two labels: `joe@localhost` is no recipient that a mailing would have. */
function isDomain(text: string): boolean {
  const dot = text.indexOf(".");
  return dot > 0 && dot < text.length - 1 && /^[\p{L}\p{N}.-]+$/u.test(text);
}
