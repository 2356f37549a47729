/** Signs in the header that a mail system wrote: asked for before any text is read as a bounce, because people quote bounces. */
import type { Mail } from "../mail.ts";
import type { Outline } from "../outline.ts";

/** Names that MTAs, gateways and list software give the mailboxes they write from. */
const SYSTEM_SENDER =
  /daemon|mailer|smtp|gateway|virus|(?:^|\W)ndr@|bounce|notif|mail.?service|imss|delivery|system|(?:^|\W)mta|listserv|majordomo|-(?:admin|owner|request)@/;

/** The reverse-path, the sender or a field of its own says so. */
export function isFromMailSystem(mail: Mail): boolean {
  const { traits, outline } = mail;
  if (traits.has("null-reverse-path") || traits.has("from-daemon")) return true;
  return outline.header.has("x-failed-recipients") || isStatusReport(outline);
}

/** True for names that no person has, whatever the header says. */
export function hasSystemName(outline: Outline): boolean {
  return SYSTEM_SENDER.test(outline.from);
}

/** A report whose machine-readable part is lost: stripped on the way, or never written. */
export function isStatusReport(outline: Outline): boolean {
  const root = outline.parts[0]?.contentType;
  return root?.value === "multipart/report" && root.parameters.get("report-type")?.toLowerCase() === "delivery-status";
}

/**
 * Weaker: a machine wrote it, by the name that it has or the fields that it wrote. Newsletters are machines too, so what has
 * their fields must at least come from nobody, as the notices of Amazon SNS do.
 */
export function mayBeMailSystem(mail: Mail): boolean {
  const { traits, outline } = mail;
  if (traits.has("contact-form")) return false;
  if (traits.has("from-no-reply")) return true;
  return !traits.has("bulk-headers") && (traits.has("auto-submitted") || hasSystemName(outline));
}
