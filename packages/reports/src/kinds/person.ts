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
import { isDaemon } from "../traits.ts";
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
  if (!traits.has("reply-or-forward")) return undefined;
  const isMachine =
    traits.has("null-reverse-path") ||
    traits.has("auto-submitted") ||
    traits.has("from-no-reply") ||
    traits.has("list-mail") ||
    traits.has("precedence-bulk") ||
    traits.has("subject-auto-reply") ||
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
    isDaemon(outline);
  return isMachine ? { kind: "other", ...reportBase(mail, NOTHING_RETURNED) } : person(mail);
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

function quotesReport(mail: Mail): boolean {
  const text = mail.outline.text();
  return hasPhrase(text.slice(0, MAX_LETTER_CHARS).toLowerCase(), QUOTED_BOUNCE);
}
