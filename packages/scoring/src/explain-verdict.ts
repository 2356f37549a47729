/** The one sentence that tells the human what a message is: what, for whom, for which reason, and what decided it. */
import { formatAddress } from "@triage/message";
import type { DsnAction, DsnRecipient, DsnReport, Report } from "@triage/reports";
import type { Sum } from "./add-up.ts";
import { CLASS_WORDS } from "./class-words.ts";
import type { Override } from "./overrides/override.ts";
import { overrideWords } from "./overrides/override-contribution.ts";
import { REASON_WORDS } from "./reason-words.ts";
import { KIND_WORDS } from "./report-contributions.ts";
import type { VerdictId } from "./verdict.ts";

const ACTION_WORDS: Readonly<Record<DsnAction, string>> = {
  failed: "could not be delivered",
  delayed: "is delayed",
  delivered: "was delivered",
  relayed: "was passed on to a server that sends no receipts",
  expanded: "was passed on to the members of a list",
};

/** The one that counts for the human: a failure before a delay before anything else. */
function foremostRecipient({ recipients }: DsnReport): DsnRecipient | undefined {
  return (
    recipients.find(({ action }) => action === "failed") ??
    recipients.find(({ action }) => action === "delayed") ??
    recipients[0]
  );
}

function recipientWords(recipient: DsnRecipient, count: number): string {
  const address = recipient.address === undefined ? recipient.addressText : formatAddress(recipient.address);
  const name = address === "" ? "an unnamed recipient" : address;
  if (count < 2) return name;
  return `${name} and ${count - 1} ${count === 2 ? "other" : "others"}`;
}

/** "to joe@example.net could not be delivered because the receiver blocks the sending server (550 5.7.1)" */
function failureWords(report: DsnReport): string {
  const recipient = foremostRecipient(report);
  if (recipient === undefined) return "that failed for a recipient whom the report does not name";
  const { action, reason, replyCode, status } = recipient;
  const what = `to ${recipientWords(recipient, report.recipients.length)} ${ACTION_WORDS[action]}`;
  if (action !== "failed" && action !== "delayed") return what;
  const codes = [replyCode, status].filter((code) => code !== undefined).join(" ");
  return `${what} because ${REASON_WORDS[reason]}${codes === "" ? "" : ` (${codes})`}`;
}

/** The line that did most for the leading class, the prior aside. */
function decisiveDetail({ evidence }: Sum): string | undefined {
  let decisive = evidence[1];
  for (const line of evidence.slice(2)) {
    if (decisive === undefined || line.weight > decisive.weight) decisive = line;
  }
  if (decisive === undefined || decisive.weight < 0.1) return undefined;
  const detail = decisive.detail.replace(/\.$/, "");
  // Checks write whole sentences; this one stands in the middle of ours. "DKIM" stays as it is.
  return /^\p{Lu}\p{Ll}/u.test(detail) ? detail.charAt(0).toLowerCase() + detail.slice(1) : detail;
}

function withDetail(statement: string, detail: string | undefined): string {
  return detail === undefined ? `${statement}.` : `${statement}; ${detail}.`;
}

function percent(probability: number): string {
  return `${Math.floor(probability * 1000) / 10} %`;
}

function explainUndecided(sum: Sum, report: Report): string {
  const odds = `${CLASS_WORDS[sum.leading]} is likeliest (${percent(sum.scores[sum.leading])})`;
  if (report.kind === "dsn") {
    return `Mail ${failureWords(report)}, and it is not certain whether this site sent it: ${odds}, which is too unsure to act on.`;
  }
  if (sum.evidence.some(({ check }) => check === "no-usable-header")) {
    return "Nobody can tell what this is: it has no usable header.";
  }
  return `It is not certain what this is: ${odds}, which is too unsure to act on.`;
}

function subjectWords(report: Report): string {
  const kind = KIND_WORDS[report.kind];
  return kind.charAt(0).toUpperCase() + kind.slice(1);
}

/** LIMIT: addresses and host names in it are as long as their senders made them. UTF-16 units. */
const MAX_WHY_CHARS = 600;

/** What a message says of itself must not break the line, or the header field, that shows the sentence. */
function onOneLine(sentence: string, maxChars = MAX_WHY_CHARS): string {
  const line = sentence.replace(/\p{Cc}+/gu, " ");
  return line.length > maxChars ? `${line.slice(0, maxChars - 2)}\u2026.` : line;
}

/** @returns One sentence with a full stop; holds addresses and words of the message, so it is not for logs. */
export function explainVerdict(verdict: VerdictId, sum: Sum, report: Report, override?: Override): string {
  if (override === undefined) return onOneLine(sentenceFor(verdict, report, sum, decisiveDetail(sum)));
  // Who decided is named, and not what the checks would have said.
  const detail = override.verdict === undefined ? decisiveDetail(sum) : undefined;
  const words = onOneLine(overrideWords(override));
  // What the message says of itself is cut, never the name of what decided.
  const sentence = onOneLine(sentenceFor(verdict, report, sum, detail), Math.max(MAX_WHY_CHARS - words.length - 2, 3));
  return `${sentence.slice(0, -1)}; ${words}.`;
}

function sentenceFor(verdict: VerdictId, report: Report, sum: Sum, detail: string | undefined): string {
  switch (verdict) {
    case "undecided":
      return explainUndecided(sum, report);
    case "genuine-dsn":
      if (report.kind === "dsn") return withDetail(`Mail of this site ${failureWords(report)}`, detail);
      return withDetail(`${subjectWords(report)} about mail that this site sent`, detail);
    case "backscatter":
      if (report.kind === "dsn")
        return withDetail(`Mail ${failureWords(report)}, but this site did not send it`, detail);
      return withDetail(`${subjectWords(report)}, caused by mail that this site seems not to have sent`, detail);
    case "user-report":
      if (report.kind === "feedback")
        return `A recipient complains about our mail (feedback report, ${report.feedbackType}).`;
      return withDetail("A person seems to have written this", detail);
    case "automated":
      return withDetail(`${subjectWords(report)}, with nothing in it for a person to do`, detail);
    case "spam":
      return withDetail("This is spam", detail);
    default:
      return verdict satisfies never;
  }
}
