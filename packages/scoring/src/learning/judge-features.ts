/** The verdict for a message of which only its features are left: without provenance, which speaks of reports alone. Pure. */
import { addUp } from "../add-up.ts";
import { decideVerdict } from "../decide.ts";
import { contributionsOfTraits, priorOf } from "../report-contributions.ts";
import { textContribution } from "../text-contribution.ts";
import { liveModel } from "../text-model/score-text.ts";
import { TokenHits } from "../text-model/token-hits.ts";
import type { Thresholds, VerdictId } from "../verdict.ts";
import { DEFAULT_THRESHOLDS } from "../weights.ts";
import type { LearningFeatures, StoredPrint, WordPrint } from "./correction.ts";
import { WORDED_KINDS } from "./describe-for-learning.ts";
import type { LearnedModel } from "./learned-model.ts";
import { parseSignature } from "./min-hash.ts";
import { contributionsOfNearDuplicates } from "./near-duplicate-contribution.ts";

function readPrint(stored: StoredPrint | null): WordPrint | undefined {
  const signature = stored === null ? undefined : parseSignature(stored.signature);
  return stored === null || signature === undefined ? undefined : { ...stored, signature };
}

function textLine({ tokens }: LearningFeatures, learned: LearnedModel | undefined) {
  const model = learned?.text ?? liveModel;
  const hits = new TokenHits();
  for (const token of tokens) model.addToken(token, hits);
  return textContribution({ logOdds: model.logOdds(hits), telling: [] });
}

/** @param learned  Undefined for the service as it was shipped. */
export function judgeFeatures(
  features: LearningFeatures,
  learned: LearnedModel | undefined,
  thresholds: Partial<Thresholds>,
): VerdictId {
  const near = learned && contributionsOfNearDuplicates(() => readPrint(features.print), features, learned);
  const text = WORDED_KINDS.has(features.kind) ? [textLine(features, learned)] : [];
  const sum = addUp([priorOf(features.kind), ...contributionsOfTraits(features), ...text, ...(near ?? [])]);
  return decideVerdict(sum, { ...DEFAULT_THRESHOLDS, ...thresholds });
}
