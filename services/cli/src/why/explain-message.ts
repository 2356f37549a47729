/** Everything that `triage why` says about one message, before it is put into lines. */
import { type ClassifyContext, classify } from "@triage/classifier";
import type { Classification } from "@triage/contracts";
import type { Envelope } from "@triage/message";
import { DEFAULT_POLICY, type PolicyRow } from "@triage/routing";
import {
  type Contribution,
  contributionsOf,
  DEFAULT_THRESHOLDS,
  type Thresholds,
  VERDICT_CLASSES,
  type VerdictClass,
} from "@triage/scoring";
import type { Case } from "./case.ts";
import { type Change, findChanges } from "./find-changes.ts";

/** One line of the ladder. */
export type Rung = Classification["evidence"][number] & {
  /** What it added to which class; a class that is not named got nothing. */
  readonly logOdds: Contribution["logOdds"];
};

export interface ClassSum {
  /** Sum of what all lines added. */
  readonly logOdds: number;
  readonly score: number;
  readonly threshold: number;
}

/** `--format json` prints it as it is. */
export interface Explanation extends Omit<Classification, "evidence"> {
  readonly path: string;
  /** In the order in which the lines were weighed. */
  readonly ladder: readonly Rung[];
  readonly sums: Readonly<Record<VerdictClass, ClassSum>>;
  /** Why the policy row is there; undefined when no row matched. */
  readonly because: string | undefined;
  readonly changes: readonly Change[];
}

export async function explainMessage(
  path: string,
  raw: Buffer,
  envelope: Envelope,
  context: ClassifyContext,
): Promise<Explanation> {
  // One clock and one set of ports for the message and for all that is supposed of it.
  const ports = context.ports();
  const classified = await classify(raw, envelope, { ...context, ports: () => ports });
  const policy: readonly PolicyRow[] = context.policy ?? DEFAULT_POLICY;
  const thresholds = { ...DEFAULT_THRESHOLDS, ...context.thresholds };
  const { message, report, evidence, override } = classified;
  const actual: Case = {
    ...{ message, envelope: classified.envelope, report, site: context.site, ports, thresholds, policy, override },
    turned: new Map(),
  };
  const contributions = contributionsOf(classified);
  const { evidence: lines, ...classification } = classified.classification;
  const { rule } = classification;
  return {
    path,
    ...classification,
    ladder: lines.map((line, index) => ({ ...line, logOdds: contributions[index]?.logOdds ?? {} })),
    sums: sumsOf(contributions, classification.scores, thresholds),
    because: override?.route === undefined ? policy.find(({ id }) => id === rule)?.because : override.because,
    changes: await findChanges(actual, { evidence, verdict: classified.verdict, route: classified.route }),
  };
}

function sumsOf(
  contributions: readonly Contribution[],
  scores: Classification["scores"],
  thresholds: Thresholds,
): Explanation["sums"] {
  const sumOf = (name: VerdictClass): ClassSum => ({
    logOdds: contributions.reduce((sum, { logOdds }) => sum + (logOdds[name] ?? 0), 0),
    score: scores[name],
    threshold: thresholds[name],
  });
  return Object.fromEntries(VERDICT_CLASSES.map((name) => [name, sumOf(name)])) as Record<VerdictClass, ClassSum>;
}
