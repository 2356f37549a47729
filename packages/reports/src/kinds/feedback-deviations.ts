/**
 * Feedback loops that do not send `message/feedback-report`, each with its own signs.
 *
 * Microsoft's JMRP sends the message as an attachment and its facts in the subject; AOL did the same before ARF; SpamCop and
 * some Exim-based gateways write plain text.
 */
import { parseAddress } from "@triage/message";
import { type Mail, reportBase } from "../mail.ts";
import { partOfType } from "../outline.ts";
import type { FeedbackReport, Returned } from "../report.ts";
import { withReversePath } from "../returned/describe.ts";
import { findReturned } from "../returned/find-returned.ts";

/** What a deviating loop tells; the rest of a FeedbackReport is empty. */
interface LoopFacts {
  readonly feedbackType: string;
  readonly userAgent: string;
  readonly sourceIp?: string | undefined;
  readonly recipient?: string | undefined;
  readonly reportedDomain?: string | undefined;
  readonly reversePath?: string | undefined;
}

export function readLoopDeviation(mail: Mail): FeedbackReport | undefined {
  return readJmrp(mail) ?? readAolNotice(mail) ?? readSpamCop(mail) ?? readPlainFailureReport(mail);
}

/**
 * Microsoft's Junk Mail Reporting Program: `staff@hotmail.com`, "complaint about message from 192.0.2.1", the message in a
 * multipart/mixed; its first field names the recipient. Source: the JMRP FAQ of Outlook.com Postmaster.
 */
function readJmrp(mail: Mail): FeedbackReport | undefined {
  const { outline } = mail;
  if (!outline.lowerSubject.includes("complaint about message from")) return undefined;
  if (partOfType(outline, "message/rfc822") === undefined) return undefined;
  const returned = findReturned(mail);
  return report(mail, returned, {
    feedbackType: "abuse",
    userAgent: "jmrp",
    sourceIp: ipIn(outline.subject),
    recipient: returned.headers?.value("x-hmxmroriginalrecipient"),
  });
}

/** AOL before 2005: "Client TOS Notification" from `scomp@aol.net`. */
function readAolNotice(mail: Mail): FeedbackReport | undefined {
  const { outline } = mail;
  if (!outline.lowerSubject.startsWith("client tos notification")) return undefined;
  const returned = findReturned(mail);
  return returned.form === "none" ? undefined : report(mail, returned, { feedbackType: "abuse", userAgent: "aol-tos" });
}

/** SpamCop: "[SpamCop (192.0.2.1) id:123]subject", the message inline below "[ Offending message ]". */
function readSpamCop(mail: Mail): FeedbackReport | undefined {
  const { outline } = mail;
  if (!outline.lowerSubject.startsWith("[spamcop")) return undefined;
  if (!outline.from.endsWith("spamcop.net")) return undefined;
  return report(mail, findReturned(mail), {
    feedbackType: "abuse",
    userAgent: "spamcop",
    sourceIp: ipIn(outline.subject),
  });
}

/** Gateways that write a DMARC failure report as text in a multipart/report without the machine-readable part. */
function readPlainFailureReport(mail: Mail): FeedbackReport | undefined {
  const { outline } = mail;
  const subject = outline.lowerSubject;
  if (!subject.includes("dmarc")) return undefined;
  if (!subject.includes("forensic report") && !subject.includes("failure report")) return undefined;
  const text = outline.text();
  const returned = findReturned(mail);
  if (returned.form === "none") return undefined;
  return report(mail, returned, {
    feedbackType: "auth-failure",
    userAgent: "plain-text",
    sourceIp: ipIn(labelled(text, "sender ip address") ?? outline.subject),
    reportedDomain: labelled(text, "sender domain"),
  });
}

function report(mail: Mail, returned: Returned, facts: LoopFacts): FeedbackReport {
  const recipient = parseAddress(facts.recipient ?? "");
  return {
    kind: "feedback",
    ...reportBase(mail, withReversePath(returned, facts.reversePath)),
    feedbackType: facts.feedbackType,
    userAgent: facts.userAgent,
    sourceIp: facts.sourceIp,
    originalMailFrom: facts.reversePath,
    originalRecipients: recipient === undefined ? [] : [recipient],
    reportedDomains: facts.reportedDomain === undefined ? [] : [facts.reportedDomain],
  };
}

function ipIn(text: string): string | undefined {
  return /\b\d{1,3}(?:\.\d{1,3}){3}\b/.exec(text)?.[0] ?? /\b[0-9a-f]{1,4}(?::[0-9a-f]{0,4}){2,7}/i.exec(text)?.[0];
}

/** Value of "  Label: value" in prose. */
function labelled(text: string, label: string): string | undefined {
  const at = text.toLowerCase().indexOf(`${label}:`);
  if (at === -1) return undefined;
  const end = text.indexOf("\n", at);
  return text.slice(at + label.length + 1, end === -1 ? undefined : end).trim() || undefined;
}
