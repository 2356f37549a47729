/** What is kept of a message to learn from, when a human corrects its verdict. Pure. */
import type { Message } from "@triage/message";
import type { Report, ReportKind } from "@triage/reports";
import { readMessageText } from "../text-model/message-text.ts";
import { textTokens } from "../text-model/text-tokens.ts";
import type { LearningFeatures, StoredPrint, WordPrint } from "./correction.ts";
import { formatSignature } from "./min-hash.ts";
import { printWords } from "./print-words.ts";

/** LIMIT: what is stored of one message. A letter has some 150 different tokens. */
const MAX_TOKENS = 1000;

/** Kinds whose words tell a letter from spam: those that the text model judges. */
export const WORDED_KINDS: ReadonlySet<ReportKind> = new Set(["person", "other"]);

/**
 * Kinds of which near-duplicates are known. A DSN, receipt or aggregate report has the words of the program that wrote it: a genuine
 * one and a forged one are near-duplicates by nature, and what tells them apart is provenance (docs/decisions/0010).
 */
export const COMPARED_KINDS: ReadonlySet<ReportKind> = new Set(["person", "other", "auto-reply"]);

export function storePrint({ signature, subject, opening, closing }: WordPrint): StoredPrint {
  return { signature: formatSignature(signature), subject, opening, closing };
}

/** @returns JSON-able; some kilobytes. Holds words of the message, so it is as confidential as the message. */
export function describeForLearning(message: Message, { kind, traits }: Report): LearningFeatures {
  const print = COMPARED_KINDS.has(kind) ? printWords(readMessageText(message)) : undefined;
  return {
    format: 1,
    kind,
    traits,
    tokens: WORDED_KINDS.has(kind) ? textTokens(message).slice(0, MAX_TOKENS) : [],
    print: print === undefined ? null : storePrint(print),
  };
}
