/**
 * Traits: what the outer header and structure show, each a plain observation. Readers use them as cheap gates, scoring
 * uses them as evidence on what wrote the mail.
 */
import { type Envelope, type HeaderList, parseAddressList, parseReversePath } from "@triage/message";
import type { Outline } from "./outline.ts";
import { hasPhrase } from "./phrases/find-phrase.ts";
import { CONTACT_FORMS } from "./phrases/letter.ts";
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
/** LIMIT: characters of a text that are searched for the words of a contact form. */
const MAX_FORM_CHARS = 16_384;

/** Fields of ticket systems: OTRS, RT, Zendesk, Jira, Freshdesk, Zammad, osTicket. */
const TICKET_FIELDS = [
  "x-otrs-loop",
  "rt-ticket",
  "x-zendesk-from-account-id",
  "x-jira-fingerprint",
  "x-zammad-ticket",
  "x-osticket",
];

/**
 * Fields from before RFC 3834 that only an autoresponder writes, whatever their value. Not among them: what Exchange adds for
 * inbox rules, because a rule that redirects a person's mail adds it too.
 */
const RESPONDER_FIELDS = [
  "x-autoreply",
  "x-autorespond",
  "x-autoresponder",
  "x-autoresponse",
  "x-auto-reply",
  "x-autoreply-from",
  "x-mail-autoreply",
  "x-vacation",
  "x-facebook-notify-autoreply",
];

/**
 * RFC 2142: mailboxes of a role, which many sites run as a list of those who read them (Google Groups, Mailman). Such a list
 * is the mailbox; its fields say nothing of who wrote.
 */
const ROLES: ReadonlySet<string> = new Set([
  "postmaster",
  "abuse",
  "hostmaster",
  "noc",
  "security",
  "webmaster",
  "mail-admin",
]);

/**
 * How subjects of scheduled jobs and monitors begin, and what else stands in them. Sources: cron(8) of Vixie and its children,
 * anacron; the notification commands that Nagios, Icinga, Munin, Logwatch, smartd, mdadm and Fail2Ban ship.
 */
const JOB_SUBJECTS: readonly (readonly [start: string, parts: readonly string[]])[] = [
  ["cron <", [""]],
  ["anacron job ", [""]],
  ["** problem ", [" alert: "]],
  ["** recovery ", [" alert: "]],
  ["** acknowledgement ", [" alert: "]],
  ["** flapping", [" alert: "]],
  ["** downtime", [" alert: "]],
  ["[problem] ", [" is critical!", " is warning!", " is unknown!", " is down!"]],
  ["[recovery] ", [" is ok!", " is up!"]],
  ["munin notification ", [""]],
  ["logwatch for ", [" ("]],
  ["smart error (", [" detected on host"]],
  ["degradedarray event on /dev/", [""]],
  ["[fail2ban] ", [": banned ", ": started ", ": stopped "]],
];

/** Fills the set in the order of the Trait type. */
export function findTraits(outline: Outline, envelope: Envelope): ReadonlySet<Trait> {
  const traits = new Set<Trait>();
  addSenderTraits(traits, outline, envelope);
  addHeaderTraits(traits, outline.header);
  addSubjectTraits(traits, outline);
  addPartTraits(traits, outline);
  return traits;
}

function addSenderTraits(traits: Set<Trait>, outline: Outline, envelope: Envelope): void {
  if (hasNullReversePath(outline.header, envelope)) traits.add("null-reverse-path");
  if (isDaemon(outline) || isPostmaster(outline)) traits.add("from-daemon");
  if (isNoReply(outline.from)) traits.add("from-no-reply");
}

function addHeaderTraits(traits: Set<Trait>, header: HeaderList): void {
  const precedence = header.value("precedence")?.toLowerCase() ?? "";
  if (isAutoSubmitted(header, precedence)) traits.add("auto-submitted");
  const isList = precedence === "list" || LIST_FIELDS.some((name) => header.has(name));
  if (!isList || !isRoleList(header)) {
    if (precedence === "bulk" || precedence === "junk") traits.add("precedence-bulk");
    if (isList) traits.add("list-mail");
    if (BULK_FIELDS.some((name) => header.has(name))) traits.add("bulk-headers");
  }
  if (header.has("in-reply-to") || header.has("references")) traits.add("reply-or-forward");
  if (header.has("x-cron-env")) traits.add("cron");
}

