/**
 * Mail that a person wrote, and the rest. Last in the order: what no reader claims is a person's, unless its header says
 * that a machine sent it. In doubt it is a person: an overlooked machine costs a glance, an overlooked person a reader.
 */
import type { Part } from "@triage/message";
import { type Mail, reportBase } from "../mail.ts";
import { hasPhrase } from "../phrases/find-phrase.ts";
import { readOpeningSigns } from "../phrases/opening-phrases.ts";
import { hasReplyPrefix } from "../phrases/subject-prefixes.ts";
import type { PlainReport, Trait } from "../report.ts";
import { NOTHING_RETURNED } from "../returned/describe.ts";
import { hasTicketField, isDaemon } from "../traits.ts";
import { textAboveBounce } from "./dialect-dsn.ts";
import { hasLetterForm, readForm, readLetterForm } from "./letter-form.ts";
import { hasSystemName } from "./mail-system.ts";
import { hasChallengeField } from "./notices.ts";

/** LIMIT: characters of a letter that are searched for a quoted bounce. */
const MAX_LETTER_CHARS = 16_384;

/** "Ticket updated.", "Resolved." and the like are shorter; people who write less write nothing, or ask. Bytes of UTF-8. */
const MIN_PASSED_ON_BYTES = 16;

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

/** A person's mail that encloses, quotes or answers a report: the report in it is somebody else's. */
export function readLetter(mail: Mail): PlainReport | undefined {
  return isConversation(mail) || asksAboutReport(mail) ? person(mail) : undefined;
}

/**
 * A reply or a forward of a person: the report that it carries is an enclosure, whatever its parts are.
 *
 * Mail programs never write a multipart/report in a conversation, except as an MDN; so that type is left to the readers of
 * reports.
 */
function isConversation(mail: Mail): boolean {
  const { traits, outline } = mail;
  if (!traits.has("reply-or-forward")) return false;
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
  if (isMachine || isDaemon(outline)) return false;
  // Exchange puts In-Reply-To on its reports; a postmaster who replies to one has a prefix in the subject.
  if (traits.has("from-daemon") && traits.has("subject-bounce") && !hasReplyPrefix(outline.lowerSubject)) return false;
  const root = outline.parts[0]?.contentType.value ?? "";
  return root !== "multipart/report" && !root.startsWith("message/");
}

/**
 * Who quotes a bounce and writes from `postmaster@` or `noreply@`, under the subject of a bounce, or with a null
 * reverse-path. One such sign makes it no report where somebody speaks above the bounce, or greets and asks. What has any
 * field of a machine, or a daemon's name, is left to the readers of reports.
 */
function asksAboutReport(mail: Mail): boolean {
  const { traits, outline } = mail;
  if (!hasWeakSign(mail)) return false;
  const isMachine =
    traits.has("auto-submitted") ||
    traits.has("list-mail") ||
    traits.has("precedence-bulk") ||
    traits.has("bulk-headers") ||
    outline.header.has("x-failed-recipients");
  if (isMachine || isDaemon(outline) || outline.parts[0]?.contentType.value === "multipart/report") return false;
  return speaksAboveBounce(mail) || (hasLetterForm(outline) && speaksOfBounce(mail));
}

/** Notices come from such names with the null reverse-path; a person's mail may have one of both. */
function hasWeakSign({ traits, outline }: Mail): boolean {
  const hasName = traits.has("from-daemon") || traits.has("from-no-reply");
  if (traits.has("null-reverse-path")) return !hasName && !hasSystemName(outline);
  return hasName || traits.has("subject-bounce");
}

/**
 * A greeting, a question or a farewell. Any words do where the envelope says that it is no report, or where neither they nor
 * the subject speak of a failure: above their notices gateways write warnings, and put "Undeliverable" into the subject.
 */
function speaksAboveBounce(mail: Mail): boolean {
  const above = textAboveBounce(mail);
  if (above === undefined || above.trim() === "") return false;
  if (mail.envelope.reversePath?.kind === "address") return true;
  if (!mail.traits.has("subject-bounce") && readOpeningSigns(above).size === 0) return true;
  const { greets, closes, asks } = readForm(above);
  return greets || closes || asks;
}

function speaksOfBounce(mail: Mail): boolean {
  return mail.traits.has("subject-bounce") || mail.outline.openingSigns().has("failure") || quotesReport(mail);
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
  const more: Trait[] = isLetter(mail) ? ["letter-form"] : [];
  if (outline.parts.some(isAttachedReport)) more.push("attached-report");
  return { kind: "other", ...reportBase(mail, NOTHING_RETURNED, { traits: more }) };
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
 * `Precedence: bulk`). What it says itself is told by its subject ("We received your request"), or short.
 */
function isPassedOnByTicketSystem({ traits, outline }: Mail): boolean {
  if (!hasTicketField(outline.header) || traits.has("ticket-acknowledgement") || traits.has("list-mail")) return false;
  const text = outline.text().trim();
  return text === "" || Buffer.byteLength(text) >= MIN_PASSED_ON_BYTES || readLetterForm(outline).asks;
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

/** What becomes one blank: runs of blanks and marks of a quote, and each of them alone but the blank itself, which most are. */
const QUOTE_BLANKS = /[\s>]{2,}|[^\S ]|>/g;

/** Phrases are found across line ends, and across the marks of a quote. */
function quotesReport(mail: Mail): boolean {
  const text = mail.outline.text().slice(0, MAX_LETTER_CHARS).toLowerCase();
  return hasPhrase(text.replace(QUOTE_BLANKS, " "), QUOTED_BOUNCE);
}
