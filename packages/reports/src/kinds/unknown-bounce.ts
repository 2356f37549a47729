/**
 * Bounces in a text that no dialect knows: the next MTA, gateway or home-made filter.
 *
 * A sign of a mail system in the header is asked for, and two of five more: a telling subject, words of failure or delay, a
 * returned message, an address that stands as MTAs write a failed one, a daemon with a null reverse-path. The format is
 * shown as `dialect:generic`, so that a person sees that this was a guess.
 */
import type { DialectFinding } from "../dialects/dialect.ts";
import { recipientFromDialect } from "../dsn/recipient.ts";
import { type Mail, reportBase } from "../mail.ts";
import type { DsnAction, DsnReport, Returned } from "../report.ts";
import { findReturned } from "../returned/find-returned.ts";
import { isDaemon } from "../traits.ts";
import type { SpokenDialect } from "./dialect-dsn.ts";
import { isFromMailSystem, isStatusReport, mayBeMailSystem } from "./mail-system.ts";
import { findNamedRecipients } from "./named-recipients.ts";

const FORMAT = "dialect:generic";

export function readUnknownBounce(mail: Mail): DsnReport | undefined {
  if (!mayBeBounce(mail)) return undefined;
  const opening = mail.outline.openingSigns();
  const failure = opening.has("failure") || opening.has("delay");
  const bySubject = mail.traits.has("subject-bounce");
  // Where neither subject nor text speaks of delivery, only a daemon's word on a mailbox will do.
  const byDaemon = isDaemon(mail.outline) && (opening.has("cause") || isStatusReport(mail.outline));
  if (!bySubject && !failure && !byDaemon) return undefined;
  const returned = findReturned(mail);
  const spoken = hearUnknown(mail, returned);
  if (spoken === undefined) return isStatusReport(mail.outline) ? namesNobody(mail, returned) : undefined;
  const fromDaemon = isDaemon(mail.outline) && mail.traits.has("null-reverse-path");
  const signs = [bySubject, failure || opening.has("cause"), returned.form !== "none", spoken.isNamed, fromDaemon];
  if (signs.filter(Boolean).length < 2) return undefined;
  const recipients = spoken.finding.recipients.map((recipient) => recipientFromDialect(recipient, FORMAT));
  return { ...NO_FACTS, format: FORMAT, ...reportBase(mail, returned), recipients };
}

const NO_FACTS = {
  kind: "dsn",
  reportingMta: undefined,
  envelopeId: undefined,
  arrivalDate: undefined,
  queueId: undefined,
} as const;

/** A multipart/report for delivery-status that is empty, or cut off before its parts: a DSN, of which no more is known. */
function namesNobody(mail: Mail, returned: Returned): DsnReport {
  const defects = [{ code: "no-recipient", detail: "the report names no recipient (RFC 3464 section 2.3)" } as const];
  return { ...NO_FACTS, format: "rfc3464", ...reportBase(mail, returned, { defects }), recipients: [] };
}

/** `isNamed`: the addresses stand as MTAs write failed ones, not anywhere in the text. */
export interface GuessedDialect extends SpokenDialect {
  readonly isNamed: boolean;
}

/** Reads recipients from a text of unknown form; undefined when it names none. */
export function hearUnknown(mail: Mail, returned: Returned): GuessedDialect | undefined {
  const action: DsnAction = mail.outline.openingSigns().has("delay") ? "delayed" : "failed";
  const { recipients, isNamed } = findNamedRecipients(mail, returned);
  if (recipients.length === 0) return undefined;
  const finding: DialectFinding = { recipients: recipients.map((one) => ({ ...one, action })) };
  return { format: FORMAT, finding, isNamed };
}

function mayBeBounce(mail: Mail): boolean {
  const { traits, outline } = mail;
  if (traits.has("subject-auto-reply") || traits.has("cron")) return false;
  if (isDaemon(outline) || outline.header.has("x-failed-recipients") || isStatusReport(outline)) return true;
  if (traits.has("reply-or-forward")) return false;
  return isFromMailSystem(mail) || (traits.has("subject-bounce") && mayBeMailSystem(mail));
}
