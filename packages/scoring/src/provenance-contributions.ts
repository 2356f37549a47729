/** What provenance adds: each check's strength goes to the class that its outcome speaks for. */
import type { Evidence, ProvenanceCheckId } from "@triage/provenance";
import type { Report, ReportKind } from "@triage/reports";
import { type Contribution, NOTHING } from "./add-up.ts";
import { mapValues } from "./map-values.ts";
import {
  CHECK_WEIGHTS,
  type CheckWeight,
  EVIDENCE_CLASSES,
  type EvidenceClasses,
  FAILURE,
  type LogOdds,
  MOST_DOUBT_WITHOUT_TRACE,
} from "./weights.ts";

type OutcomeOdds = Readonly<Record<keyof CheckWeight, LogOdds>>;

function oddsOf(weight: CheckWeight, classes: EvidenceClasses): OutcomeOdds {
  const { pass, fail, passFactor, failFactor } = classes;
  return {
    pass: { [pass]: weight.pass * passFactor },
    softPass: { [pass]: weight.softPass * passFactor },
    fail: { [fail]: weight.fail * failFactor },
    softFail: { [fail]: weight.softFail * failFactor },
  };
}

/** Made once: kind of report, then check, then outcome. */
const ODDS: Readonly<Partial<Record<ReportKind, Readonly<Record<ProvenanceCheckId, OutcomeOdds>>>>> = mapValues(
  EVIDENCE_CLASSES as Readonly<Record<ReportKind, EvidenceClasses>>,
  (classes) => mapValues(CHECK_WEIGHTS, (weight) => oddsOf(weight, classes)),
);

function logOddsOf({ check, outcome, strength }: Evidence, kind: ReportKind): LogOdds {
  const odds = ODDS[kind]?.[check];
  if (odds === undefined) return NOTHING;
  const soft = strength === "soft";
  if (outcome === "pass") return soft ? odds.softPass : odds.pass;
  if (outcome === "fail") return soft ? odds.softFail : odds.fail;
  // neutral, skip and temperror: a look that found nothing, or that could not be had, is no evidence.
  return NOTHING;
}

/** One line per check, also for those that add nothing: the human sees what was looked at. */
export function contributionsOfEvidence(evidence: readonly Evidence[], report: Report): Contribution[] {
  const lines = evidence.map((item) => {
    const { check, outcome, detail } = item;
    return { check, outcome, logOdds: logOddsOf(item, report.kind), detail };
  });
  const isFailure = EVIDENCE_CLASSES[report.kind] === FAILURE;
  return isFailure && (!namesItsWay(report) || awaitsProof(evidence)) ? limitDoubt(lines) : lines;
}

/**
 * A signature in our name whose key could not be looked up just now may prove everything: an outage of DNS must not hide what
 * the key would have cleared. Forgers hardly ever sign in our name, so that a storm does not come through here.
 */
function awaitsProof(evidence: readonly Evidence[]): boolean {
  return evidence.some(({ check, outcome }) => check === "returned-dkim" && outcome === "temperror");
}

/** Else (nothing came back, or an anonymised or cut-off header) nobody could tell whose the message was. */
function namesItsWay({ returned: { headers, messageId } }: Report): boolean {
  return headers !== undefined && (messageId !== undefined || headers.has("received"));
}

/**
 * What the address of the report, its sender and the like say against us together then stays below what hides. A storm
 * is known from other reports, and counts in full.
 */
function limitDoubt(lines: Contribution[]): Contribution[] {
  const doubtOf = ({ check, logOdds }: Contribution) => (check === "storm" ? 0 : (logOdds.backscatter ?? 0));
  const doubt = lines.reduce((sum, line) => sum + doubtOf(line), 0);
  if (doubt <= MOST_DOUBT_WITHOUT_TRACE) return lines;
  const share = MOST_DOUBT_WITHOUT_TRACE / doubt;
  return lines.map((line) =>
    doubtOf(line) === 0 ? line : { ...line, logOdds: { backscatter: doubtOf(line) * share } },
  );
}
