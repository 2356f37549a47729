/**
 * Machines that answer a mail whose sender was forged as often as not: challenge-response systems, virus scanners and
 * content filters.
 */
import type { HeaderList } from "@triage/message";
import { type Mail, reportBase } from "../mail.ts";
import { hasPhrase } from "../phrases/find-phrase.ts";
import type { PlainReport } from "../report.ts";
import { findReturned } from "../returned/find-returned.ts";

/** Header fields of challenge-response systems. */
const CHALLENGE_FIELDS = [
  "x-tmda-fingerprint",
  "x-spamarrest",
  "x-choicemail-registration-request",
  "x-ask-auth",
  "x-boxbe",
  "x-bluebottle-request",
];

export function readChallenge(mail: Mail): PlainReport | undefined {
  const { outline } = mail;
  if (mail.traits.has("list-mail")) return undefined;
  const bySubject = outline.subjectSigns.has("challenge");
  const byField = hasChallengeField(outline.header);
  const isAutomatic = isMachine(mail);
  if (!bySubject && !byField && !isAutomatic) return undefined;
  // The words alone may be a person's, the subject alone a shop's: the words and one sign more, or all signs but the words.
  const byText = outline.openingSigns().has("challenge");
  if (!byText && !(bySubject && byField && isAutomatic)) return undefined;
  return { kind: "challenge", ...reportBase(mail, findReturned(mail)) };
}

/** True for the header fields of challenge-response systems, which answer under the name of the person they guard. */
export function hasChallengeField(header: HeaderList): boolean {
  return CHALLENGE_FIELDS.some((name) => header.has(name));
}

export function readVirusNotice(mail: Mail): PlainReport | undefined {
  const { outline } = mail;
  const bySubject = outline.subjectSigns.has("filter");
  const isAutomatic = isMachine(mail) || isScanner(outline.fromText);
  if (!isAutomatic || mail.traits.has("list-mail")) return undefined;
  const byText = outline.openingSigns().has("filter");
  if (!byText || (!bySubject && !isScanner(outline.fromText) && !mail.traits.has("from-daemon"))) return undefined;
  return { kind: "virus-notice", ...reportBase(mail, findReturned(mail)) };
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
