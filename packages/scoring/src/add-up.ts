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

const CLASSES = VERDICT_CLASSES.length;

/** What is left when every class has kept its smallest doubt. */
const SHARE = 1 - SMALLEST_DOUBT * CLASSES;

/** ln(p / (1 - p)), for 0 < p < 1. */
export function logit(probability: number): number {
  return Math.log(probability / (1 - probability));
}

function addTo(sums: number[], logOdds: LogOdds): void {
  for (let index = 0; index < CLASSES; index++) {
    const name = VERDICT_CLASSES[index];
    const added = name === undefined ? undefined : logOdds[name];
    if (added !== undefined) sums[index] = (sums[index] ?? 0) + added;
  }
}

/** Softmax of one class, mixed with SMALLEST_DOUBT so that no class is impossible. */
function probabilityOf(index: number, sums: readonly number[]): number {
  const own = sums[index] ?? 0;
  let total = 0;
  for (const sum of sums) total += Math.exp(sum - own);
  return SHARE / total + SMALLEST_DOUBT;
}

function indexOfHighest(sums: readonly number[]): number {
  let highest = 0;
  for (let index = 1; index < CLASSES; index++) if ((sums[index] ?? 0) > (sums[highest] ?? 0)) highest = index;
  return highest;
}

/**
 * @param contributions  Lines in the order in which they are to be shown, the prior first.
 * @returns              Scores that add up to 1, each in [SMALLEST_DOUBT, 1 - 4 * SMALLEST_DOUBT]; one evidence line
 *                       per contribution, whose weights add up to logit(scores[leading]).
 */
export function addUp(contributions: readonly Contribution[]): Sum {
  const totals: number[] = new Array(CLASSES).fill(0);
  for (const { logOdds } of contributions) if (logOdds !== NOTHING) addTo(totals, logOdds);
  const leadingIndex = indexOfHighest(totals);

  const sums: number[] = new Array(CLASSES).fill(0);
  let before = 0;
  const evidence = contributions.map(({ check, outcome, logOdds, detail }) => {
    if (logOdds === NOTHING) return { check, outcome, weight: 0, detail };
    addTo(sums, logOdds);
    const after = logit(probabilityOf(leadingIndex, sums));
    const weight = after - before;
    before = after;
    return { check, outcome, weight, detail };
  });
  const scores = {
    "genuine-dsn": probabilityOf(0, totals),
    "user-report": probabilityOf(1, totals),
    backscatter: probabilityOf(2, totals),
    automated: probabilityOf(3, totals),
    spam: probabilityOf(4, totals),
  } satisfies Record<VerdictClass, number>;
  return { leading: VERDICT_CLASSES[leadingIndex] ?? "user-report", scores, evidence };
}
