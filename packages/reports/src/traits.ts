/**
 * Traits: what the outer header and structure show, each a plain observation. Readers use them as cheap gates, scoring
 * uses them as evidence on what wrote the mail.
 */
import { type Envelope, type HeaderList, parseReversePath } from "@triage/message";
import type { Outline } from "./outline.ts";
import { hasPhrase } from "./phrases/find-phrase.ts";
import { hasReplyPrefix } from "./phrases/subject-prefixes.ts";
import type { Trait } from "./report.ts";

/** Header fields that only list software writes (RFC 2369, RFC 2919, and older customs). */
const LIST_FIELDS = [
  "list-id",
  "list-post",
  "mailing-list",
  "x-mailing-list",
  "x-beenthere",
  "x-mailman-version",
  "x-ml-name",
];
/** Header fields of bulk senders: RFC 2369, RFC 8058, Gmail's Feedback-ID, and what the big mailing platforms add. */
const BULK_FIELDS = [
  "list-unsubscribe",
  "feedback-id",
  "x-campaign",
  "x-campaignid",
  "x-csa-complaints",
  "x-mailgun-sid",
  "x-sg-eid",
];
/** Fields of ticket systems: OTRS, RT, Zendesk, Jira, Freshdesk, Zammad, osTicket. */
const TICKET_FIELDS = [
  "x-otrs-loop",
  "rt-ticket",
  "x-zendesk-from-account-id",
  "x-jira-fingerprint",
  "x-zammad-ticket",
  "x-osticket",
];

/** Fills the set in the order of the Trait type. */
export function findTraits(outline: Outline, envelope: Envelope): ReadonlySet<Trait> {
  const traits = new Set<Trait>();
  addSenderTraits(traits, outline, envelope);
  addHeaderTraits(traits, outline.header);
  addSubjectTraits(traits, outline);
  if (isHtmlOnly(outline)) traits.add("html-only");
  return traits;
}

function addSenderTraits(traits: Set<Trait>, outline: Outline, envelope: Envelope): void {
  if (hasNullReversePath(outline.header, envelope)) traits.add("null-reverse-path");
  if (isDaemon(outline) || isPostmaster(outline)) traits.add("from-daemon");
  if (isNoReply(outline.from)) traits.add("from-no-reply");
}

function addHeaderTraits(traits: Set<Trait>, header: HeaderList): void {
  const submitted = header.value("auto-submitted")?.toLowerCase() ?? "";
  if (submitted !== "" && !submitted.startsWith("no")) traits.add("auto-submitted");
  const precedence = header.value("precedence")?.toLowerCase() ?? "";
  if (precedence === "bulk" || precedence === "junk") traits.add("precedence-bulk");
  if (precedence === "list" || LIST_FIELDS.some((name) => header.has(name))) traits.add("list-mail");
  if (BULK_FIELDS.some((name) => header.has(name))) traits.add("bulk-headers");
  if (header.has("in-reply-to") || header.has("references")) traits.add("reply-or-forward");
  if (header.has("x-cron-env")) traits.add("cron");
  if (header.fields.some((field) => field.name.startsWith("x-triage-"))) traits.add("own-message");
}

function addSubjectTraits(traits: Set<Trait>, outline: Outline): void {
  const subject = outline.lowerSubject;
  if (subject === "") return;
  if (hasReplyPrefix(subject)) traits.add("reply-or-forward");
  const signs = outline.subjectSigns;
  if (signs.has("auto-reply")) traits.add("subject-auto-reply");
  if (signs.has("bounce")) traits.add("subject-bounce");
  // cron(8) of Vixie and its children: "Cron <root@host> command"; anacron: "Anacron job 'cron.daily' on host".
  if (subject.startsWith("cron <") || subject.startsWith("anacron job ")) traits.add("cron");
  if (signs.has("ticket") && isFromTicketSystem(traits, outline.header)) traits.add("ticket-acknowledgement");
}

/** What people write through a ticket system has its fields too; so the words of the subject are asked for as well. */
function isFromTicketSystem(traits: ReadonlySet<Trait>, header: HeaderList): boolean {
  if (traits.has("auto-submitted") || traits.has("precedence-bulk") || traits.has("null-reverse-path")) return true;
  return TICKET_FIELDS.some((name) => header.has(name));
}

/** The envelope knows; without one the Return-Path field that the last MTA wrote. */
function hasNullReversePath(header: HeaderList, envelope: Envelope): boolean {
  if (envelope.reversePath !== undefined) return envelope.reversePath.kind === "null";
  const field = header.value("return-path");
  return field !== undefined && parseReversePath(field)?.kind === "null";
}

/** In address or display name. `MicrosoftExchange329e71ec...` is the address that Exchange gives itself in every organisation. */
const DAEMON_NAMES = [
  "mailer-daemon",
  "mailerdaemon",
  "mail delivery",
  "mdaemon@",
  "mail-daemon@",
  "mail.delivery.system",
  "microsoftexchange329",
  "mail administrator",
];

/** A sender that no person uses: RFC 3834's daemons, the display names of MTAs, the empty address. */
export function isDaemon(outline: Outline): boolean {
  const from = outline.fromText.toLowerCase();
  return (from.includes("<>") && outline.from === "") || hasPhrase(from, DAEMON_NAMES);
}

/** `postmaster@`: MTAs and gateways write as it, and so do people. */
function isPostmaster(outline: Outline): boolean {
  return outline.from.startsWith("postmaster") || outline.from.startsWith("post_master");
}

function isNoReply(from: string): boolean {
  const at = from.indexOf("@");
  const local = at === -1 ? from : from.slice(0, at);
  return /(?:^|[._+-])(?:no[._-]?reply|do[._-]?not[._-]?reply|noresponse|ne-pas-repondre|nepasrepondre)/.test(local);
}

function isHtmlOnly(outline: Outline): boolean {
  let html = false;
  for (const part of outline.parts) {
    const type = part.contentType.value;
    if (type === "text/plain") return false;
    if (type === "text/html") html = true;
  }
  return html;
}
