/** JSON of the store as what scoring learns and learned. Another release may have written it, in another format. */
import type { Correction, LearnedData, LearningFeatures } from "@triage/scoring";
import type { KeptCorrection } from "@triage/store";

const FORMAT = 1;

/** Undefined: the data of another release. */
export function readLearnedData(data: unknown): LearnedData | undefined {
  return hasFormat(data) ? (data as LearnedData) : undefined;
}

/** Digits of an id, so that texts sort as the numbers do. */
const ID_DIGITS = 19;

/** Corrections whose features this release can read, in the order given. */
export function readCorrections(kept: readonly KeptCorrection[]): Correction[] {
  return kept.flatMap(({ id, features, ...rest }) =>
    hasFormat(features) ? [{ ...rest, id: id.padStart(ID_DIGITS, "0"), features: features as LearningFeatures }] : [],
  );
}

function hasFormat(json: unknown): boolean {
  return typeof json === "object" && json !== null && "format" in json && json.format === FORMAT;
}
