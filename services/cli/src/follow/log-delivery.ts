/**
 * What counts as sent by us, for every MTA: a delivery that a report can come for.
 *
 * - What **left** for another host by SMTP, accepted there: its host may report later. Hosts on the loopback interface
 *   and sockets are filters and mailboxes of this machine; what comes back from them is logged once more.
 * - What **did not leave** (bounced, deferred, expired), by whatever transport: our own server will report on that
 *   itself, and that report is genuine. What has a null reverse-path, nobody reports on.
 *
 * What was delivered into a mailbox here is neither. Mail from a foreign sender to one of our own domains (a gateway that
 * hands mail on to the inside) is not ours either, where the site's domains are known; forwarded mail is.
 */
import type { SentLine } from "@triage/contracts";
import { MAX_SENT_KEY_CHARS } from "@triage/contracts";
import type { OpenMessage } from "./open-messages.ts";

export interface LogDelivery {
  readonly queueId: string;
  /** Accepted by another host; false: bounced, deferred, expired. */
  readonly left: boolean;
  readonly timeMs: number;
  /** Final and original address, as logged. */
  readonly recipients: readonly string[];
  readonly message: OpenMessage | undefined;
}

/** Says whether a domain (lower-cased) is one of the site's own. */
export type IsOwnDomain = (domain: string) => boolean;

/** @returns undefined when the delivery is none that we want to remember. */
export function sentLineOf(delivery: LogDelivery, isOwn: IsOwnDomain | undefined): SentLine | undefined {
  // Nothing is reported about a report (RFC 5321 section 6.1).
  if (!delivery.left && delivery.message?.senderDomain === "") return undefined;
  const recipients = delivery.recipients.map(readUtf8).filter(isKey);
  const { messageId, senderDomain } = delivery.message ?? {};
  if (isOwn !== undefined && senderDomain !== undefined && !isOwn(senderDomain)) {
    if (recipients.some((address) => isOwn(domainOf(address)))) return undefined;
  }
  const id = messageId === undefined ? undefined : readUtf8(messageId);
  return {
    ...(id !== undefined && isKey(id) && { messageId: id }),
    queueId: delivery.queueId,
    ...(recipients.length > 0 && { recipients: [...new Set(recipients)] }),
    at: new Date(delivery.timeMs).toISOString(),
  };
}

/** @param relay What the MTA calls the next host: `[192.0.2.1]` or `[::1]` somewhere in it, or a socket's path. */
export function isElsewhere(relay: string): boolean {
  const open = relay.lastIndexOf("[");
  const close = relay.indexOf("]", open);
  if (open < 0 || close < 0) return false;
  const address = relay.slice(open + 1, close).toLowerCase();
  const ip = address.startsWith("ipv6:") ? address.slice(5) : address;
  return !(ip.startsWith("127.") || ip === "::1" || ip.startsWith("::ffff:127.") || ip.includes("/"));
}

/** Lower-cased; "" where there is none. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1 || address.length).toLowerCase();
}

function isKey(text: string): boolean {
  return text !== "" && text.length <= MAX_SENT_KEY_CHARS;
}

/** Lines are read byte by byte (latin1), so that a place in the text is a place in the file; names may be UTF-8. */
function readUtf8(text: string): string {
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) > 0x7f) return Buffer.from(text, "latin1").toString("utf8");
  }
  return text;
}
