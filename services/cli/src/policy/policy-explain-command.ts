/**
 * `triage policy explain`: why a message goes where it goes. It is classified as by `triage classify`, without a database;
 * then every row of the policy says whether it matches.
 */
import { type ExplainOptions, explainEach } from "../classify/explain-each.ts";
import { explainRoute } from "./explain-route.ts";
import { formatRoute } from "./format-route.ts";

/** @returns The exit code: 1 when a file could not be read; the others are still explained. */
export function policyExplainCommand(paths: readonly string[], options: ExplainOptions): Promise<number> {
  return explainEach(paths, options, { explain: explainRoute, format: formatRoute });
}
