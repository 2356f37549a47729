import type { Case } from "./case.ts";

/** One thing about a message, or about the configuration, that is supposed to be otherwise. */
export interface Supposition {
  /** What it is about: two suppositions about the same cannot both hold. */
  readonly about: string;
  /** Fits after "if". Holds names out of the message, so it is not for logs. */
  readonly sentence: string;
  apply(actual: Case): Case;
}
