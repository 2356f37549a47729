/**
 * Which mail of this service a report is about: the Message-ID that comes back is one that we signed.
 *
 * A bounce returns it (whole, as header fields, or inline; of a mail that was only passed on, in Resent-Message-ID), an
 * automatic reply answers it (In-Reply-To, else the last of References: RFC 3834 section 3.1.5). A DSN that returns nothing may
 * name the ENVID that we gave the mail, which is the same id (RFC 3464 section 2.2.1). What a returned message refers to
 * does not count: a bounce of a letter that answers our mail is about the letter.
 */
import type { OwnMail } from "@triage/message";
import type { Report } from "@triage/reports";
import type { OwnMailPort } from "../ports.ts";

/** LIMIT: who resends puts new Resent- fields on top (RFC 5322 section 3.6.6); ours are not far below. */
const MAX_RESENT = 5;

export function findOwnMail(report: Report, read: OwnMailPort): OwnMail | undefined {
  for (const messageId of returnedIds(report)) {
    const mail = read(messageId);
    if (mail !== undefined) return mail;
  }
  return undefined;
}

/** Whoever passes a letter on may keep its ENVID: it counts where nothing else names the mail. */
function envelopeIds(report: Report): readonly string[] {
  return report.kind === "dsn" && report.envelopeId !== undefined ? [`<${report.envelopeId.trim()}>`] : [];
}

function returnedIds(report: Report): readonly string[] {
  const { headers, messageId } = report.returned;
  const resent = headers?.all("resent-message-id").slice(0, MAX_RESENT) ?? [];
  const ids = resent.map(({ rawValue }) => rawValue.trim());
  if (messageId !== undefined) return [...ids, messageId];
  if (report.kind === "mdn" && report.originalMessageId !== undefined) return [...ids, report.originalMessageId];
  return report.answersMessageId === undefined
    ? [...ids, ...envelopeIds(report)]
    : [...ids, report.answersMessageId, ...envelopeIds(report)];
}
