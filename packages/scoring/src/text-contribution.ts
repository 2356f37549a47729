/** What the words add: they only tell a letter from spam, so they speak of no report. */
import type { Message } from "@triage/message";
import type { Report } from "@triage/reports";
import type { Contribution } from "./add-up.ts";
import type { LearnedModel } from "./learning/learned-model.ts";
import { contributionsOfNearDuplicates } from "./learning/near-duplicate-contribution.ts";
import { printWords } from "./learning/print-words.ts";
import { lacksUsableHeader } from "./report-contributions.ts";
import { readMessageText } from "./text-model/message-text.ts";
import { scoreText, type TextScore } from "./text-model/score-text.ts";
import { TEXT_WEIGHT_RANGE } from "./weights.ts";

export function textContribution({ logOdds, telling }: TextScore): Contribution {
  const spam = Math.min(Math.max(logOdds, TEXT_WEIGHT_RANGE.min), TEXT_WEIGHT_RANGE.max);
  const outcome = spam > 0 ? "fail" : spam < 0 ? "pass" : "neutral";
  const like = spam > 0 ? "spam" : "a letter";
  const detail = telling.length > 0 ? `it reads like ${like}: ${telling.join(", ")}` : "it has no words that tell";
  return { check: "text", outcome, logOdds: { spam }, detail };
}

/**
 * One line, or none where the words are not the message's own (a report) or are no words (a mess of bytes); and another
 * where a human has corrected a message like it.
 */
export function contributionsOfText(message: Message, report: Report, learned?: LearnedModel): Contribution[] {
  const hasOwnWords = report.kind === "person" || report.kind === "other" || report.kind === "auto-reply";
  if (!hasOwnWords || lacksUsableHeader(message, report)) return [];
  if (report.kind === "auto-reply") {
    return learned === undefined
      ? []
      : contributionsOfNearDuplicates(() => printWords(readMessageText(message)), report, learned);
  }
  const text = readMessageText(message);
  const line = textContribution(scoreText(message, learned?.text, text));
  return learned === undefined
    ? [line]
    : [line, ...contributionsOfNearDuplicates(() => printWords(text), report, learned)];
}
