/**
 * DSNs with machine-readable fields (RFC 3464, RFC 6533): a delivery-status part wherever it stands, or its fields in bare
 * text where the MIME structure is lost (no boundary, a gateway that flattened it, a wrong type).
 */
import type { Part } from "@triage/message";
import { type ParsedStatus, parseStatusText } from "../dsn/parse-status.ts";
import { addDiagnostic, addStage, recipientFromDialect } from "../dsn/recipient.ts";
import { type Mail, reportBase } from "../mail.ts";
import { codesOf, stageOf } from "../reasons/codes.ts";
import { hangsOnStage } from "../reasons/explain-reason.ts";
import type { DsnRecipient, DsnReport, ReportFormat, Returned } from "../report.ts";
import { withReversePath } from "../returned/describe.ts";
import { findReturned } from "../returned/find-returned.ts";
import { hearDialect, type SpokenDialect } from "./dialect-dsn.ts";
import { hearUnknown } from "./unknown-bounce.ts";

/** RFC 3464 section 2, RFC 6533 section 5; `text/` is what gateways make of them that know no other `message/` types. */
const STATUS_TYPES = ["message/delivery-status", "message/global-delivery-status", "text/delivery-status"];

export function readDsn(mail: Mail): DsnReport | undefined {
  const status = readStatusParts(mail) ?? readBareFields(mail);
  if (status === undefined) return undefined;
  const returned = findReturned(mail);
  const dialect = needsDialect(status) ? hearText(mail, status, returned) : undefined;
  const { recipients, format } = joinRecipients(status.recipients, dialect);
  const defects = [...status.defects];
  if (recipients.length === 0) {
    // A multipart/report that tells of nobody is no use as a DSN unless a machine of the mail system sent it.
    if (!isMailSystem(mail)) return undefined;
    defects.push({ code: "no-recipient", detail: "the report names no recipient (RFC 3464 section 2.3)" });
  }
  return {
    kind: "dsn",
    format,
    ...reportBase(mail, withReversePath(returned, status.sender), { defects }),
    reportingMta: status.reportingMta ?? dialect?.finding.reportingMta,
    envelopeId: status.envelopeId,
    receivedFromMta: status.receivedFromMta,
    arrivalDate: status.arrivalDate,
    queueId: status.queueId ?? dialect?.finding.queueId,
    recipients,
  };
}

/** All status parts as one: some MTAs write one part for each recipient, and Intermail labels its prose as one too. */
function readStatusParts(mail: Mail): ParsedStatus | undefined {
  const parts = mail.outline.parts.filter((part) => STATUS_TYPES.includes(part.contentType.value));
  if (parts.length === 0 || isEnclosure(mail)) return undefined;
  const [first, ...rest] = parts.map((part) => parseStatusText(part.text())).sort(byFields);
  return first === undefined ? undefined : rest.reduce(mergeStatus, first);
}

/** A person who attaches the part to a letter: no report around it, and no sign of a machine in the header. */
function isEnclosure(mail: Mail): boolean {
  const { outline, traits } = mail;
  if (outline.parts.some((part) => part.contentType.value === "multipart/report")) return false;
  const isLetter = outline.parts[0]?.contentType.value.startsWith("multipart/") ?? false;
  return isLetter && !isMailSystem(mail) && !traits.has("auto-submitted") && !traits.has("from-no-reply");
}

function byFields(one: ParsedStatus, other: ParsedStatus): number {
  return Number(other.hasFields) - Number(one.hasFields);
}

function mergeStatus(into: ParsedStatus, from: ParsedStatus): ParsedStatus {
  if (!from.hasFields) return into;
  return {
    ...into,
    reportingMta: into.reportingMta ?? from.reportingMta,
    recipients: [...into.recipients, ...from.recipients],
    defects: [...into.defects, ...from.defects],
  };
}

/** The fields in plain text, where a line begins with Final-Recipient and one with Action or Status. */
function readBareFields(mail: Mail): ParsedStatus | undefined {
  const { outline } = mail;
  const isReport = outline.parts[0]?.contentType.value === "multipart/report";
  if (!isReport && !isMailSystem(mail)) return undefined;
  for (const text of [...outline.parts.map(bareText), outline.text()]) {
    if (!FIELD_NAMES.some((name) => text.includes(name))) continue;
    const at = text.search(/^(?:Reporting-MTA|Final-Recipient|Original-Recipient) ?:/im);
    if (at === -1) continue;
    const status = parseStatusText(untilReturned(text.slice(at)));
    if (status.recipients.some((recipient) => recipient.addressText !== "")) return status;
  }
  return undefined;
}

