/**
 * `triage why`: why a message is what it is said to be. Every check with its outcome, weight and sentence, the sums and
 * thresholds, the route, and what would change the verdict. No database, no network (DNS only when the configuration
 * asks for it); without a database there is no sent ledger to ask, and the ladder says so.
 */
import { type ExplainOptions, explainEach } from "../classify/explain-each.ts";
import { explainMessage } from "./explain-message.ts";
import { formatWhy } from "./format-why.ts";

/** @returns The exit code: 1 when a file could not be read; the others are still explained. */
export function whyCommand(paths: readonly string[], options: ExplainOptions): Promise<number> {
  return explainEach(paths, options, { explain: explainMessage, format: formatWhy });
}
