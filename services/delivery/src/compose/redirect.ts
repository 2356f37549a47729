/**
 * The original itself, resent to the human (RFC 5322 section 3.6.6): our fields stand on top of its header, and of its own
 * bytes none changes but the line ends, which are the transport's.
 *
 * Its DKIM signature stays valid; its From is a stranger's, so that the human's server must not hold our SPF or DMARC against
 * it. An answer goes to whoever the original says: a human who does not want that takes `summary`.
 */
import type { Message } from "@triage/message";
import { chooseOriginalPart } from "./original-part.ts";

export interface ResentFields {
  readonly from: string;
  readonly to: readonly string[];
  readonly date: Date;
  /** With angle brackets. */
  readonly messageId: string;
  /** Our own fields, in order. */
  readonly triage: readonly (readonly [name: string, value: string])[];
}

/** @returns Why this message cannot travel under fields of ours; undefined where it can. Completes "It is attached: ...". */
export function findResendObstacle({ raw, root }: Message): string | undefined {
  if (root.headers.fields.length === 0) return "it has no header";
  if (root.headerRange.start !== 0) return "something else stands above its header";
  if (chooseOriginalPart(raw, true).kind === "file") return "mail cannot carry all of its bytes as they are";
  return undefined;
}

/** @param lineEnd  Of the outlet. */
export function resend(raw: Buffer, fields: ResentFields, lineEnd: "\r\n" | "\n"): Buffer {
  const header = [
    ...fields.triage,
    // RFC 5322 section 3.6.6: each set of Resent- fields is a block of its own, above those of earlier ones.
    ["Resent-Date", formatDate(fields.date)],
    ["Resent-From", plainMailbox(fields.from)],
    ["Resent-To", fields.to.map(plainMailbox).join(`,${lineEnd} `)],
    ["Resent-Message-ID", fields.messageId],
  ];
  const lines = header.map(([name, value]) => `${name}: ${value}${lineEnd}`).join("");
  return Buffer.concat([Buffer.from(lines), withLineEnds(raw, lineEnd)]);
}

/** A display name that would have to be encoded is left out: the address is what counts. */
function plainMailbox(mailbox: string): string {
  const open = mailbox.lastIndexOf("<");
  const isPlain = /^[\x20-\x7e]*$/.test(mailbox);
  return isPlain || open === -1 ? mailbox : mailbox.slice(open);
}

/** `Sun, 22 Nov 2026 09:00:00 +0000` (RFC 5322 section 3.3). */
function formatDate(date: Date): string {
  return date.toUTCString().replace(/GMT$/, "+0000");
}

/** LF and CRLF are one line end; what has a bare CR is not resent. */
function withLineEnds(raw: Buffer, lineEnd: "\r\n" | "\n"): Buffer {
  const lines = raw.toString("latin1").replaceAll("\r\n", "\n");
  return Buffer.from(lineEnd === "\n" ? lines : lines.replaceAll("\n", "\r\n"), "latin1");
}
