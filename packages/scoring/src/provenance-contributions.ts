/** What provenance adds: each check's strength goes to the class that its outcome speaks for. */
import type { Evidence } from "@triage/provenance";
import type { ReportKind } from "@triage/reports";
import { type Contribution, NOTHING } from "./add-up.ts";
import { CHECK_WEIGHTS, EVIDENCE_CLASSES, type LogOdds } from "./weights.ts";

function logOddsOf({ check, outcome, strength }: Evidence, kind: ReportKind): LogOdds {
  const classes = EVIDENCE_CLASSES[kind];
  if (classes === undefined) return NOTHING;
  const weight = CHECK_WEIGHTS[check];
  const soft = strength === "soft";
  if (outcome === "pass") return { [classes.pass]: (soft ? weight.softPass : weight.pass) * classes.passFactor };
  if (outcome === "fail") return { [classes.fail]: (soft ? weight.softFail : weight.fail) * classes.failFactor };
  // neutral, skip and temperror: a look that found nothing, or that could not be had, is no evidence.
  return NOTHING;
}

/** One line per check, also for those that add nothing: the human sees what was looked at. */
export function contributionsOfEvidence(evidence: readonly Evidence[], kind: ReportKind): Contribution[] {
  return evidence.map((item) => ({ ...item, logOdds: logOddsOf(item, kind) }));
}
