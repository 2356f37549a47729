/**
 * From contributions to probabilities: each line adds log-odds to classes, the softmax of the sums are the scores.
 *
 * The weight that a line shows is what it did to the leading class: the increment of logit(P(leading)) when the lines
 * are applied in order. The increments telescope, so that they add up to logit(score) whatever the lines were.
 */
import type { EvidenceOutcome } from "@triage/provenance";
import { VERDICT_CLASSES, type VerdictClass, type WeightedEvidence } from "./verdict.ts";
import { type LogOdds, SMALLEST_DOUBT } from "./weights.ts";

/** Of a line that is shown for the human's sake and moves no score. */
export const NOTHING: LogOdds = {};

/** One line before it is weighed: what was observed, and what that adds to which class. */
export interface Contribution {
  readonly check: string;
  readonly outcome: EvidenceOutcome;
  readonly logOdds: LogOdds;
  readonly detail: string;
}

export interface Sum {
  readonly leading: VerdictClass;
  readonly scores: Readonly<Record<VerdictClass, number>>;
  readonly evidence: readonly WeightedEvidence[];
}

/** ln(p / (1 - p)), for 0 < p < 1. */
export function logit(probability: number): number {
  return Math.log(probability / (1 - probability));
}

/** Softmax in the order of VERDICT_CLASSES, mixed with SMALLEST_DOUBT so that no class is impossible. */
function probabilities(sums: readonly number[]): number[] {
  const highest = Math.max(...sums);
  const powers = sums.map((sum) => Math.exp(sum - highest));
  const total = powers.reduce((left, right) => left + right, 0);
  const share = 1 - SMALLEST_DOUBT * sums.length;
  return powers.map((power) => (power / total) * share + SMALLEST_DOUBT);
}

function addTo(sums: number[], logOdds: LogOdds): void {
  VERDICT_CLASSES.forEach((name, index) => {
    sums[index] = (sums[index] ?? 0) + (logOdds[name] ?? 0);
  });
}

/**
 * @param contributions  Lines in the order in which they are to be shown, the prior first.
 * @returns              Scores that add up to 1, each in [SMALLEST_DOUBT, 1 - 4 * SMALLEST_DOUBT]; one evidence line
 *                       per contribution, whose weights add up to logit(scores[leading]).
 */
export function addUp(contributions: readonly Contribution[]): Sum {
  const sums = VERDICT_CLASSES.map(() => 0);
  for (const { logOdds } of contributions) addTo(sums, logOdds);
  const final = probabilities(sums);
  const leadingIndex = final.indexOf(Math.max(...final));

  sums.fill(0);
  let before = 0;
  const evidence = contributions.map(({ check, outcome, logOdds, detail }) => {
    if (logOdds === NOTHING) return { check, outcome, weight: 0, detail };
    addTo(sums, logOdds);
    const after = logit(probabilities(sums)[leadingIndex] ?? 0.5);
    const weight = after - before;
    before = after;
    return { check, outcome, weight, detail };
  });
  const scores = Object.fromEntries(VERDICT_CLASSES.map((name, index) => [name, final[index] ?? 0]));
  return {
    leading: VERDICT_CLASSES[leadingIndex] ?? "user-report",
    scores: scores as Record<VerdictClass, number>,
    evidence,
  };
}
