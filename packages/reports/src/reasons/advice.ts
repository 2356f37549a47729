/** What the human can do about each reason: one or two sentences, concrete. */
import type { DsnReason } from "./reason.ts";
import { AFTER_STATUS, BEFORE_STATUS } from "./rules/index.ts";

const ADVICE: Readonly<Record<DsnReason, string>> = {
  "auth-failure":
    "The receiver could not authenticate your mail. Check that SPF lists the sending IP address, that DKIM signs with the header From's domain, and what your DMARC record asks for.",
  "bad-reputation":
    "Your IP address or domain has a poor reputation with this receiver. Look for a compromised account or an old list, send less, and ask the receiver's postmaster for a review.",
  blocked:
    "Your IP address or host name is blocked. The diagnostic names the list or the page: look your address up there and ask for removal once the cause is gone.",
  "content-error":
    "The receiver's software cannot take the form of this message. Check the program that made it: line lengths, header sizes, character sets.",
  delivered: "The message was delivered. There is nothing to do.",
  "exceed-limit": "The message is larger than this recipient may receive. Send it smaller, or as a link.",
  expired:
    "Delivery was tried until the time was up. Check that the recipient's domain has a working mail server, and that port 25 to it is open from your relay.",
  "failed-starttls":
    "TLS was required and failed. Check the certificates and TLS versions on both sides, and the domain's MTA-STS and DANE records.",
  feedback: "A recipient marked the message as spam. Take the address off the list, and look at why.",
  filtered: "The recipient's own settings refused the message. Ask the recipient, by another way, to allow the sender.",
  "has-moved": "The mailbox has moved. Find out the new address, and correct it in your lists.",
  "host-unknown":
    "The recipient's domain does not exist or has no mail server. Check the spelling, then take the address off your lists.",
  "mailbox-full": "The recipient's mailbox is full. Try again in a few days, or reach the recipient by another way.",
  "mailer-error":
    "The program that delivers on the receiving host failed. If the host is yours, see its mail log; else tell its postmaster.",
  "message-too-big": "The message is larger than the server accepts. Send it smaller, or as a link.",
  "network-error":
    "The receiving host could not be reached, or the mail went in a circle. Check DNS, routing and forwarding rules; if both ends are yours, look for a loop.",
  "no-relaying":
    "The server does not accept mail for this domain from you. Check that the domain's MX points to the right host, or that your client authenticates at your own relay.",
  "not-accept": "The receiving domain or host accepts no mail (for instance a null MX). Use another address.",
  "not-compliant-rfc":
    "The message breaks RFC 5321 or 5322, for instance two Subject fields or several authors in From. Mend the program that made it.",
  "on-hold": "The receiver's words are not known to this service. Read the diagnostic; it may need a new rule.",
  "policy-violation":
    "A rule of the receiving organisation refused the message. Check attachments and links, or ask its postmaster for the rule.",
  "rate-limited":
    "Too many messages in too short a time. Slow down towards this receiver; what is queued goes out later.",
  rejected:
    "The sender's address or domain was refused. Check that the domain resolves, that the address exists, and whether the recipient or list accepts it.",
  "require-ptr":
    "The sending IP address has no matching reverse DNS. Set a PTR record that names your mail host, and an A or AAAA record back.",
  "security-error":
    "The server wanted authentication or authorisation that it did not get. Check the credentials and the relay permissions of the sending host.",
  "spam-detected":
    "The message was taken for spam. Look at its content, links and sending account; ask the receiver's postmaster if it is genuine.",
  suppressed:
    "Your sending service did not try: the address is on its suppression list. Remove it there if the mailbox works again.",
  suspend:
    "The recipient's account is disabled. Reach the recipient by another way, and pause the address in your lists.",
  "syntax-error":
    "The SMTP session or an address broke the protocol. Check the spelling of the address, then the log of the sending host.",
  "system-error": "The receiving system had an error of its own. Try again later; if it lasts, tell its postmaster.",
  "system-full": "The receiving system is out of storage. Try again later; if it lasts, tell its postmaster.",
  "too-many-conn": "Too many connections or recipients at once. Lower the concurrency towards this receiver.",
  undefined: "The report gives no reason. See the log of the reporting host under the queue id.",
  "user-unknown": "The mailbox does not exist. Check the spelling, then take the address off your lists.",
  vacation: "The recipient is away. There is nothing to do.",
  "virus-detected": "The receiver found a virus. Check the message and the machine that sent it.",
};

const ADVICE_OF_RULE: ReadonlyMap<string, string> = new Map(
  [...BEFORE_STATUS, ...AFTER_STATUS].flatMap((rule) => (rule.advice ? [[rule.id, rule.advice] as const] : [])),
);

/**
 * What a person can do about it.
 *
 * @param rule  `reasonRule` of the recipient: where the rule knows the very page to go to, its advice follows.
 */
export function adviceFor(reason: DsnReason, rule?: string): string {
  const special = rule === undefined ? undefined : ADVICE_OF_RULE.get(rule);
  return special ? `${ADVICE[reason]} ${special}` : ADVICE[reason];
}
