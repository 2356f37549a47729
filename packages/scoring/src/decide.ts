/** From probabilities to a verdict: the leading class if it reaches its threshold, else `undecided`. */
import type { Sum } from "./add-up.ts";
import type { Thresholds, VerdictClass, VerdictId } from "./verdict.ts";
import { SMALLEST_LEAD } from "./weights.ts";

/** Classes that keep a message from the human under the default policy. */
const HIDING: readonly VerdictClass[] = ["backscatter", "automated", "spam"];

export function decideVerdict({ leading, scores }: Pick<Sum, "leading" | "scores">, thresholds: Thresholds): VerdictId {
  const threshold = thresholds[leading];
  if (!HIDING.includes(leading)) return scores[leading] >= threshold ? leading : "undecided";
  const nothingForAHuman = HIDING.reduce((sum, name) => sum + scores[name], 0);
  return nothingForAHuman >= threshold && scores[leading] >= SMALLEST_LEAD ? leading : "undecided";
}