/** Cheap to look for; spellings in other mixtures of case are not known. */
const FIELD_NAMES = ["inal-Recipient", "inal-recipient", "FINAL-RECIPIENT"];

/** The text of leaves that may hold fields; a multipart without parts has lost its boundary. */
function bareText(part: Part): string {
  const type = part.contentType.value;
  const isText = type.startsWith("text/plain") || (type.startsWith("multipart/") && part.children.length === 0);
  return isText ? part.text() : "";
}

/** Fields of the returned header end the fields of the report. */
function untilReturned(text: string): string {
  const end = text.search(/^(?:Received|Return-Path|Message-ID|From|Subject) ?:/im);
  return end === -1 ? text : text.slice(0, end);
}

/** A dialect adds what the fields leave out: the recipients, the words of the remote, or the command that it refused. */
function needsDialect(status: ParsedStatus): boolean {
  const { recipients } = status;
  return (
    recipients.length === 0 ||
    recipients.some((one) => isUndelivered(one) && (lacksWords(one) || isExpired(one) || lacksStage(one)))
  );
}

/**
 * No diagnostic, or only the first line of a reply: RFC 5321 section 4.2.1, a hyphen behind the code says that more follow.
 *
 * QUIRK(sendmail): Diagnostic-Code has that line alone; the transcript has the others.
 */
function lacksWords({ diagnostic }: DsnRecipient): boolean {
  if (diagnostic === undefined) return true;
  const start = FIRST_LINE.exec(diagnostic)?.[0];
  return start !== undefined && !NEXT_LINE.test(diagnostic.slice(start.length));
}

const FIRST_LINE = /^(?:smtp; ?)?[45]\d\d-/i;
const NEXT_LINE = / [45]\d\d[ -]/;

function isUndelivered({ action }: DsnRecipient): boolean {
  return action === "failed" || action === "delayed";
}

/** QUIRK(exchange): the fields say that the queue gave up ("550 4.4.7 QUEUE.Expired"), the text also what it had waited for. */
function isExpired({ status }: DsnRecipient): boolean {
  return status === "4.4.7";
}

/**
 * Diagnostic-Code has the reply, but only the text for people has "(in reply to RCPT TO command)". Asked for where the
 * reason hangs on it: a filter that says "user unknown", or words that explained nothing.
 */
function lacksStage({ status, replyCode, reasonRule, diagnostic }: DsnRecipient): boolean {
  if (replyCode === undefined || stageOf(diagnostic ?? "") !== undefined) return false;
  return hangsOnStage(reasonRule, status) || /^(?:subject-|status-[45]\.[035]|unknown-words)/.test(reasonRule);
}

/** A text of unknown form is asked last; of what it names, only addresses that stand as failed ones do. */
function hearText(mail: Mail, status: ParsedStatus, returned: Returned): SpokenDialect | undefined {
  const dialect = hearDialect(mail);
  if (dialect !== undefined) return dialect;
  const guess = hearUnknown(mail, returned);
  return guess?.isNamed || status.recipients.length === 0 ? guess : undefined;
}

function joinRecipients(
  reported: readonly DsnRecipient[],
  dialect: SpokenDialect | undefined,
): { recipients: readonly DsnRecipient[]; format: ReportFormat } {
  if (dialect === undefined) return { recipients: reported, format: "rfc3464" };
  const spoken = dialect.finding.recipients;
  if (reported.length === 0) {
    return { recipients: spoken.map((one) => recipientFromDialect(one, dialect.format)), format: dialect.format };
  }
  const recipients = reported.map((recipient) => {
    const key = recipient.addressText.toLowerCase();
    const match =
      spoken.find((one) => one.addressText.toLowerCase() === key) ?? (spoken.length === 1 ? spoken[0] : undefined);
    if (match?.diagnostic === undefined) return recipient;
    if (lacksWords(recipient) && match.diagnostic.length > (recipient.diagnostic?.length ?? 0)) {
      return addDiagnostic(recipient, match.diagnostic);
    }
    if (isExpired(recipient) && saysMore(match.diagnostic))
      return addDiagnostic({ ...recipient, replyCode: undefined }, match.diagnostic);
    return addStage(recipient, stageOf(match.diagnostic), dialect.format);
  });
  return { recipients, format: "rfc3464" };
}

/** The last error stands beside the expiry: its code is another one. */
function saysMore(diagnostic: string): boolean {
  const { status } = codesOf(diagnostic);
  return status !== undefined && status !== "4.4.7";
}

function isMailSystem(mail: Mail): boolean {
  const { traits } = mail;
  return traits.has("null-reverse-path") || traits.has("from-daemon") || traits.has("subject-bounce");
}
