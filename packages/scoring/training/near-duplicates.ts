/**
 * Which training messages are nearly the same: copies of one mailing, or one text written twice. They belong into one fold; else a
 * model is asked about what it has learned by heart.
 */

import type { StoredPrint } from "../src/learning/correction.ts";
import { formatSignature } from "../src/learning/min-hash.ts";
import { NearDuplicateIndex } from "../src/learning/near-duplicate-index.ts";
import { printWords } from "../src/learning/print-words.ts";
import type { MessageText } from "../src/text-model/message-text.ts";

/** Share of the words; the service calls 0.8 a near-duplicate, and the index finds half of those of 0.6 at the least. */
const SIMILAR = 0.6;

/**
 * @param texts  In a fixed order.
 * @returns      For each the index of the first one of its group: its own where nothing earlier is like it. Being alike is passed on.
 */
export function groupNearDuplicates(texts: readonly MessageText[]): number[] {
  const firstOf = texts.map((_, index) => index);
  const rootOf = (index: number): number => {
    const first = firstOf[index] ?? index;
    return first === index ? index : rootOf(first);
  };
  const index = new NearDuplicateIndex<{ readonly at: number; readonly print: StoredPrint }>();
  texts.forEach((text, at) => {
    const print = printWords(text);
    if (print === undefined) return;
    for (const { entry } of index.near(print, SIMILAR)) {
      const [left, right] = [rootOf(entry.at), rootOf(at)];
      firstOf[Math.max(left, right)] = Math.min(left, right);
    }
    index.add([{ at, print: { ...print, signature: formatSignature(print.signature) } }]);
  });
  return texts.map((_, at) => rootOf(at));
}
