/**
 * Builds the mail that tells the human of a step of an incident.
 *
 * The same notice always gives the same bytes, and its Message-ID is made from incident and step: a repeated delivery is
 * recognised as one. All later steps refer to the first (References), so that mail programs show one thread; those of
 * failures to the mail about the message that opened the incident.
 */
import type { Notice } from "@triage/store";
import MailComposer from "nodemailer/lib/mail-composer";
import { LOOP_FIELD } from "../compose/loop-guard.ts";
import type { MailIds } from "../compose/mail-ids.ts";
import type { OutboundMail } from "../compose/outbound-mail.ts";
import type { Reach } from "./flood-text.ts";
import { formatNotice } from "./notice-text.ts";

export interface ComposeNoticeInput {
  readonly notice: Notice;
  /** Header From: an address of this site, from the configuration. */
  readonly from: string;
  /** Header To: the humans, from the configuration; at least one. */
  readonly to: readonly string[];
  readonly mailIds: MailIds;
  readonly reach?: Reach;
  readonly lineEnd: "crlf" | "lf";
}

export async function composeNotice(input: ComposeNoticeInput): Promise<OutboundMail> {
  const { notice, from, to, mailIds, reach, lineEnd } = input;
  const { id, incidentId, kind, step, at } = notice;
  const messageId = mailIds(incidentId, step);
  const first = notice.kind === "failure" ? mailIds(notice.facts.openerId) : mailIds(incidentId, "begin");
  const { subject, text } = formatNotice(notice, reach);
  const mail = new MailComposer({
    from,
    to: [...to],
    subject,
    date: at,
    messageId,
    ...(first !== messageId && { inReplyTo: first, references: [first] }),
    headers: {
      // RFC 3834 section 5: no automatic system may answer this mail.
      "Auto-Submitted": "auto-generated",
      "X-Triage-Incident": incidentId,
      "X-Triage-Notice": `${kind}; ${step}`,
      [LOOP_FIELD]: id,
    },
    text,
    newline: lineEnd === "crlf" ? "win" : "linux",
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const raw = await mail.compile().build();
  return { id, messageId, raw, eightBit: false, subject, text, topic: { kind: "notice", notice } };
}
