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
const heardIn = new WeakMap<DialectInput, ReadonlySet<number>>();

/**
 * Registers opening words.
 *
 * @param markers  Lower case, on one line of the text; `*` as in ReasonRule.
 * @returns        Their numbers, for `heardMarkers`.
 */
export function registerMarkers(markers: readonly string[]): readonly number[] {
  const first = registered.length;
  registered.push(...markers);
  index = undefined;
  return markers.map((_, offset) => first + offset);
}

/** Numbers of all registered markers that stand in the head of the text; computed once per input. */
export function heardMarkers(input: DialectInput): ReadonlySet<number> {
  const known = heardIn.get(input);
  if (known) return known;
  index ??= new PhraseIndex(registered);
  const heard = new Set(index.matches(input.text.slice(0, HEAD_CHARS).toLowerCase()));
  heardIn.set(input, heard);
  return heard;
}
