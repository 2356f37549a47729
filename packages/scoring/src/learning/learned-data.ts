/** What corrections taught, as data: added to the text model that ships with the service, it is stored as a version. */
import type { Trait } from "@triage/reports";
import type { TextClass } from "../text-model/text-model-data.ts";
import type { VerdictClass } from "../verdict.ts";
import type { StoredPrint } from "./correction.ts";

/** A corrected message whose near-duplicates are known. */
export interface NearDuplicateEntry {
  /** Id of the correction. */
  readonly correction: string;
  readonly verdict: VerdictClass;
  readonly by: string;
  /** The day of the correction, UTC: `2026-11-20`. */
  readonly day: string;
  readonly traits: readonly Trait[];
  readonly print: StoredPrint;
}

/** What natural counted on top of the base model. Counts are additive, so they outlive a newer base model. */
export interface LearnedWords {
  /** Documents added to each class. */
  readonly documents: Readonly<Record<TextClass, number>>;
  /** As in TextModelData, `token letters spams factor` per line, sorted by token; the factor counts for new tokens only. Empty for none. */
  readonly counts: string;
}

/** Plain JSON: the same corrections give the same bytes, in whatever order they came. */
export interface LearnedData {
  readonly format: 1;
  readonly words: LearnedWords;
  /** The newest first. */
  readonly nearDuplicates: readonly NearDuplicateEntry[];
  /** Ids of corrections that would hide near-duplicates of a letter of the check set: they are not compared with. */
  readonly leftOut: readonly string[];
}

/** A model that was taught nothing: it scores as the service does without one. */
export const NOTHING_LEARNED: LearnedData = {
  format: 1,
  words: { documents: { letter: 0, spam: 0 }, counts: "" },
  nearDuplicates: [],
  leftOut: [],
};
