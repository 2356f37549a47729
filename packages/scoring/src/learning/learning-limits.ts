/**
 * How much corrections may teach. A person who errs, or means harm, moves no more than these allow; what remains is
 * caught by compareModels, which refuses a model that hides a letter of the check set.
 *
 * A corrector is a name under a key. The key is proven, the name is what its program says: so each key has bounds of its own,
 * wide enough for the console of several people.
 */
export interface LearningLimits {
  /** Of the corrections that one corrector makes on one day (UTC), the first so many teach. */
  readonly perCorrectorAndDay: number;
  /** Of those that come by one key on one day, whatever names it gives. */
  readonly perKeyAndDay: number;
  /** Of all corrections of one corrector, the newest so many teach words. */
  readonly wordsPerCorrector: number;
  /** Of all that came by one key. */
  readonly wordsPerKey: number;
  /** The newest corrections that teach words at all. */
  readonly words: number;
  /** The newest corrections whose near-duplicates are known. */
  readonly nearDuplicates: number;
  /** Of those that came by one key: nobody can crowd out what others taught. */
  readonly nearDuplicatesPerKey: number;
  /** Older corrections are forgotten: campaigns end, addresses change hands. */
  readonly maxAgeDays: number;
}

export const DEFAULT_LEARNING_LIMITS: LearningLimits = {
  perCorrectorAndDay: 50,
  perKeyAndDay: 200,
  wordsPerCorrector: 300,
  wordsPerKey: 600,
  words: 1000,
  nearDuplicates: 5000,
  nearDuplicatesPerKey: 3000,
  maxAgeDays: 365,
};
