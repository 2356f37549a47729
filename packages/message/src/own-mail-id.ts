/**
 * Message-IDs of the mail that this service writes, signed, so that it knows its own mail again wherever the id comes
 * back: in a bounce, in an automatic reply, in a loop (RFC 5322 section 3.6.4).
 *
 * `<id.tag@domain>` or `<id.step.tag@domain>`: the id of the message or incident that the mail is about, which mail about it
 * this is, and an HMAC-SHA256 over both and the domain. Nobody without the secret can make one, so that nobody can make a
 * message pass for one about our mail. Who has seen an id can use it again: what that may do is decided where it is
 * recognised (docs/decisions/0018). The same mail always has the same id, so that a repeat is known as one. Pure.
 */
import { createHmac, timingSafeEqual } from "node:crypto";

/** The mail that an id names. */
export interface OwnMail {
  /** Of the message or incident that it is about (UUID, lower case). */
  readonly id: string;
  /** Which mail about it, such as the step of an incident; undefined for the message itself. Lower-case letters, digits and hyphens. */
  readonly step: string | undefined;
  /** Lower case. */
  readonly domain: string;
}

/** LIMIT: 80 bits, what RFC 2104 section 5 asks for at least; hexadecimal, because some mail systems change the case of letters. */
const TAG_HEX_DIGITS = 20;
const TAG_BYTES = TAG_HEX_DIGITS / 2;

/** Linear: parts of fixed length or one class up to a fixed count, set apart by dots. */
const FORM =
  /^<([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?:\.([a-z0-9-]{1,40}))?\.([0-9a-f]{20})@([^\s<>@]{1,255})>$/;

/** LIMIT: longest id of ours in characters; what is longer is not looked at. */
const MAX_CHARS = 36 + 1 + 40 + 1 + TAG_HEX_DIGITS + 1 + 255 + 2;

/**
 * Writes the Message-ID of a mail of ours, with angle brackets.
 *
 * @param secret  The newest; the same on all sites that shall know each other's mail.
 * @throws {TypeError} id, step or domain are none that could be read back: a defect of ours.
 */
export function formatOwnMailId(mail: OwnMail, secret: string): string {
  const { id, step, domain } = { ...mail, domain: mail.domain.toLowerCase() };
  const tag = tagOf({ id, step, domain }, secret).toString("hex");
  const messageId = step === undefined ? `<${id}.${tag}@${domain}>` : `<${id}.${step}.${tag}@${domain}>`;
  if (!FORM.test(messageId)) throw new TypeError(`Not parts of a Message-ID: ${JSON.stringify(mail)}`);
  return messageId;
}

/**
 * Reads a Message-ID as it stands in mail: blanks around it and any case of letters are forgiven.
 *
 * @param secrets  All that are accepted, the newest first.
 * @returns        The mail of ours that it names; undefined for every other id, a made-up one, or one of a secret that is gone.
 */
export function readOwnMailId(messageId: string, secrets: readonly string[]): OwnMail | undefined {
  if (messageId.length > MAX_CHARS * 2) return undefined;
  const [, id, step, tag, domain] = FORM.exec(messageId.trim().toLowerCase()) ?? [];
  if (id === undefined || tag === undefined || domain === undefined) return undefined;
  const mail: OwnMail = { id, step, domain };
  const given = Buffer.from(tag, "hex");
  return secrets.some((secret) => timingSafeEqual(given, tagOf(mail, secret))) ? mail : undefined;
}

/** No part can hold a line feed, so that no two mails give the same text. */
function tagOf({ id, step, domain }: OwnMail, secret: string): Buffer {
  const text = `own-mail\n${id}\n${step ?? ""}\n${domain}`;
  return createHmac("sha256", secret).update(text).digest().subarray(0, TAG_BYTES);
}
