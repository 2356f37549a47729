/** The Message-IDs of what we send: signed, so that our mail is known again when it comes back (@triage/message). */
import { formatOwnMailId } from "@triage/message";

/**
 * The Message-ID, with angle brackets, of the mail about a message or incident; the same for every repeat.
 *
 * @param step  Which mail about it, such as the step of an incident; left out for the message itself.
 */
export type MailIds = (id: string, step?: string) => string;

/** @param from  Header From of our mail, whose domain they end in. */
export function openMailIds(from: string, secret: string): MailIds {
  const domain = domainOf(from);
  return (id, step) => formatOwnMailId({ id: id.toLowerCase(), step, domain }, secret);
}

function domainOf(address: string): string {
  const domain = address.slice(address.lastIndexOf("@") + 1).replace(/[>\s]/g, "");
  return domain === "" ? "localhost" : domain;
}
