/**
 * What a human says a message is, and what of the message is kept to learn from: the mail itself may be gone by then.
 */
import type { ReportKind, Trait } from "@triage/reports";
import type { VerdictClass } from "../verdict.ts";

/**
 * The words of a message as far as they tell whether another message is nearly the same, without the words themselves.
 * All numbers are hashes of 32 bits, signed; lists hold at most EDGE_WORDS of them, in the order of the text.
 */
export interface WordPrint {
  /** MinHash (min-hash.ts): SIGNATURE_HASHES numbers. */
  readonly signature: Int32Array;
  /** Of the subject's words, the first. */
  readonly subject: readonly number[];
  /** The first and the last words of the text. */
  readonly opening: readonly number[];
  readonly closing: readonly number[];
}

/** A WordPrint as JSON: the signature as base64 of little-endian numbers. */
export type StoredPrint = Omit<WordPrint, "signature"> & { readonly signature: string };

/** Plain JSON, some kilobytes: stored with each correction. */
export interface LearningFeatures {
  /** Raised when old features no longer fit the tokenizer or the hashes: corrections with other ones teach nothing. */
  readonly format: 1;
  readonly kind: ReportKind;
  readonly traits: readonly Trait[];
  /** `textTokens`, at most MAX_TOKENS; empty for kinds whose words are not the sender's. */
  readonly tokens: readonly string[];
  /** Null where there are too few words to compare, or they are not the sender's. */
  readonly print: StoredPrint | null;
}

export interface Correction {
  readonly id: string;
  /** Of the service. Of several corrections of one message the latest counts. */
  readonly messageId: string;
  /** What the human says that it is. */
  readonly verdict: VerdictClass;
  /** Who said so, for people. A program may give any name: alone it limits nothing. */
  readonly by: string;
  /** Name of the API key that brought it. */
  readonly key: string;
  readonly at: Date;
  readonly features: LearningFeatures;
}
