/**
 * One training: corrections in, a version out that is live when it is not worse than the one before.
 *
 * Corrections whose words would hide letters of the check set must not keep all others from being learned: the candidate
 * gets another chance with near-duplicates alone.
 */
import { setImmediate } from "node:timers/promises";
import type { TrainingOutcome } from "@triage/contracts";
import type { LearningConfig } from "@triage/runtime";
import {
  type CheckMessage,
  type Comparison,
  type Correction,
  compareModels,
  type LearnedData,
  LearnedModel,
  type LearningLimits,
  learn,
  loadCheckSet,
  NOTHING_LEARNED,
  type Thresholds,
  withinDay,
} from "@triage/scoring";
import type { Store } from "@triage/store";
import { readCorrections, readLearnedData } from "./learned-data.ts";

const DAY_MS = 86_400_000;

/** Messages come first: what waits is done between two slices of a training. */
const pause = () => setImmediate();
/** LIMIT: corrections that are looked at; more than any limit of learning lets teach. */
const MAX_CORRECTIONS = 20_000;
/** LIMIT: of them, those that one API key brought. */
const MAX_CORRECTIONS_OF_KEY = 10_000;
/** LIMIT: newest corrections on which models are compared, half a millisecond each and model. */
const MAX_COMPARED = 500;

export interface TrainingParts {
  readonly store: Pick<
    Store,
    "learningView" | "forgetFeatures" | "keptCorrections" | "modelVersion" | "modelVersions" | "saveModelVersion"
  >;
  readonly config: LearningConfig;
  readonly thresholds: Partial<Thresholds>;
  readonly now: () => Date;
}

export interface Training {
  readonly outcome: TrainingOutcome;
  /** One sentence. */
  readonly why: string;
  /** The version that was made; undefined when none was. */
  readonly version?: number;
}

interface Candidate {
  readonly data: LearnedData;
  readonly comparison: Comparison;
  readonly why: string;
}

/** Trains, compares and, if it may, activates. Only one may do this at a time (`Store.trainAlone`). */
export async function trainModel(parts: TrainingParts): Promise<Training> {
  const { store, config, now } = parts;
  const { active, held } = await store.learningView();
  if (held) return { outcome: "held", why: `a rollback holds version ${active} until training is asked for` };
  const since = new Date(now().getTime() - config.limits.maxAgeDays * DAY_MS);
  await store.forgetFeatures(since);
  const corrections = readCorrections(
    await store.keptCorrections({ since, limit: MAX_CORRECTIONS, perKey: MAX_CORRECTIONS_OF_KEY }),
  );
  const live = await readLive(store, active);
  const candidate = await findCandidate(corrections, live, parts);
  const { data, comparison, why } = candidate;
  if (isSame(data, live ?? NOTHING_LEARNED)) return { outcome: "unchanged", why: "there is nothing new to learn" };
  const activate = comparison.notWorse;
  if (!activate && (await isKnown(data, store))) return { outcome: "refused", why };
  const made = { data, comparison, corrections: corrections.length, madeAt: now(), activate, why };
  return { ...(await store.saveModelVersion(made, config.keepVersions)), why };
}

async function readLive(store: TrainingParts["store"], active: number): Promise<LearnedData | undefined> {
  const version = active === 0 ? undefined : await store.modelVersion(active);
  return version && readLearnedData(version.data);
}

/** What everything taught; where that is worse than the live model, the near-duplicates alone, where they are not. */
async function findCandidate(
  corrections: readonly Correction[],
  live: LearnedData | undefined,
  parts: TrainingParts,
): Promise<Candidate> {
  const checkSet = await loadCheckSet(pause);
  const compare = comparer(corrections, live && (await LearnedModel.open(live, pause)), checkSet, parts);
  const everything = await compare(parts.config.limits, "");
  if (everything.comparison.notWorse) return everything;
  const alone = await compare({ ...parts.config.limits, words: 0 }, "; of words nothing was learned");
  return alone.comparison.notWorse ? alone : everything;
}

type Compare = (limits: LearningLimits, note: string) => Promise<Candidate>;

function comparer(
  corrections: readonly Correction[],
  live: LearnedModel | undefined,
  checkSet: readonly CheckMessage[],
  { thresholds, now }: TrainingParts,
): Compare {
  // A correction that another machine took, whose clock is ahead, is no correction of the future.
  const newest = corrections.reduce((latest, { at }) => Math.max(latest, at.getTime()), now().getTime());
  return async (limits, note) => {
    const data = await learn({ corrections, now: new Date(newest), limits, checkSet, pause });
    await pause();
    const leftOut = new Set(data.leftOut);
    const compared = withinDay(corrections, limits).filter(({ id }) => !leftOut.has(id));
    const candidate = await LearnedModel.open(data, pause);
    const comparison = await compareModels({
      ...{ live, candidate, checkSet, thresholds, pause },
      corrections: compared.slice(-MAX_COMPARED),
    });
    const without = leftOut.size === 0 ? "" : `; ${leftOut.size} corrections that would hide a letter are left out`;
    return { data, comparison, why: `${comparison.reason}${without}${note}` };
  };
}

/** Learning is deterministic: the same corrections give the same bytes. */
function isSame(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** A refused candidate is kept once. */
async function isKnown(data: LearnedData, store: TrainingParts["store"]): Promise<boolean> {
  const [newest] = await store.modelVersions();
  return newest !== undefined && isSame((await store.modelVersion(newest.version))?.data, data);
}
