/**
 * How much corrections may teach. A person who errs, or means harm, moves no more than these allow; what remains is
 * caught by compareModels, which refuses a model that hides a letter of the check set.
 */
export interface LearningLimits {
  /** Of the corrections that one corrector makes on one day (UTC), the first so many teach. */
  readonly perCorrectorAndDay: number;
  /** Of all corrections of one corrector, the newest so many teach words. */
  readonly wordsPerCorrector: number;
  /** The newest corrections that teach words at all. */
  readonly words: number;
  /** The newest corrections whose near-duplicates are known. */
  readonly nearDuplicates: number;
  /** Older corrections are forgotten: campaigns end, addresses change hands. */
  readonly maxAgeDays: number;
}

export const DEFAULT_LEARNING_LIMITS: LearningLimits = {
  perCorrectorAndDay: 50,
  wordsPerCorrector: 300,
  words: 1000,
  nearDuplicates: 5000,
  maxAgeDays: 365,
};
