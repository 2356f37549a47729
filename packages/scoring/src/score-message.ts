/**
 * The fourth stage: evidence and words in, a probability for each class and the reasons out (docs/scoring.md).
 *
 * One model, two sources. Structure (the report's kind and traits, provenance) and text add log-odds to the same five
 * classes; the softmax of the sums are the scores. What is not sure enough is `undecided`, which goes to the human. Pure.
 */
import type { Envelope, Message } from "@triage/message";
import type { Evidence } from "@triage/provenance";
import type { Report } from "@triage/reports";
import { addUp, type Contribution } from "./add-up.ts";
import { decideVerdict } from "./decide.ts";
import { explainVerdict } from "./explain-verdict.ts";
import type { LearnedModel } from "./learning/learned-model.ts";
import type { Override } from "./overrides/override.ts";
import { contributionsOfOverride } from "./overrides/override-contribution.ts";
import { contributionsOfEvidence } from "./provenance-contributions.ts";
import { contributionsOfReport } from "./report-contributions.ts";
import { contributionsOfText } from "./text-contribution.ts";
import type { Thresholds, Verdict } from "./verdict.ts";
import { DEFAULT_THRESHOLDS } from "./weights.ts";

/** What the stages before found out about one message. */
export interface ScoringInput {
  readonly message: Message;
  readonly report: Report;
  readonly envelope: Envelope;
  /** From provenance; empty for kinds that return nothing of ours. */
  readonly evidence: readonly Evidence[];
  /** Overrides of DEFAULT_THRESHOLDS, each in (0, 1). */
  readonly thresholds?: Partial<Thresholds>;
  /** The site's own word on this message (matchOverride); its verdict holds, whatever the sums and the thresholds say. */
  readonly override?: Override | undefined;
  /** What the humans of this site have taught. */
  readonly learned?: LearnedModel | undefined;
}

/**
 * The lines of the ladder before they are weighed, in the order of the verdict's evidence: what each adds to which class.
 * For those who explain a verdict; whoever wants the verdict itself calls scoreMessage.
 */
export function contributionsOf({
  message,
  report,
  envelope,
  evidence,
  learned,
  override,
}: Omit<ScoringInput, "thresholds">): Contribution[] {
  return [
    ...contributionsOfReport(message, report, envelope),
    ...contributionsOfEvidence(evidence, report),
    ...contributionsOfText(message, report, learned),
    ...contributionsOfOverride(override),
  ];
}

/**
 * Scores one message.
 *
 * @returns The verdict; its evidence begins with `prior`, and the weights add up to logit(score). `score` is never
 *          0 or 1. Never throws on mail: a mess of bytes is `undecided`.
 */
export function scoreMessage(input: ScoringInput): Verdict {
  const { thresholds, override, report } = input;
  const sum = addUp(contributionsOf(input));
  const all = thresholds === undefined ? DEFAULT_THRESHOLDS : { ...DEFAULT_THRESHOLDS, ...thresholds };
  const verdict = override?.verdict ?? decideVerdict(sum, all);
  return {
    verdict,
    score: sum.scores[sum.leading],
    scores: sum.scores,
    evidence: sum.evidence,
    why: explainVerdict(verdict, sum, report, override),
  };
}
