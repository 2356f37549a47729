/** A report as the plain JSON of a golden file: addresses as text, no bytes, nothing that is undefined. */
import { type Address, formatAddress, type ReversePath } from "@triage/message";
import type { DsnRecipient, Report, Returned } from "../src/report.ts";

export interface DescribedReport {
  readonly kind: string;
  readonly defects: readonly string[];
  readonly [field: string]: unknown;
}

export function describeReport(report: Report): DescribedReport {
  const { traits, defects, returned } = report;
  const common = { traits, defects: defects.map((defect) => defect.code), returned: describeReturned(returned) };
  return JSON.parse(JSON.stringify({ kind: report.kind, ...describeKind(report), ...common }));
}

function describeKind(report: Report): object {
  switch (report.kind) {
    case "dsn":
      return {
        format: report.format,
        reportingMta: report.reportingMta,
        envelopeId: report.envelopeId,
        arrivalDate: report.arrivalDate,
        queueId: report.queueId,
        recipients: report.recipients.map(describeRecipient),
      };
    case "feedback":
      return {
        feedbackType: report.feedbackType,
        userAgent: report.userAgent,
        sourceIp: report.sourceIp,
        originalMailFrom: report.originalMailFrom,
        originalRecipients: report.originalRecipients.map(formatAddress),
        reportedDomains: report.reportedDomains,
      };
    case "mdn":
      return {
        disposition: report.disposition,
        finalRecipient: format(report.finalRecipient),
        originalMessageId: report.originalMessageId,
      };
    default:
      return {};
  }
}

function describeRecipient(recipient: DsnRecipient): object {
  // The reason and its rule have golden files of their own: the examples in reasons/rules.
  const { reasonRule, ...rest } = recipient;
  return { ...rest, address: format(recipient.address), originalRecipient: format(recipient.originalRecipient) };
}

function describeReturned(returned: Returned): object {
  const { form, headers, body, from, reversePath, messageId, subject } = returned;
  return {
    form,
    fields: headers?.fields.map((field) => field.name),
    hasBody: body === undefined ? undefined : body.length > 0,
    from: format(from),
    reversePath: formatPath(reversePath),
    messageId,
    subject,
  };
}

function format(address: Address | undefined): string | undefined {
  return address === undefined ? undefined : formatAddress(address);
}

function formatPath(path: ReversePath | undefined): string | undefined {
  return path?.kind === "null" ? "<>" : format(path);
}
