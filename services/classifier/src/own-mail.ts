/**
 * Our own mail coming back: what it is, and where it goes whatever the verdict and the policy say.
 *
 * Mail to a human that bounces must not become a new mail to that human: that one would bounce, too. It is archived, and
 * the service says by another way that the human cannot be reached. An automatic reply to our mail needs nobody. A person who
 * answers it writes a letter, and is not met here. Our mail itself is a loop: its route is the human, so that delivery
 * makes a dead letter of it, which somebody sees. Why nobody can hide mail with it: docs/decisions/0018. Pure.
 */
import { formatAddress, type Message, type OwnMail, readOwnMailId } from "@triage/message";
import { findOwnMail, type OwnMailPort } from "@triage/provenance";
import type { DsnReason, DsnRecipient, Report } from "@triage/reports";
import type { Route } from "@triage/routing";

/** Whom a mail of ours did not reach, or who complains about it. */
export interface OwnMailFailure {
  /** As the report spells them, the one that we gave first; none: the report names nobody. */
  readonly addresses: readonly string[];
  readonly reason: DsnReason;
  /** The other side's words, as they stand in the report. */
  readonly words: string | undefined;
}

export type OwnMailReturn =
  | { readonly kind: "bounced"; readonly mail: OwnMail; readonly failures: readonly OwnMailFailure[] }
  /** Still on its way, or arrived: nothing to do. */
  | { readonly kind: "reported"; readonly mail: OwnMail }
  | { readonly kind: "answered"; readonly mail: OwnMail }
  | { readonly kind: "looped"; readonly mail: OwnMail };

/** @param secrets  All that our mail was ever signed with, the newest first. */
export function ownMailPort(secrets: readonly string[]): OwnMailPort {
  return (messageId) => readOwnMailId(messageId, secrets);
}

/** Ids of the rows that stand above the policy; nothing can switch them off. */
const RULES: Readonly<Record<OwnMailReturn["kind"], string>> = {
  bounced: "own-mail",
  reported: "own-mail",
  answered: "own-mail-answered",
  looped: "own-mail-loop",
};

/** LIMIT: recipients of one report that are told apart; our mails have few. */
const MAX_FAILURES = 50;
const OWN_ID_FIELDS = ["message-id", "resent-message-id"] as const;
/** LIMIT: who resends adds such a field each time (RFC 5322 section 3.6.6). */
const MAX_OWN_IDS = 5;

/** @returns undefined for nearly all messages: they are not about mail of ours. */
export function recogniseOwnMail(message: Message, report: Report, read: OwnMailPort): OwnMailReturn | undefined {
  const itself = findItself(message, read);
  if (itself !== undefined) return { kind: "looped", mail: itself };
  if (report.kind === "person" || report.kind === "other") return undefined;
  const mail = findOwnMail(report, read);
  return mail === undefined ? undefined : judge(report, mail);
}

/** Where it goes; no advice, the alert says what to do, and no fingerprint: it belongs to no incident among the site's failures. */
export function routeOwnMail({ kind }: OwnMailReturn): Route {
  const route = kind === "looped" ? "human" : "archive";
  const nothing = { advice: undefined, fingerprint: undefined };
  return { route, actionable: route === "human", rule: RULES[kind], urgency: "normal", ...nothing };
}

function findItself({ root: { headers } }: Message, read: OwnMailPort): OwnMail | undefined {
  for (const name of OWN_ID_FIELDS) {
    for (const { rawValue } of headers.all(name).slice(0, MAX_OWN_IDS)) {
      const mail = read(rawValue.trim());
      if (mail !== undefined) return mail;
    }
  }
  return undefined;
}

function judge(report: Report, mail: OwnMail): OwnMailReturn | undefined {
  switch (report.kind) {
    case "dsn": {
      const failed = report.recipients.filter(({ action }) => action === "failed").slice(0, MAX_FAILURES);
      if (failed.length > 0) return { kind: "bounced", mail, failures: failed.map(failureOf) };
      // A bounce that names nobody is a bounce: that it was read badly must not hide that a human was not reached.
      if (report.recipients.length === 0) return { kind: "bounced", mail, failures: [nameless("undefined")] };
      return { kind: "reported", mail };
    }
    case "virus-notice":
      return { kind: "bounced", mail, failures: [nameless("virus-detected")] };
    case "challenge":
      // The human's server holds our mail back until somebody proves to be a person. We are none.
      return { kind: "bounced", mail, failures: [nameless("not-accept")] };
    case "feedback": {
      const addresses = report.originalRecipients.map(formatAddress);
      return { kind: "bounced", mail, failures: [{ ...nameless("feedback"), addresses }] };
    }
    case "auto-reply":
    case "mdn":
      return { kind: "answered", mail };
    case "dmarc-aggregate":
    case "tls-report":
    case "person":
    case "other":
      return undefined;
    default:
      return report satisfies never;
  }
}

function failureOf({
  address,
  addressText,
  originalRecipient,
  reason,
  diagnostic,
  status,
}: DsnRecipient): OwnMailFailure {
  const addresses = [originalRecipient, address].flatMap((known) =>
    known === undefined ? [] : [formatAddress(known)],
  );
  return { addresses: addresses.length > 0 ? addresses : [addressText], reason, words: diagnostic ?? status };
}

function nameless(reason: DsnReason): OwnMailFailure {
  return { addresses: [], reason, words: undefined };
}
