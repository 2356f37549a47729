/**
 * What would change the verdict: every supposition tried by asking the stages again, and the smallest that flip it kept.
 *
 * One change is smaller than two; of as many changes, the one that moves the odds of the present verdict least.
 */
import type { VerdictId } from "@triage/scoring";
import { type Case, type Judgement, judgeCase } from "./case.ts";
import { supposeConfiguration } from "./suppose-configuration.ts";
import { supposeEvidence } from "./suppose-evidence.ts";
import { supposeMessage } from "./suppose-message.ts";
import type { Supposition } from "./supposition.ts";

export interface Change {
  /** One, or two that must both hold; sentences that fit after "if". */
  readonly conditions: readonly string[];
  readonly verdict: VerdictId;
  readonly score: number;
  readonly route: Judgement["route"]["route"];
  /** Id of the policy row. */
  readonly rule: string;
}

interface Tried extends Change {
  readonly about: string;
  /** Log-odds by which the present leading class moved. A threshold moves nothing; it comes last, since it holds for all mail. */
  readonly shift: number;
}

/** LIMIT: a person reads them. */
const MAX_CHANGES = 8;
const MAX_PAIRS = 4;

/** @returns Smallest first; pairs only where no single change flips the verdict; empty when those do not either. */
export async function findChanges(actual: Case, judgement: Judgement): Promise<readonly Change[]> {
  const suppositions = [
    ...supposeConfiguration(actual, judgement.verdict),
    ...supposeEvidence(actual, judgement.evidence),
    ...supposeMessage(actual),
  ];
  const single = await tryAll(
    suppositions.map((item) => [item]),
    actual,
    judgement,
  );
  if (single.length > 0) return single.slice(0, MAX_CHANGES);
  const pairs = await tryAll(pairsOf(suppositions), actual, judgement);
  return pairs.slice(0, MAX_PAIRS);
}

function pairsOf(suppositions: readonly Supposition[]): (readonly Supposition[])[] {
  return suppositions.flatMap((first, index) =>
    suppositions
      .slice(index + 1)
      .filter((second) => second.about !== first.about)
      .map((second) => [first, second]),
  );
}

async function tryAll(
  sets: readonly (readonly Supposition[])[],
  actual: Case,
  judgement: Judgement,
): Promise<readonly Change[]> {
  const tried: Tried[] = [];
  for (const set of sets) {
    const found = await trySet(set, actual, judgement);
    if (found !== undefined) tried.push(found);
  }
  tried.sort((a, b) => a.shift - b.shift);
  return withoutLarger(tried).map(({ about: _about, shift: _shift, ...change }) => change);
}

async function trySet(set: readonly Supposition[], actual: Case, before: Judgement): Promise<Tried | undefined> {
  const supposed = set.reduce((so, supposition) => supposition.apply(so), actual);
  const { verdict, route } = await judgeCase(supposed);
  if (verdict.verdict === before.verdict.verdict) return undefined;
  return {
    about: set.map(({ about }) => about).join(" "),
    shift: set.some(({ about }) => about === "thresholds") ? Number.MAX_VALUE : shiftOf(verdict.scores, before),
    conditions: set.map(({ sentence }) => sentence),
    verdict: verdict.verdict,
    score: verdict.score,
    route: route.route,
    rule: route.rule,
  };
}

function shiftOf(scores: Judgement["verdict"]["scores"], before: Judgement): number {
  return Math.abs(logitOfLeading(scores, before) - logitOfLeading(before.verdict.scores, before));
}

function logitOfLeading(scores: Judgement["verdict"]["scores"], { verdict }: Judgement): number {
  const leading = (Object.keys(verdict.scores) as (keyof typeof scores)[]).reduce((best, name) =>
    verdict.scores[name] > verdict.scores[best] ? name : best,
  );
  return Math.log(scores[leading] / (1 - scores[leading]));
}

/** About the same thing and with the same end, the smallest says it all. */
function withoutLarger(sorted: readonly Tried[]): readonly Tried[] {
  const seen = new Set<string>();
  return sorted.filter(({ about, verdict }) => {
    const key = `${about} ${verdict}`;
    return !seen.has(key) && seen.add(key);
  });
}
