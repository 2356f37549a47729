/** What the words add: they only tell a letter from spam, so they speak of no report. */
import type { Message } from "@triage/message";
import type { Report } from "@triage/reports";
import type { Contribution } from "./add-up.ts";
import { lacksUsableHeader } from "./report-contributions.ts";
import { scoreText, type TextScore } from "./text-model/score-text.ts";
import { TEXT_WEIGHT_RANGE } from "./weights.ts";

export function textContribution({ logOdds, telling }: TextScore): Contribution {
  const spam = Math.min(Math.max(logOdds, TEXT_WEIGHT_RANGE.min), TEXT_WEIGHT_RANGE.max);
  const outcome = spam > 0 ? "fail" : spam < 0 ? "pass" : "neutral";
  const like = spam > 0 ? "spam" : "a letter";
  const detail = telling.length > 0 ? `it reads like ${like}: ${telling.join(", ")}` : "it has no words that tell";
  return { check: "text", outcome, logOdds: { spam }, detail };
}

/** One line, or none where the words are not the message's own (a report) or are no words (a mess of bytes). */
export function contributionsOfText(message: Message, report: Report): Contribution[] {
  if (report.kind !== "person" && report.kind !== "other") return [];
  if (lacksUsableHeader(message, report)) return [];
  return [textContribution(scoreText(message))];
}
