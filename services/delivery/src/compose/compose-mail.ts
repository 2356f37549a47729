/**
 * Builds the mail that the human gets: a summary on top, the original attached.
 *
 * It is always a new message. The original is never sent on under its own header: our copy would fail its DMARC, carry
 * its tricks into the human's mail program, and an answer would go to whoever forged it. The same message id always
 * gives the same bytes (Date, Message-ID and boundary too), so that a repeated delivery is recognised as one.
 */
import { createHash } from "node:crypto";
import type { Classification } from "@triage/contracts";
import { readMessage } from "@triage/message";
import MailComposer, { type MailComposerAttachment } from "nodemailer/lib/mail-composer";
import { LOOP_FIELD, loopIdsOf } from "../loop-guard.ts";
import { previewLetter } from "./letter-preview.ts";
import { chooseOriginalPart } from "./original-part.ts";
import type { OutboundMail } from "./outbound-mail.ts";
import { formatSubject } from "./subject.ts";
import { formatSummary } from "./summary.ts";

const ATTACHMENT_NAME = "original.eml";

export interface ComposeInput {
  /** Id of the message (UUIDv7). */
  readonly id: string;
  readonly raw: Buffer;
  /** When the service took it in; becomes the Date of the mail. */
  readonly receivedAt: Date;
  readonly classification: Classification;
  /** Header From: an address of this site, from the configuration. */
  readonly from: string;
  /** Header To: the humans, from the configuration; at least one. */
  readonly to: readonly string[];
  /** What the outlet wants: `crlf` for SMTP (RFC 5321 section 2.3.8), `lf` for files. */
  readonly lineEnd: "crlf" | "lf";
}

export async function composeMail(input: ComposeInput): Promise<OutboundMail> {
  const { id, raw, classification, receivedAt } = input;
  const { headers } = readMessage(raw).root;
  const original = chooseOriginalPart(raw, headers.fields.length > 0);
  const outer = { from: headers.text("from"), to: headers.text("to"), subject: headers.text("subject") };
  const preview = classification.report.kind === "person" ? await previewLetter(raw) : undefined;
  const text = formatSummary({
    ...outer,
    id,
    receivedAt,
    classification,
    preview,
    attachmentName: ATTACHMENT_NAME,
  });
  const messageId = `<${id}@${domainOf(input.from)}>`;
  const attachment: MailComposerAttachment = {
    filename: ATTACHMENT_NAME,
    contentType: original.contentType,
    contentTransferEncoding: original.encoding,
    // Inline would show a stranger's HTML right below our own words.
    contentDisposition: "attachment",
    content: raw,
  };
  const subject = formatSubject(classification, outer);
  const mail = new MailComposer({
    from: input.from,
    to: [...input.to],
    subject,
    date: receivedAt,
    messageId,
    headers: triageFields(id, classification, loopIdsOf(headers)),
    // nodemailer would write X-Triage-ID.
    normalizeHeaderKey: (name) => (name === "X-Triage-ID" ? "X-Triage-Id" : name),
    text,
    attachments: [attachment],
    ...boundaryFor(id, raw),
    newline: input.lineEnd === "crlf" ? "win" : "linux",
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    id,
    messageId,
    raw: await mail.compile().build(),
    eightBit: original.encoding === "8bit",
    subject,
    text,
    topic: { kind: "message", classification, receivedAt },
  };
}

/** Ids, numbers and UUIDs only: nothing in these fields can come from a stranger. */
function triageFields(id: string, classification: Classification, earlierIds: readonly string[]) {
  return {
    // RFC 3834 section 5: no automatic system may answer this mail.
    "Auto-Submitted": "auto-generated",
    "X-Triage-Id": id,
    "X-Triage-Verdict": classification.verdict,
    "X-Triage-Score": classification.score.toFixed(3),
    "X-Triage-Route": classification.route,
    [LOOP_FIELD]: [...earlierIds, id],
  };
}

/**
 * The same for every repeat, and not to be guessed by the author of the original: it depends on every byte of it and
 * on an id that was given later.
 */
function boundaryFor(id: string, raw: Buffer): { readonly boundaryPrefix: string; readonly baseBoundary: string } {
  const hash = createHash("sha256").update(id).update(raw).digest("hex");
  return { boundaryPrefix: "triage", baseBoundary: hash.slice(0, 32) };
}

function domainOf(address: string): string {
  const domain = address.slice(address.lastIndexOf("@") + 1).replace(/[>\s]/g, "");
  return domain === "" ? "localhost" : domain;
}
