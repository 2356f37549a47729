/**
 * Bounces in a text that no dialect knows: the next MTA, gateway or home-made filter.
 *
 * Two signs are asked for: a mail system in the header, and words of failure (or delay) in the subject or the text. The
 * recipients are the addresses that stand alone on a line or begin one, as every MTA writes them, before the returned mail.
 * The format is shown as `dialect:generic`, so that a person sees that this was a guess.
 */
import type { DialectFinding, DialectRecipient } from "../dialects/dialect.ts";
import { recipientFromDialect } from "../dsn/recipient.ts";
import { type Mail, reportBase } from "../mail.ts";
import { DELAY_BODIES, FAILURE_BODIES } from "../phrases/bounce-bodies.ts";
import { hasPhrase } from "../phrases/find-phrase.ts";
import type { DsnAction, DsnReport, Returned } from "../report.ts";
import { findReturned } from "../returned/find-returned.ts";
import { isDaemon } from "../traits.ts";
import type { SpokenDialect } from "./dialect-dsn.ts";
import { findNamedRecipients } from "./named-recipients.ts";

/** LIMIT: a notice says what it is in its first lines. */
const MAX_NOTICE_CHARS = 4_096;

const FORMAT = "dialect:generic";

export function readUnknownBounce(mail: Mail): DsnReport | undefined {
  if (!isMailSystem(mail) || mail.traits.has("subject-auto-reply")) return undefined;
  const text = opening(mail);
  const delayed = hasPhrase(text, DELAY_BODIES);
  const bySubject = mail.traits.has("subject-bounce");
  // Without a telling subject the text must tell, and the sender must be a daemon beyond doubt.
  if (!bySubject && !(isDaemon(mail.outline) && (delayed || hasPhrase(text, FAILURE_BODIES)))) return undefined;
  if (!delayed && !hasPhrase(text, FAILURE_BODIES)) return undefined;
  const returned = findReturned(mail);
  const spoken = hearUnknown(mail, returned);
  if (spoken === undefined) return undefined;
  return {
    kind: "dsn",
    format: FORMAT,
    ...reportBase(mail, returned),
    reportingMta: undefined,
    envelopeId: undefined,
    arrivalDate: undefined,
    queueId: undefined,
    recipients: spoken.finding.recipients.map((recipient) => recipientFromDialect(recipient, FORMAT)),
  };
}

/** Reads recipients from a text of unknown form; undefined when it names none. */
export function hearUnknown(mail: Mail, returned: Returned): SpokenDialect | undefined {
  const action: DsnAction =
    hasPhrase(opening(mail), DELAY_BODIES) && !mail.outline.lowerSubject.includes("fail") ? "delayed" : "failed";
  const named = findNamedRecipients(mail, returned);
  if (named.length === 0) return undefined;
  const recipients: DialectRecipient[] = named.map((one) => ({ ...one, action }));
  const finding: DialectFinding = { recipients };
  return { format: FORMAT, finding };
}

function opening(mail: Mail): string {
  return mail.outline.text().slice(0, MAX_NOTICE_CHARS).toLowerCase().replace(/\s+/g, " ");
}

function isMailSystem(mail: Mail): boolean {
  const { traits } = mail;
  if (traits.has("reply-or-forward") && !isDaemon(mail.outline)) return false;
  return (
    traits.has("null-reverse-path") || traits.has("from-daemon") || (traits.has("subject-bounce") && isAutomatic(mail))
  );
}

function isAutomatic(mail: Mail): boolean {
  const { traits } = mail;
  return traits.has("auto-submitted") || traits.has("from-no-reply") || traits.has("precedence-bulk");
}
