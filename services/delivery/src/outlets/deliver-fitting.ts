/**
 * Hands a mail over; where the server finds it too large, once more with less of the original. A mail that is too large
 * today is too large tomorrow: a retry would not help, and a dead letter would hide what somebody has to know.
 */
import type { OutboundMail } from "../compose/outbound-mail.ts";
import type { Outlet, OutletResult } from "./outlet.ts";

/**
 * Refusals that less of the original may avoid: 552 (RFC 5321 section 4.2.3; also said of a full mailbox, and of attachments
 * that a filter dislikes), 5.3.4 and 5.2.3 (RFC 3463), nodemailer's own, of a server that announced its SIZE (RFC 1870), and
 * 413 of a webhook (RFC 9110 section 15.5.14).
 */
const TOO_LARGE = /(?:^|\D)552(?:\D|$)|\b5\.3\.4\b|\b5\.2\.3\b|size larger than allowed|^HTTP 413\b/i;

/** @returns One result for each recipient, the last one that there was. */
export async function deliverFitting(
  outlet: Outlet,
  mail: OutboundMail,
  recipients: readonly string[],
): Promise<readonly OutletResult[]> {
  const results = await outlet.deliver(mail, recipients);
  const refused = results.filter(({ outcome, detail }) => outcome === "failed" && TOO_LARGE.test(detail));
  if (mail.smaller === undefined || refused.length === 0) return results;
  const again = await outlet.deliver(
    await mail.smaller(),
    refused.map(({ recipient }) => recipient),
  );
  return results.map((result) => again.find(({ recipient }) => recipient === result.recipient) ?? result);
}
