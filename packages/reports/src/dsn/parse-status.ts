/**
 * Delivery status notifications (RFC 3464; internationalised by RFC 6533).
 *
 * In: the decoded text of one or several delivery-status parts. Out: one per-message group and the recipients. Lenient
 * where MTAs in the wild are, but every leniency is a defect in the result, because a sloppy report is itself evidence.
 * Whether the report is genuine is decided in provenance.
 */
import type { Defect } from "@triage/message";
import { readFields } from "../fields.ts";
import type { DsnRecipient } from "../report.ts";
import { parseAction } from "./action.ts";
import { groupStatusFields, MAX_RECIPIENTS } from "./groups.ts";
import { completeRecipient } from "./recipient.ts";
import { parseStatus } from "./status.ts";
import { parseTypedAddress, parseTypedName } from "./typed-address.ts";

/** LIMIT: an Original-Envelope-Id has at most 100 characters (RFC 3461 section 4.4); tenfold is kept. */
const MAX_ENVELOPE_ID_CHARS = 1_000;

export interface ParsedStatus {
  readonly reportingMta: string | undefined;
  readonly envelopeId: string | undefined;
  readonly receivedFromMta: string | undefined;
  readonly arrivalDate: string | undefined;
  readonly queueId: string | undefined;
  /** The reverse-path of the returned message, where an extension field names it (`X-Postfix-Sender: rfc822; ann@example.com`). */
  readonly sender: string | undefined;
  /** 0 to MAX_RECIPIENTS; none leaves the decision (another part, a dialect, the defect `no-recipient`) to the caller. */
  readonly recipients: readonly DsnRecipient[];
  /** True when at least one field of RFC 3464 was there: false for prose under a wrong type. */
  readonly hasFields: boolean;
  readonly defects: readonly Defect[];
}

/** Parses the text of a `message/delivery-status` or `message/global-delivery-status` part. */
export function parseStatusText(text: string): ParsedStatus {
  const groups = groupStatusFields(readFields(untilDelimiter(text)));
  const defects: Defect[] = [];
  if (groups.tooMany) {
    defects.push({
      code: "too-many-recipients",
      detail: `more than ${MAX_RECIPIENTS} recipients, the rest is left out`,
    });
  }
  const recipients: DsnRecipient[] = [];
  const seen = new Set<string>();
  for (const group of groups.recipients) {
    const recipient = readRecipient(group, defects);
    // QUIRK(sendmail): an alias that leads to one mailbox on many ways is reported once for each way, word for word.
    const key = `${recipient.addressText}\n${recipient.action}\n${recipient.status}\n${recipient.diagnostic}`;
    if (!seen.has(key)) recipients.push(recipient);
    seen.add(key);
  }
  const message = groups.message;
  return {
    reportingMta: named(message, "reporting-mta"),
    envelopeId: message.get("original-envelope-id")?.slice(0, MAX_ENVELOPE_ID_CHARS) || undefined,
    receivedFromMta: named(message, "received-from-mta"),
    arrivalDate: message.get("arrival-date") || undefined,
    queueId: queueIdOf(message),
    sender: senderOf(message),
    recipients,
    hasFields: recipients.length > 0 || message.has("reporting-mta") || message.has("arrival-date"),
    defects,
  };
}

/** A delimiter line within the part is one that its multipart does not know: what follows is the next part. */
function untilDelimiter(text: string): string {
  const at = text.search(/^--\S/m);
  return at === -1 ? text : text.slice(0, at);
}

function readRecipient(group: ReadonlyMap<string, string>, defects: Defect[]): DsnRecipient {
  const final = parseTypedAddress(group.get("final-recipient") ?? "");
  const original = parseTypedAddress(group.get("original-recipient") ?? group.get("x-actual-recipient") ?? "");
  const statusText = group.get("status");
  const status = statusText === undefined ? undefined : parseStatus(statusText);
  if (statusText !== undefined && status === undefined) {
    defects.push({ code: "bad-status", detail: "Status is no enhanced status code (RFC 3463 section 2)" });
  }
  const action = parseAction(group.get("action"), status);
  if (!action.standard) {
    defects.push({ code: "bad-action", detail: "Action is none of the words of RFC 3464 section 2.3.3" });
  }
  if (final?.address === undefined) {
    defects.push({
      code: "bad-address",
      detail: "Final-Recipient is missing or no mail address (RFC 3464 section 2.3.2)",
    });
  }
  return completeRecipient(
    {
      address: final?.address ?? original?.address,
      addressText: final?.text ?? original?.text ?? "",
      originalRecipient: original?.address,
      action: action.action,
      status,
      replyCode: undefined,
      diagnostic: diagnosticOf(group, statusText),
      remoteMta: named(group, "remote-mta"),
      willRetryUntil: group.get("will-retry-until") || undefined,
    },
    "rfc3464",
  );
}

/**
 * Diagnostic-Code, or what other fields hold of the remote's words where there is none.
 *
 * QUIRK(james, messaging-server): the comment of the Status field: `4.0.0 (cat.example.net: host name lookup failure)`.
 * QUIRK(x400-gateway, exim): X-Supplementary-Info, X-Exim-Reason and the like.
 */
function diagnosticOf(group: ReadonlyMap<string, string>, status: string | undefined): string | undefined {
  const code = group.get("diagnostic-code");
  const more = group.get("x-supplementary-info") ?? group.get("x400-supplementary-info") ?? group.get("x-notes");
  if (code !== undefined && more !== undefined) return `${code} ${more}`;
  const comment = status === undefined ? -1 : status.indexOf("(");
  const spoken = comment === -1 ? undefined : status?.slice(comment + 1).replace(/\)\s*$/, "");
  return (isEmptyDiagnostic(code) ? undefined : code) || more || spoken || undefined;
}

/** QUIRK(sendmail): `Diagnostic-Code: SMTP; ` when the connection broke before a word was said. */
function isEmptyDiagnostic(code: string | undefined): boolean {
  return code === undefined || /^[\w.-]{1,20};\s*$/.test(code);
}

function named(group: ReadonlyMap<string, string>, name: string): string | undefined {
  const value = group.get(name);
  return value === undefined ? undefined : parseTypedName(value);
}

/** `X-Postfix-Queue-ID`, `X-SendGrid-QueueID`, `X-KumoMTA-...`: every MTA names it in its own extension field. */
function queueIdOf(message: ReadonlyMap<string, string>): string | undefined {
  for (const [name, value] of message) {
    if (name.startsWith("x-") && (name.endsWith("queue-id") || name.endsWith("queueid"))) return value || undefined;
  }
  return undefined;
}

function senderOf(message: ReadonlyMap<string, string>): string | undefined {
  for (const [name, value] of message) {
    if (name.startsWith("x-") && name.endsWith("-sender")) return parseTypedAddress(value)?.text;
  }
  return undefined;
}
