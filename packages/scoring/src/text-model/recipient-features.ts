/**
 * How a message speaks of the mailbox that it was sent to: phishing is made for thousands of them by a program that puts each
 * address into its name, subject and links, and poses as the site's own staff. Pure.
 */
import type { Address, Mailbox } from "@triage/message";
import type { MessageText } from "./message-text.ts";

/** What a display name calls itself to be obeyed. Letters are signed so, too: training weighs it. */
const OFFICE =
  /postmaster|mailer|administrat|admin\b|support|help ?desk|service|security|webmail|no-?reply|notif|system/i;

/** LIMIT: what stands further behind a scheme belongs to no link that a person would follow. UTF-16 units. */
const MAX_LINK_CHARS = 400;

/** LIMIT: of each text so many mentions are looked at. */
const MAX_MENTIONS = 20;

/** Whether that place is part of a link: a "://" before it, and nothing between that ends a link. */
function isInsideLink(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - MAX_LINK_CHARS), at);
  const scheme = before.lastIndexOf("://");
  return scheme >= 0 && !/[\s"'<>]/.test(before.slice(scheme));
}

function mentionsInLink(text: string, mention: string): boolean {
  let at = text.indexOf(mention);
  for (let count = 0; at >= 0 && count < MAX_MENTIONS; count++) {
    if (isInsideLink(text, at)) return true;
    at = text.indexOf(mention, at + mention.length);
  }
  return false;
}

/** As the address is spelt in To: a program that fills it in spells it everywhere alike. */
function* mentionFeatures({ localPart, domain }: Address, { subject, body, html }: MessageText): Iterable<string> {
  const address = `${localPart}@${domain}`;
  if (subject.includes(address)) yield "f:subject-names-recipient";
  if (body.includes(address)) yield "f:text-names-recipient";
  const spellings = [address, `${localPart}%40${domain}`];
  if (spellings.some((spelling) => mentionsInLink(body, spelling) || mentionsInLink(html, spelling))) {
    yield "f:link-names-recipient";
  }
}

function* senderFeatures({ name: written, address }: Mailbox, to: Address): Iterable<string> {
  const name = written.toLowerCase();
  const ours = to.domain.toLowerCase();
  const isOurs = address.domain.toLowerCase() === ours;
  if (isOurs) yield "f:from-our-domain";
  else if (ours !== "" && name.includes(ours)) yield "f:name-is-our-domain";
  else if (name.includes("@")) yield "f:name-is-address";
  if (OFFICE.test(name)) yield isOurs ? "f:name-of-our-office" : "f:name-of-office";
}

/**
 * @param from  The first of From, where there is one.
 * @param to    The first of To.
 * @returns     Each token at most once.
 */
export function recipientFeatures(from: Mailbox | undefined, to: Address, text: MessageText): string[] {
  return [...(from === undefined ? [] : senderFeatures(from, to)), ...mentionFeatures(to, text)];
}
