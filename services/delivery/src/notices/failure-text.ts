/**
 * What the human reads about failures with one cause that went on after the first message: how many, whom it concerns, what the
 * remote says, what to do.
 *
 * The first message itself is the beginning of the incident and is delivered as itself; these follow in its thread. A
 * person reads them on a phone at night: the answer first, plain text, 76 columns. Words of strangers are cleaned, short
 * and quoted. Links stay as the remote wrote them: this is plain text, where a link shows where it leads. Pure.
 */
import type { FailureFacts, FailureParties, NoticeStep } from "@triage/contracts";
import { countFitting } from "../compose/encoded-size.ts";
import { cleanLine, QUOTE_MARK, wrapLine } from "../compose/plain-text.ts";
import { nameReason } from "../compose/wording.ts";

export interface FailureText {
  readonly incidentId: string;
  readonly step: NoticeStep;
  /** When the first message of it came in, and when this step was reached. */
  readonly firstSeen: Date;
  readonly at: Date;
  readonly facts: FailureFacts;
}

/** The diagnostic-type that nearly all reports have (RFC 3464 section 2.3.6). */
const SMTP_DIAGNOSTIC = /^smtp;\s*/i;
const MAX_NAME_CHARS = 80;
const MAX_WORDS_CHARS = 600;
const MAX_LINK_CHARS = 300;
/** LIMIT: domains of senders and recipients that are named; the mail is for a phone. */
const MAX_DOMAINS = 5;
/** LIMIT: octets of the senders, and of the recipients, that are named: a site may want a hundred, a stranger makes them long. */
const MAX_PARTY_OCTETS = 12_000;

export function formatFailureSubject({ step, facts }: FailureText): string {
  const cause = causeOf(facts);
  switch (step) {
    case "begin":
      return `[triage] Failures: ${cause}`;
    case "end":
      return `[triage] ${facts.ended === "long" ? "Goes on" : "Over"}: ${cause}, ${facts.messages} messages`;
    default:
      return `[triage] ${step} messages now: ${cause}`;
  }
}

/** @returns Lines joined by LF, none longer than 76 columns unless a single word is. */
export function formatFailureText(input: FailureText): string {
  const { facts, incidentId, step } = input;
  const next = step === "end" ? "" : " You hear of it again at ten times the number, and when it is over.";
  const sections = [
    wrapLine(whatHappens(input), ""),
    ["So far:", ...countLines(input)],
    partyLines("Senders:", facts.senders),
    partyLines("Recipients:", facts.recipients),
    wordLines(facts),
    adviceLines(input),
    [
      `GET /v1/incidents/${incidentId}/messages`,
      "lists the messages, POST /v1/messages/ID/release sends one of them to you.",
      ...wrapLine(`Incident ${incidentId}.${next}`, ""),
    ],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

/** `blocked by example.net` */
function causeOf({ reason, remote }: FailureFacts): string {
  const name = nameReason(reason);
  return remote === undefined ? name : `${name}, ${cleanLine(remote, MAX_NAME_CHARS)}`;
}

function whatHappens({ step, facts }: FailureText): string {
  const what = facts.severity === "failed" ? "fails" : "is delayed";
  const begin = "You have the first of these messages, and this mail is in its thread.";
  if (step === "end") {
    const mail = `Mail of yours ${what === "fails" ? "failed" : "was delayed"} for one cause (${causeOf(facts)})`;
    return facts.ended === "long"
      ? `${mail}, and it goes on. This incident ends here; the next message of it begins a new one, and you get that whole. ${begin}`
      : `${mail}, and nothing more has come in. ${begin}`;
  }
  return `Mail of yours still ${what} for one cause (${causeOf(facts)}). ${begin} The others are kept, not sent to you one by one.`;
}

function countLines({ firstSeen, at, facts }: FailureText): string[] {
  const lastSeen = facts.lastSeen === undefined ? at : new Date(facts.lastSeen);
  return [
    `  messages:       ${facts.messages}`,
    `  senders:        ${facts.senders.total}`,
    `  recipients:     ${facts.recipients.total}`,
    `  first seen:     ${formatTime(firstSeen)}`,
    `  last seen:      ${formatTime(lastSeen)}`,
  ];
}

/** Addresses where the site allows them, else domains. */
function partyLines(title: string, { total, addresses, domains }: FailureParties): string[] {
  const named =
    addresses.length > 0
      ? addresses.map(({ address, messages }) => ({ name: address, messages }))
      : domains.slice(0, MAX_DOMAINS).map(({ domain, messages }) => ({ name: `(at ${domain})`, messages }));
  if (named.length === 0) return [];
  const all = named.map(({ name, messages }) => `  ${cleanLine(name, MAX_NAME_CHARS)}: ${messages}`);
  const shown = countFitting(
    all.map((line) => [line]),
    MAX_PARTY_OCTETS,
  );
  const lines = all.slice(0, shown);
  const more = addresses.length > 0 ? total - shown : 0;
  return [title, ...lines, ...(more > 0 ? [`  and ${more} more`] : [])];
}

function wordLines({ words, links, remote }: FailureFacts): string[] {
  if (words === undefined) return [];
  const speaker = remote === undefined ? "The report" : cleanLine(remote, MAX_NAME_CHARS);
  const pages = links.map((link) => `  ${QUOTE_MARK}${cleanLine(link, MAX_LINK_CHARS)}`);
  return [
    `${speaker} said:`,
    ...wrapLine(cleanLine(words.replace(SMTP_DIAGNOSTIC, ""), MAX_WORDS_CHARS), `  ${QUOTE_MARK}`),
    ...(pages.length === 0 ? [] : ["It names these pages (look at the host before you trust one):", ...pages]),
  ];
}

function adviceLines({ facts: { advice } }: FailureText): string[] {
  if (advice === undefined) return [];
  return ["What to do:", ...wrapLine(cleanLine(advice, MAX_WORDS_CHARS), "  ")];
}

/** `2026-11-22 12:05 UTC` */
function formatTime(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
