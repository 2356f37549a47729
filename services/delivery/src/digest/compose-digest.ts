/**
 * Builds the mail of a digest: text and HTML that say the same (multipart/alternative, RFC 2046 section 5.1.4).
 *
 * The same digest always gives the same bytes, links too: they begin to run out when it was made. It belongs to no thread.
 */
import { createHash } from "node:crypto";
import MailComposer from "nodemailer/lib/mail-composer";
import { LOOP_FIELD } from "../compose/loop-guard.ts";
import type { MailIds } from "../compose/mail-ids.ts";
import type { OutboundMail } from "../compose/outbound-mail.ts";
import { formatDigestHtml } from "./digest-html.ts";
import { type DigestInput, describeDigest } from "./digest-page.ts";
import { formatDigestText } from "./digest-text.ts";

export interface ComposeDigestInput extends DigestInput {
  readonly id: string;
  /** Header From: an address of this site, from the configuration. */
  readonly from: string;
  /** Header To: the human, from the configuration; at least one. */
  readonly to: readonly string[];
  readonly lineEnd: "crlf" | "lf";
  readonly mailIds: MailIds;
}

export async function composeDigest(input: ComposeDigestInput): Promise<OutboundMail> {
  const { id, from, to, at, since, until, facts, lineEnd, mailIds } = input;
  const page = describeDigest(input);
  const text = formatDigestText(page);
  const html = formatDigestHtml(page);
  const messageId = mailIds(id, "digest");
  const mail = new MailComposer({
    from,
    to: [...to],
    subject: page.subject,
    date: at,
    messageId,
    headers: {
      // RFC 3834 section 5: no automatic system may answer this mail.
      "Auto-Submitted": "auto-generated",
      "X-Triage-Digest": id,
      [LOOP_FIELD]: id,
    },
    text,
    html,
    boundaryPrefix: "triage",
    baseBoundary: createHash("sha256").update(id).update(html).digest("hex").slice(0, 32),
    newline: lineEnd === "crlf" ? "win" : "linux",
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const raw = await mail.compile().build();
  const topic = { kind: "digest", since, until, at, facts } as const;
  return { id, messageId, raw, eightBit: false, subject: page.subject, text, topic };
}