/** `List-Id: <postmaster.example.com>` (RFC 2919), `List-Post: <mailto:abuse@example.com>` (RFC 2369), Mailman's X-BeenThere. */
function isRoleList(header: HeaderList): boolean {
  const id = header.value("list-id") ?? "";
  const post = header.value("list-post")?.toLowerCase() ?? "";
  const names = [
    id.slice(id.lastIndexOf("<") + 1).split(".", 1)[0],
    post.slice(post.lastIndexOf("mailto:") + "mailto:".length).split("@", 1)[0],
    header.value("x-beenthere")?.split("@", 1)[0],
  ];
  return names.some((name) => ROLES.has(name?.trim().toLowerCase() ?? ""));
}

/** RFC 3834 section 5, and the fields that came before it. */
function isAutoSubmitted(header: HeaderList, precedence: string): boolean {
  const submitted = header.value("auto-submitted")?.toLowerCase() ?? "";
  if (submitted !== "") return !submitted.startsWith("no");
  return isAutoReplied(header, precedence);
}

/** True when the fields say not only that a machine wrote it, but that it answers a mail. */
export function isAutoReplied(
  header: HeaderList,
  precedence = header.value("precedence")?.toLowerCase() ?? "",
): boolean {
  if (header.value("auto-submitted")?.toLowerCase().startsWith("auto-replied")) return true;
  if (precedence.startsWith("auto") || header.value("preference")?.toLowerCase().startsWith("auto")) return true;
  // SIMS and CommuniGate: Reply, Forward or Mirror; only the first is an answer.
  if (header.value("x-autogenerated")?.toLowerCase().startsWith("reply")) return true;
  return RESPONDER_FIELDS.some((name) => header.has(name));
}

function addSubjectTraits(traits: Set<Trait>, outline: Outline): void {
  const subject = outline.lowerSubject;
  if (subject === "") return;
  if (hasReplyPrefix(subject)) traits.add("reply-or-forward");
  const signs = outline.subjectSigns;
  if (signs.has("auto-reply")) traits.add("subject-auto-reply");
  if (signs.has("bounce")) traits.add("subject-bounce");
  if (JOB_SUBJECTS.some(([start, parts]) => subject.startsWith(start) && hasPhrase(subject, parts))) traits.add("cron");
  if (signs.has("ticket") && isFromTicketSystem(traits, outline.header)) traits.add("ticket-acknowledgement");
}

/** What people write through a ticket system has its fields too; so the words of the subject are asked for as well. */
function isFromTicketSystem(traits: ReadonlySet<Trait>, header: HeaderList): boolean {
  if (traits.has("auto-submitted") || traits.has("precedence-bulk") || traits.has("null-reverse-path")) return true;
  return hasTicketField(header);
}

export function hasTicketField(header: HeaderList): boolean {
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

/** A sender that no person uses: RFC 3834's daemons, the display names of MTAs, the empty address (Courier writes it `<@>`). */
export function isDaemon(outline: Outline): boolean {
  const from = outline.fromText.toLowerCase();
  if (outline.from === "@" || (outline.from === "" && from.includes("<>"))) return true;
  return hasPhrase(from, DAEMON_NAMES);
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

function addPartTraits(traits: Set<Trait>, outline: Outline): void {
  let html = false;
  let plain = false;
  for (const { contentType } of outline.parts) {
    if (contentType.value === "text/plain") plain = true;
    else if (contentType.value === "text/html") html = true;
    else if (contentType.value === "text/calendar" && isCalendarReply(contentType.parameters))
      traits.add("calendar-reply");
  }
  if (isContactForm(outline)) {
    traits.add("contact-form");
    // The mail service of the site sends it, with the fields that it gives all mail.
    traits.delete("bulk-headers");
  }
  if (html && !plain) traits.add("html-only");
}

/** RFC 6047 section 2.4: the method of the calendar object stands in the Content-Type. */
function isCalendarReply(parameters: ReadonlyMap<string, string>): boolean {
  return parameters.get("method")?.toLowerCase() === "reply";
}

/**
 * Says that it is one, and wants somebody of another organisation to be answered: who filled it in. Newsletters speak of
 * contact forms in their text; a form also prints there whom to answer.
 */
function isContactForm(outline: Outline): boolean {
  const [replyTo] = parseAddressList(outline.header.value("reply-to") ?? "");
  if (replyTo === undefined || isNoReply(replyTo.localPart)) return false;
  const from = outline.from.slice(outline.from.lastIndexOf("@") + 1);
  if (isSameSite(from, replyTo.domain)) return false;
  if (hasPhrase(outline.lowerSubject, CONTACT_FORMS)) return true;
  const text = outline.text().slice(0, MAX_FORM_CHARS).toLowerCase();
  return text.includes(`${replyTo.localPart}@${replyTo.domain}`.toLowerCase()) && hasPhrase(text, CONTACT_FORMS);
}

/** One is the other, or below it. */
function isSameSite(one: string, other: string): boolean {
  return one === other || one.endsWith(`.${other}`) || other.endsWith(`.${one}`);
}
