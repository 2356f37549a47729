/**
 * Mail that a person wrote, and the rest. Last in the order: what no reader claims is a person's, unless its header says
 * that a machine sent it. In doubt it is a person: an overlooked machine costs a glance, an overlooked person a reader.
 */
import type { Part } from "@triage/message";
import { type Mail, reportBase } from "../mail.ts";
import { hasPhrase } from "../phrases/find-phrase.ts";
import { hasReplyPrefix } from "../phrases/subject-prefixes.ts";
import type { PlainReport, Trait } from "../report.ts";
import { NOTHING_RETURNED } from "../returned/describe.ts";
import { hasTicketField, isDaemon } from "../traits.ts";
import { hasLetterForm, readLetterForm } from "./letter-form.ts";
import { hasChallengeField } from "./notices.ts";

/** LIMIT: characters of a letter that are searched for a quoted bounce. */
const MAX_LETTER_CHARS = 16_384;

/** Words of a bounce that people quote when they ask what it means. Lower case. */
const QUOTED_BOUNCE = [
  "final-recipient:",
  "diagnostic-code:",
  "mail delivery system",
  "mail delivery subsystem",
  "mailer-daemon",
  "undelivered mail returned to sender",
  "delivery has failed to these recipients",
  "delivery status notification",
  "could not be delivered",
  "permanent fatal errors",
  "permanent error",
  "konnte nicht zugestellt werden",
  "n'a pas pu être remis",
  "no se pudo entregar",
  "não pôde ser entregue",
  "non è stato recapitato",
];

/**
 * A reply or a forward of a person: the report that it carries is an enclosure, whatever its parts are.
 *
 * Mail programs never write a multipart/report in a conversation, except as an MDN; so that type is left to the readers of
 * reports.
 */
export function readLetter(mail: Mail): PlainReport | undefined {
  const { traits, outline } = mail;
  if (!traits.has("reply-or-forward")) return asksAboutReport(mail) ? person(mail) : undefined;
  const isMachine =
    traits.has("null-reverse-path") ||
    traits.has("auto-submitted") ||
    traits.has("from-no-reply") ||
    traits.has("list-mail") ||
    traits.has("precedence-bulk") ||
    traits.has("subject-auto-reply") ||
    isBareCalendarReply(mail) ||
    outline.subjectSigns.has("challenge") ||
    hasChallengeField(outline.header);
  if (isMachine || isDaemon(outline)) return undefined;
  // Exchange puts In-Reply-To on its reports; a postmaster who replies to one has a prefix in the subject.
  if (traits.has("from-daemon") && traits.has("subject-bounce") && !hasReplyPrefix(outline.lowerSubject))
    return undefined;
  const root = outline.parts[0]?.contentType.value ?? "";
  if (root === "multipart/report" || root.startsWith("message/")) return undefined;
  return person(mail);
}

/**
 * Who writes from `postmaster@` or `noreply@`, or through a web form, and quotes a bounce: such names alone make it no report,
 * where somebody is greeted and asked. Notices greet too ("Dear sender"), so that what has any field of a machine is left to
 * the readers of reports.
 */
function asksAboutReport(mail: Mail): boolean {
  const { traits, outline } = mail;
  if (!traits.has("from-daemon") && !traits.has("from-no-reply")) return false;
  const isMachine =
    traits.has("null-reverse-path") ||
    traits.has("auto-submitted") ||
    traits.has("list-mail") ||
    traits.has("precedence-bulk") ||
    traits.has("bulk-headers");
  if (isMachine || isDaemon(outline) || outline.parts[0]?.contentType.value === "multipart/report") return false;
  if (!hasLetterForm(outline)) return false;
  return traits.has("subject-bounce") || outline.openingSigns().has("failure") || quotesReport(mail);
}

export function readPersonOrOther(mail: Mail): PlainReport {
  const { traits, outline } = mail;
  const isMachine =
    traits.has("null-reverse-path") ||
    traits.has("auto-submitted") ||
    traits.has("precedence-bulk") ||
    traits.has("list-mail") ||
    traits.has("from-no-reply") ||
    traits.has("cron") ||
    traits.has("bulk-headers") ||
    isBareCalendarReply(mail) ||
    isDaemon(outline);
  if (!isMachine || isPassedOnByTicketSystem(mail)) return person(mail);
  return { kind: "other", ...reportBase(mail, NOTHING_RETURNED, { traits: isLetter(mail) ? ["letter-form"] : [] }) };
}

/** Calendars write a sentence of their own ("Joe has accepted"); who asks something in the comment wants an answer. */
function isBareCalendarReply({ traits, outline }: Mail): boolean {
  return traits.has("calendar-reply") && !readLetterForm(outline).asks;
}

/** What bulk mail greets with is no letter; of the rest, the form of one speaks against a machine. */
function isLetter({ traits, outline }: Mail): boolean {
  return !traits.has("list-mail") && !traits.has("bulk-headers") && !traits.has("cron") && hasLetterForm(outline);
}

/**
 * A ticket system sends on what people wrote, with the fields of a machine (RT: `Auto-Submitted: auto-generated` and
 * `Precedence: bulk`). Its own words are told by their subject, and they neither greet nor ask.
 */
function isPassedOnByTicketSystem({ traits, outline }: Mail): boolean {
  if (!hasTicketField(outline.header) || traits.has("ticket-acknowledgement") || traits.has("list-mail")) return false;
  const { greets, closes, asks } = readLetterForm(outline);
  return asks || (greets && closes);
}

function person(mail: Mail): PlainReport {
  const traits: Trait[] = [];
  if (mail.outline.parts.some(isAttachedReport)) traits.push("attached-report");
  else if (quotesReport(mail)) traits.push("quoted-report");
  return { kind: "person", ...reportBase(mail, NOTHING_RETURNED, { traits }) };
}

/** A delivery-status part of its own, or an enclosed message that is a report. */
function isAttachedReport(part: Part): boolean {
  const type = part.contentType.value;
  if (type === "message/delivery-status" || type === "message/feedback-report") return true;
  const inner = type === "message/rfc822" ? part.children[0] : undefined;
  if (inner === undefined) return false;
  const from = inner.headers.value("from")?.toLowerCase() ?? "";
  return (
    inner.contentType.value === "multipart/report" || from.includes("mailer-daemon") || from.includes("postmaster@")
  );
}

/** Phrases are found across line ends, and across the marks of a quote. */
function quotesReport(mail: Mail): boolean {
  const text = mail.outline.text().slice(0, MAX_LETTER_CHARS).toLowerCase();
  return hasPhrase(text.replace(/[\s>]+/g, " "), QUOTED_BOUNCE);
}
