/**
 * Feedback reports: ARF (RFC 5965), authentication failures (RFC 6591), and what feedback loops send that is neither.
 */
import { type Address, parseAddress } from "@triage/message";
import { fieldValue, fieldValues, type ReportField, readFields } from "../fields.ts";
import { type Mail, reportBase } from "../mail.ts";
import { partOfType } from "../outline.ts";
import type { FeedbackReport } from "../report.ts";
import { withReversePath } from "../returned/describe.ts";
import { findReturned } from "../returned/find-returned.ts";
import { readLoopDeviation } from "./feedback-deviations.ts";
import { readXarf } from "./xarf.ts";

/** LIMIT: recipients and domains of one report that are kept. */
const MAX_FEEDBACK_ENTRIES = 1_000;

/** RFC 5965 section 3.1: the field that every report has. */
const FIELDS_BEGIN = /^Feedback-Type ?:/im;

export function readFeedback(mail: Mail): FeedbackReport | undefined {
  const part = partOfType(mail.outline, "message/feedback-report");
  if (part !== undefined) return reportFromFields(mail, readFields(part.text()));
  return readXarf(mail) ?? readLoopDeviation(mail) ?? readMislabelled(mail);
}

/** A multipart/report for feedback whose fields have another type (text/plain at some gateways), or are lost altogether. */
function readMislabelled(mail: Mail): FeedbackReport | undefined {
  const { parts } = mail.outline;
  const root = parts[0]?.contentType;
  if (root?.value !== "multipart/report" || root.parameters.get("report-type")?.toLowerCase() !== "feedback-report")
    return undefined;
  const text = parts
    .map((part) => (part.contentType.value.startsWith("text/") ? part.text() : ""))
    .find((one) => FIELDS_BEGIN.test(one));
  return reportFromFields(mail, readFields(text ?? ""));
}

function reportFromFields(mail: Mail, fields: readonly ReportField[]): FeedbackReport {
  const mailFrom = fieldValue(fields, "original-mail-from");
  const type = firstWord(fieldValue(fields, "feedback-type"));
  return {
    kind: "feedback",
    ...reportBase(mail, withReversePath(findReturned(mail), mailFrom), {
      defects: type === "" ? [{ code: "bad-field", detail: "Feedback-Type is missing (RFC 5965 section 3.1)" }] : [],
    }),
    // RFC 5965 section 7.3: `other` is the type for what the other types do not say.
    feedbackType: type === "" ? "other" : type,
    userAgent: fieldValue(fields, "user-agent"),
    sourceIp: sourceIpOf(fieldValue(fields, "source-ip")),
    originalMailFrom: mailFrom,
    originalRecipients: recipientsOf(fieldValues(fields, "original-rcpt-to")),
    reportedDomains: fieldValues(fields, "reported-domain").slice(0, MAX_FEEDBACK_ENTRIES),
  };
}

function firstWord(value: string | undefined): string {
  return /^[a-z0-9-]+/.exec(value?.toLowerCase() ?? "")?.[0] ?? "";
}

/** QUIRK(opendmarc): the host name follows in brackets; QUIRK(yahoo): the IP itself stands in brackets. */
function sourceIpOf(value: string | undefined): string | undefined {
  return value === undefined ? undefined : /[0-9a-f.:]{2,45}/i.exec(value)?.[0];
}

function recipientsOf(values: readonly string[]): readonly Address[] {
  return values
    .slice(0, MAX_FEEDBACK_ENTRIES)
    .map((value) => parseAddress(value))
    .filter((address) => address !== undefined);
}
