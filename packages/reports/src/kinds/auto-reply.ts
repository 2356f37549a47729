/**
 * Automatic responses of people's mailboxes and of ticket systems (RFC 3834), with its fields and without.
 *
 * Most in the wild come without: vacation programs older than the RFC, and Exchange, which has fields of its own. Phrases
 * decide there, always beside a second sign, because a person may write "I am on holiday" too.
 */
import { type Mail, reportBase } from "../mail.ts";
import { AUTO_REPLY_STARTS } from "../phrases/auto-reply.ts";
import { hasReplyPrefix } from "../phrases/subject-prefixes.ts";
import type { PlainReport } from "../report.ts";
import { findReturned } from "../returned/find-returned.ts";
import { isAutoReplied, isDaemon } from "../traits.ts";
import { readLetterForm } from "./letter-form.ts";

export function readAutoReply(mail: Mail): PlainReport | undefined {
  return isAutoReply(mail) ? { kind: "auto-reply", ...reportBase(mail, findReturned(mail)) } : undefined;
}

function isAutoReply(mail: Mail): boolean {
  const { traits, outline } = mail;
  if (traits.has("list-mail") || traits.has("cron")) return false;
  // A DSN whose text nobody knows is no vacation notice, even if its MTA marks it as an automatic reply.
  if (isDaemon(outline) || (traits.has("from-daemon") && traits.has("subject-bounce"))) return false;
  if (isAutoReplied(outline.header)) return true;
  if (traits.has("contact-form")) return false;
  if (traits.has("ticket-acknowledgement")) return true;
  if (traits.has("subject-auto-reply")) return isBorneOut(mail);
  if (traits.has("bulk-headers") || traits.has("subject-bounce") || traits.has("from-daemon")) return false;
  const hasNullPath = traits.has("null-reverse-path");
  const isBulk = traits.has("precedence-bulk");
  // RFC 3834 section 3.3 asks responders for the null reverse-path. Alone it proves none: some forwarders and forms set it, too.
  if (hasNullPath && isBulk && !traits.has("from-no-reply")) return true;
  if (isBulk || traits.has("auto-submitted")) return saysAutoReply(mail);
  return hasNullPath && saysAutoReply(mail) && !readLetterForm(outline).asks;
}

/**
 * The subject of an automatic reply, and one sign more. People write "Out of office" above a question about their own, and
 * answer the automatic replies of others under the same subject.
 */
function isBorneOut(mail: Mail): boolean {
  const { traits, outline } = mail;
  if (traits.has("null-reverse-path") || traits.has("auto-submitted") || traits.has("precedence-bulk")) return true;
  if (traits.has("from-no-reply") || outline.header.has("x-auto-response-suppress")) return true;
  // A responder names what it answers (RFC 3834 section 3.1.5) under its own subject; a person's program puts "Re:" before it.
  if (outline.header.has("in-reply-to") && !hasReplyPrefix(outline.lowerSubject)) return true;
  return isWholeSubject(outline.lowerSubject) && saysAutoReply(mail) && !readLetterForm(outline).asks;
}

/** "Out of office", or "Out of office: Your order", as responders write; people go on ("Out of office messages on our list"). */
function isWholeSubject(lowerSubject: string): boolean {
  return lowerSubject.includes(":") || lowerSubject.includes("：") || AUTO_REPLY_STARTS.includes(lowerSubject.trim());
}

function saysAutoReply({ outline }: Mail): boolean {
  return outline.openingSigns().has("auto-reply");
}
