/**
 * Which dialects' opening words stand in a text: one pass for all dialects, because eighty of them asking one by one
 * would cost ten times as much on every mail that is no bounce.
 */
import { PhraseIndex } from "../../reasons/phrase-index.ts";
import type { DialectInput } from "../dialect.ts";

/** LIMIT: MTAs say who they are at the top; banners of gateways push that down by a few lines. */
const HEAD_CHARS = 3000;

const registered: string[] = [];
let index: PhraseIndex | undefined;
/**
 * What was heard last. All dialects are asked about one input before the next one comes, so one place is enough; a
 * WeakMap with a key per message costs the garbage collector more than the pass over the text.
 */
let last: { readonly input: DialectInput; readonly heard: readonly number[] } | undefined;

/** The numbers of one dialect's markers: from `first` up to, but not including, `end`. */
export interface MarkerRange {
  readonly first: number;
  readonly end: number;
}

/**
 * Registers opening words.
 *
 * @param markers  Lower case, on one line of the text; `*` as in ReasonRule.
 * @returns        Their numbers, for `heardMarker`.
 */
export function registerMarkers(markers: readonly string[]): MarkerRange {
  const first = registered.length;
  registered.push(...markers);
  index = undefined;
  return { first, end: registered.length };
}

/** The first marker of that range, as it was registered, that stands in the head of the text. */
export function heardMarker(input: DialectInput, { first, end }: MarkerRange): string | undefined {
  for (const number of heardMarkers(input)) if (number >= first && number < end) return registered[number];
  return undefined;
}

/** Numbers of all registered markers in the head of the text, ascending; computed once per input. Mostly none or two. */
export function heardMarkers(input: DialectInput): readonly number[] {
  if (last?.input === input) return last.heard;
  index ??= new PhraseIndex(registered);
  const heard = index.matches(input.text.slice(0, HEAD_CHARS).toLowerCase()).sort((one, other) => one - other);
  last = { input, heard };
  return heard;
}
