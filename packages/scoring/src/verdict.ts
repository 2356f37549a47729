import type { EvidenceOutcome } from "@triage/provenance";

/** The classes that a probability is given to. */
export const VERDICT_CLASSES = ["genuine-dsn", "user-report", "backscatter", "automated", "spam"] as const;
export type VerdictClass = (typeof VERDICT_CLASSES)[number];
export type VerdictId = VerdictClass | "undecided";

/** One line of the ladder: a check and what it added. */
export interface WeightedEvidence {
  /** A provenance check, `prior`, a trait or structure feature, `text`, or `override:<id>`. Kebab-case, also the metric label. */
  readonly check: string;
  readonly outcome: EvidenceOutcome;
  /**
   * Log-odds (natural logarithm) that this line added to the leading class. The lines are applied in order, so that
   * the sum of all weights is exactly logit(score).
   */
  readonly weight: number;
  readonly detail: string;
}

export interface Verdict {
  readonly verdict: VerdictId;
  /** Probability of the leading class; for `undecided` that class stayed below its threshold. */
  readonly score: number;
  readonly scores: Readonly<Record<VerdictClass, number>>;
  /** `prior` first; weights add up to logit(score). */
  readonly evidence: readonly WeightedEvidence[];
  /** One sentence for the human. */
  readonly why: string;
}

/**
 * Smallest probability at which a class is believed; below it the verdict is `undecided`, which goes to the human.
 *
 * For the classes that a person acts on (genuine-dsn, user-report) it is compared with the class's own probability.
 * For those that hide (backscatter, automated, spam) it is compared with the probability that the message is any of
 * the three, because that is what hiding is wrong or right about; the leading one must have SMALLEST_LEAD (0.5) itself.
 */
export type Thresholds = Readonly<Record<VerdictClass, number>>;
