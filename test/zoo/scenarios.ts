/**
 * The ways in which an MTA of the zoo is made to report, as data: to whom a message goes, what the remote server answers
 * there, and what a reader must find in the report. The wording of the answers is that of real receivers.
 *
 * A scenario's number names its sample (`NN.eml`) and stays for good; a second report of the same scenario is `NN-2.eml`.
 */
import type { RemoteScript } from "./remote-server.ts";

/** What the report must say of one recipient; what is left out differs from MTA to MTA and is only printed. */
export interface ExpectedRecipient {
  readonly address: string;
  readonly status?: string;
  readonly replyCode?: string;
  readonly reason?: string;
}

/** Where a domain's mail goes: to a server with this script, or to what is wrong with its DNS or its host. */
export type Destination =
  | { readonly kind: "server"; readonly script: RemoteScript }
  | { readonly kind: "no-domain" | "null-mx" | "ourselves" | "dns-failure" | "refused-connection" };

export interface Scenario {
  readonly number: number;
  readonly id: string;
  readonly destinations: Readonly<Record<string, Destination>>;
  readonly recipients: readonly string[];
  /** Every recipient that a report of the scenario may name; nothing where that depends on which one comes first. */
  readonly expected?: readonly ExpectedRecipient[];
  /** RFC 3461: parameters of MAIL and of each RCPT. Nothing: the MTA's default. */
  readonly mailParameters?: string;
  readonly recipientParameters?: string;
  /** Given to the `sendmail` command, because the MTA would refuse it over SMTP. */
  readonly local?: boolean;
  /** The reverse-path; default: one of `example.com` that names the scenario. */
  readonly sender?: string;
  /** Where the first report of this kind goes: the MTA's own postmaster. Only for MTAs that tell their postmaster. */
  readonly postmaster?: string;
  /** More bytes or trace fields than the message has otherwise. */
  readonly bodyBytes?: number;
  readonly hops?: number;
}

const server = (script: RemoteScript): Destination => ({ kind: "server", script });

/** Gmail, to an unknown mailbox. */
const GMAIL_UNKNOWN = [
  "550-5.1.1 The email account that you tried to reach does not exist. Please try",
  "550-5.1.1 double-checking the recipient's email address for typos or",
  "550-5.1.1 unnecessary spaces. For more information, go to",
  "550 5.1.1  https://support.google.com/mail/?p=NoSuchUser d75a77b69052e-4ee48d3c9aesi51830421cf.1039 - gsmtp",
].join("\r\n");
/** Gmail, to a mailbox over its quota. */
const GMAIL_FULL = [
  "552-5.2.2 The recipient's inbox is out of storage space and inactive. Please",
  "552-5.2.2 direct the recipient to",
  "552 5.2.2  https://support.google.com/mail/?p=OverQuotaPerm 5b1f17b1804b1-4778bc7f1a2si5231745e9.178 - gsmtp",
].join("\r\n");
/** Microsoft 365, to a client on a block list. */
const MICROSOFT_BLOCKED =
  "550 5.7.1 Service unavailable, Client host [198.51.100.10] blocked using Spamhaus. To request removal from this list see https://www.spamhaus.org/query/ip/198.51.100.10 AS(1450) [DB5EUR03FT012.eop-EUR03.prod.protection.outlook.com]";
/** Gmail, to unauthenticated mail under p=reject. */
const GMAIL_DMARC = [
  "550-5.7.26 Unauthenticated email from example.com is not accepted due to",
  "550-5.7.26 domain's DMARC policy. Please contact the administrator of",
  "550-5.7.26 example.com domain if this was a legitimate mail. To learn about the",
  "550-5.7.26 DMARC initiative, go to",
  "550 5.7.26  https://support.google.com/mail/?p=DmarcRejection ffacd0b85a97d-42cb7fb92f1si2716372f8f.563 - gsmtp",
].join("\r\n");
/** GMX, which has no enhanced status codes. */
const GMX_POLICY = [
  "554-Transaction failed",
  "554-Reject due to policy restrictions.",
  "554 For explanation visit https://postmaster.gmx.net/en/error-messages?ip=198.51.100.10&c=hi",
].join("\r\n");
const GREYLISTED = "451 4.7.1 <kim@greylist.example.net>: Recipient address rejected: Greylisted for 300 seconds";
const UNKNOWN_UTF8 =
  "550 5.1.1 <jörg@utf8.example.net>: Recipient address rejected: User unknown in virtual mailbox table";

