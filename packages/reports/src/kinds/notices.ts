/**
 * Machines that answer a mail whose sender was forged as often as not: challenge-response systems, virus scanners and
 * content filters.
 */
import { type Mail, reportBase } from "../mail.ts";
import { CHALLENGE_BODIES, CHALLENGE_SUBJECTS } from "../phrases/challenge.ts";
import { FILTER_BODIES, FILTER_SUBJECTS } from "../phrases/content-filters.ts";
import { hasPhrase } from "../phrases/find-phrase.ts";
import type { PlainReport } from "../report.ts";
import { findReturned } from "../returned/find-returned.ts";

/** LIMIT: a notice says what it is in its first lines; further down stands the mail that it is about. */
const MAX_NOTICE_CHARS = 4_096;

/** Header fields of challenge-response systems. */
const CHALLENGE_FIELDS = [
  "x-tmda-fingerprint",
  "x-spamarrest",
  "x-choicemail-registration-request",
  "x-ask-auth",
  "x-boxbe",
];

export function readChallenge(mail: Mail): PlainReport | undefined {
  const { outline } = mail;
  if (mail.traits.has("list-mail")) return undefined;
  const bySubject = hasPhrase(outline.lowerSubject, CHALLENGE_SUBJECTS);
  const byField = CHALLENGE_FIELDS.some((name) => outline.header.has(name));
  // The words alone may be a person's, the subject alone a shop's: two signs of three.
  const isAutomatic = isMachine(mail);
  if (!bySubject && !byField && !isAutomatic) return undefined;
  const byText = hasPhrase(opening(mail), CHALLENGE_BODIES);
  if (Number(bySubject) + Number(byField) + Number(isAutomatic) + 2 * Number(byText) < 3) return undefined;
  return byText || bySubject || byField ? { kind: "challenge", ...reportBase(mail, findReturned(mail)) } : undefined;
}

export function readVirusNotice(mail: Mail): PlainReport | undefined {
  const { outline } = mail;
  const bySubject = hasPhrase(outline.lowerSubject, FILTER_SUBJECTS);
  const isAutomatic = isMachine(mail) || isScanner(outline.fromText);
  if (!isAutomatic || mail.traits.has("list-mail")) return undefined;
  const byText = hasPhrase(opening(mail), FILTER_BODIES);
  if (!byText || (!bySubject && !isScanner(outline.fromText) && !mail.traits.has("from-daemon"))) return undefined;
  return { kind: "virus-notice", ...reportBase(mail, findReturned(mail)) };
}

function opening(mail: Mail): string {
  // One line, so that a phrase is found across the breaks of the text.
  return mail.outline.text().slice(0, MAX_NOTICE_CHARS).toLowerCase().replace(/\s+/g, " ");
}

function isMachine(mail: Mail): boolean {
  const { traits } = mail;
  return (
    traits.has("null-reverse-path") ||
    traits.has("auto-submitted") ||
    traits.has("from-daemon") ||
    traits.has("from-no-reply") ||
    traits.has("precedence-bulk")
  );
}

const SCANNER_NAMES = [
  "virus",
  "antivir",
  "scanner",
  "mailscan",
  "amavis",
  "content filter",
  "content-filter",
  "mailsweeper",
  "quarantine",
  "interscan",
];

function isScanner(from: string): boolean {
  return hasPhrase(from.toLowerCase(), SCANNER_NAMES);
}