export const SCENARIOS: readonly Scenario[] = [
  {
    number: 51,
    id: "user-unknown",
    recipients: ["joe@users.example.net"],
    destinations: { "users.example.net": server({ rcpt: { "joe@users.example.net": GMAIL_UNKNOWN } }) },
    expected: [{ address: "joe@users.example.net", status: "5.1.1", replyCode: "550", reason: "user-unknown" }],
  },
  {
    number: 52,
    id: "mailbox-full",
    recipients: ["sue@full.example.net"],
    destinations: { "full.example.net": server({ rcpt: { "sue@full.example.net": GMAIL_FULL } }) },
    expected: [{ address: "sue@full.example.net", status: "5.2.2", replyCode: "552", reason: "mailbox-full" }],
  },
  {
    number: 53,
    id: "policy",
    recipients: ["joe@blocked.example.net"],
    destinations: { "blocked.example.net": server({ rcpt: { "joe@blocked.example.net": MICROSOFT_BLOCKED } }) },
    expected: [{ address: "joe@blocked.example.net", status: "5.7.1", replyCode: "550", reason: "blocked" }],
  },
  {
    number: 54,
    id: "dmarc-after-data",
    recipients: ["joe@strict.example.net"],
    destinations: { "strict.example.net": server({ message: GMAIL_DMARC }) },
    expected: [{ address: "joe@strict.example.net", status: "5.7.26", replyCode: "550", reason: "auth-failure" }],
  },
  {
    number: 55,
    id: "policy-after-data",
    recipients: ["joe@reputation.example.net"],
    destinations: { "reputation.example.net": server({ message: GMX_POLICY }) },
    expected: [{ address: "joe@reputation.example.net", replyCode: "554" }],
  },
  {
    number: 56,
    id: "size",
    recipients: ["joe@small.example.net"],
    bodyBytes: 20_000,
    destinations: { "small.example.net": server({ sizeLimit: 10_000 }) },
    expected: [{ address: "joe@small.example.net", reason: "message-too-big" }],
  },
  {
    number: 57,
    id: "host-unknown",
    recipients: ["joe@nowhere.example.net"],
    destinations: { "nowhere.example.net": { kind: "no-domain" } },
    expected: [{ address: "joe@nowhere.example.net", reason: "host-unknown" }],
  },
  {
    number: 58,
    id: "null-mx",
    recipients: ["joe@nomail.example.net"],
    destinations: { "nomail.example.net": { kind: "null-mx" } },
    expected: [{ address: "joe@nomail.example.net" }],
  },
  {
    number: 59,
    id: "mx-loop",
    recipients: ["joe@loop.example.net"],
    destinations: { "loop.example.net": { kind: "ourselves" } },
    expected: [{ address: "joe@loop.example.net" }],
  },
  {
    number: 60,
    id: "too-many-hops",
    recipients: ["joe@hops.example.net"],
    hops: 120,
    destinations: { "hops.example.net": server({}) },
    expected: [{ address: "joe@hops.example.net" }],
  },
  {
    number: 61,
    id: "tls",
    recipients: ["joe@tls.example.net"],
    destinations: {
      "tls.example.net": server({
        extensions: ["STARTTLS"],
        starttls: "454 4.7.0 TLS not available due to local problem",
      }),
    },
    expected: [{ address: "joe@tls.example.net" }],
  },
  {
    number: 62,
    id: "greylisted",
    recipients: ["kim@greylist.example.net"],
    destinations: { "greylist.example.net": server({ rcpt: { "kim@greylist.example.net": GREYLISTED } }) },
    expected: [{ address: "kim@greylist.example.net" }],
  },
  {
    number: 63,
    id: "refused-connection",
    recipients: ["joe@down.example.net"],
    destinations: { "down.example.net": { kind: "refused-connection" } },
    expected: [{ address: "joe@down.example.net" }],
  },
  {
    number: 64,
    id: "dns-failure",
    recipients: ["joe@lame.example.net"],
    destinations: { "lame.example.net": { kind: "dns-failure" } },
    expected: [{ address: "joe@lame.example.net" }],
  },
  {
    number: 65,
    id: "hangs-up",
    recipients: ["joe@unstable.example.net"],
    destinations: { "unstable.example.net": server({ hangsUpAtData: true }) },
    expected: [{ address: "joe@unstable.example.net" }],
  },
  {
    number: 66,
    id: "notify-success",
    recipients: ["joe@plain.example.net"],
    recipientParameters: "NOTIFY=SUCCESS,FAILURE",
    destinations: { "plain.example.net": server({}) },
    expected: [{ address: "joe@plain.example.net", reason: "delivered" }],
  },
  {
    number: 67,
    id: "ret-hdrs",
    recipients: ["joe@headers.example.net"],
    mailParameters: "RET=HDRS ENVID=order-4711",
    recipientParameters: "NOTIFY=FAILURE ORCPT=rfc822;customer@example.org",
    destinations: { "headers.example.net": server({ rcpt: { "joe@headers.example.net": GMAIL_UNKNOWN } }) },
    expected: [{ address: "joe@headers.example.net", status: "5.1.1", replyCode: "550", reason: "user-unknown" }],
  },
  {
    number: 68,
    id: "several",
    recipients: [
      "bob@several.example.net",
      "joe@several.example.net",
      "sue@several.example.net",
      "tom@nobody.example.net",
      "ann@again.example.net",
    ],
    destinations: {
      "several.example.net": server({
        rcpt: { "joe@several.example.net": GMAIL_UNKNOWN, "sue@several.example.net": GMAIL_FULL },
      }),
      "nobody.example.net": { kind: "no-domain" },
      "again.example.net": server({ message: GMX_POLICY }),
    },
    expected: [
      { address: "joe@several.example.net", status: "5.1.1", replyCode: "550", reason: "user-unknown" },
      { address: "sue@several.example.net", status: "5.2.2", replyCode: "552", reason: "mailbox-full" },
      { address: "tom@nobody.example.net", reason: "host-unknown" },
      { address: "ann@again.example.net", replyCode: "554" },
    ],
  },
  {
    number: 69,
    id: "smtputf8",
    recipients: ["jörg@utf8.example.net"],
    mailParameters: "SMTPUTF8",
    destinations: {
      "utf8.example.net": server({ extensions: ["SMTPUTF8"], rcpt: { "jörg@utf8.example.net": UNKNOWN_UTF8 } }),
    },
    expected: [{ address: "jörg@utf8.example.net", status: "5.1.1", replyCode: "550", reason: "user-unknown" }],
  },
  {
    number: 70,
    id: "smtputf8-missing",
    recipients: ["jörg@ascii.example.net"],
    mailParameters: "SMTPUTF8",
    destinations: { "ascii.example.net": server({}) },
    expected: [{ address: "jörg@ascii.example.net" }],
  },
  {
    number: 71,
    id: "local-unknown",
    recipients: ["nobody.here@example.org"],
    local: true,
    destinations: {},
    expected: [{ address: "nobody.here@example.org", reason: "user-unknown" }],
  },
  {
    number: 72,
    id: "local-command",
    recipients: ["robot@example.org"],
    local: true,
    destinations: {},
    expected: [{ address: "robot@example.org" }],
  },
  {
    number: 73,
    id: "local-success",
    recipients: ["ann@example.org"],
    recipientParameters: "NOTIFY=SUCCESS",
    destinations: {},
    expected: [{ address: "ann@example.org", reason: "delivered" }],
  },
  {
    number: 74,
    id: "8-bit-reply",
    recipients: ["joe@umlaut.example.net"],
    destinations: {
      "umlaut.example.net": server({
        rcpt: { "joe@umlaut.example.net": "550 Unzulässiger Empfänger: Benutzer unbekannt (joe@umlaut.example.net)" },
      }),
    },
    expected: [{ address: "joe@umlaut.example.net", replyCode: "550", reason: "user-unknown" }],
  },
  {
    number: 75,
    id: "local-full",
    recipients: ["sue@example.org"],
    destinations: {},
    expected: [{ address: "sue@example.org", reason: "mailbox-full" }],
  },
  {
    number: 76,
    id: "lmtp-full",
    recipients: ["kim@example.org"],
    destinations: {},
    expected: [{ address: "kim@example.org", status: "5.2.2", replyCode: "552", reason: "mailbox-full" }],
  },
  {
    number: 77,
    id: "tls-not-offered",
    recipients: ["joe@plaintext.example.net"],
    destinations: { "plaintext.example.net": server({}) },
    expected: [{ address: "joe@plaintext.example.net" }],
  },
  {
    number: 78,
    id: "tls-certificate",
    recipients: ["joe@certificate.example.net"],
    destinations: { "certificate.example.net": server({ extensions: ["STARTTLS"], selfSigned: true }) },
    expected: [{ address: "joe@certificate.example.net" }],
  },
  {
    number: 80,
    id: "postmaster-copy",
    recipients: [],
    postmaster: "postmaster+copy@example.com",
    destinations: {},
  },
  {
    number: 81,
    id: "postmaster-delay",
    recipients: [],
    postmaster: "postmaster+delay@example.com",
    destinations: {},
  },
  {
    number: 82,
    id: "double-bounce",
    sender: "news@nowhere.example.net",
    recipients: ["joe@users.example.net"],
    postmaster: "postmaster+double@example.com",
    destinations: {},
  },
  {
    number: 83,
    id: "smtp-transcript",
    recipients: ["joe@forbidden.example.net"],
    postmaster: "postmaster+session@example.com",
    destinations: {},
  },
];

/** Addresses of the servers for the destinations, in order: 203.0.113.11 and up (RFC 5737). */
export function addressOf(domain: string): string {
  const domains = SCENARIOS.flatMap((scenario) => Object.keys(scenario.destinations));
  return `203.0.113.${11 + domains.indexOf(domain)}`;
}

export function senderOf({ sender, id }: Scenario): string {
  return sender ?? `news+${id}@example.com`;
}

/** Where the reports of a scenario go: they are told apart by that. */
export function reportedTo(scenario: Scenario): string {
  return scenario.postmaster ?? senderOf(scenario);
}
