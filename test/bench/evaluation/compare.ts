/** Compares one report with its label, field by field. A field that the label leaves open is not counted. */
import { formatAddress } from "@triage/message";
import type { DsnReport, Report } from "@triage/reports";
import { expectedKinds, isHam, type Label } from "./labels.ts";

export const FIELDS = [
  "recognised",
  "recipients",
  "finalRecipients",
  "status",
  "replyCode",
  "reason",
  "action",
  "returnedForm",
  "messageId",
] as const;

export type Field = (typeof FIELDS)[number];

export interface Comparison {
  readonly field: Field;
  readonly expected: string;
  readonly got: string;
  readonly matches: boolean;
}

export function compare(label: Label, report: Report): readonly Comparison[] {
  const kinds = expectedKinds(label.kind);
  const compared: Comparison[] = [];
  if (kinds !== undefined)
    compared.push(row("recognised", kinds.join("|"), describeKind(report), kinds.includes(report.kind)));
  else if (isHam(label.kind))
    compared.push(row("recognised", "no bounce", describeKind(report), report.kind !== "dsn"));
  if (report.kind === "dsn") compared.push(...compareDsn(label, report));
  if (kinds?.includes(report.kind)) compared.push(...compareReturned(label, report));
  return compared;
}

function compareDsn(label: Label, report: DsnReport): Comparison[] {
  const compared: Comparison[] = [];
  const addresses = report.recipients.map((one) =>
    one.address === undefined ? one.addressText : formatAddress(one.address),
  );
  if (label.recipients.length > 0) {
    // flufl names the address that was mailed: the Original-Recipient, where the report has one.
    const originals = report.recipients.map((one) =>
      one.originalRecipient === undefined ? "" : formatAddress(one.originalRecipient),
    );
    const matches = sameSet(label.recipients, addresses) || sameSet(label.recipients, originals);
    compared.push(row("recipients", sorted(label.recipients), sorted(addresses), matches));
  }
  if (label.finalRecipients.length > 0) {
    // The column is cut at the first blank, which X.400 names and pipes have.
    const texts = report.recipients.map((one) => one.addressText.split(/\s/, 1)[0] ?? "");
    const matches = sameSet(label.finalRecipients, addresses) || sameSet(label.finalRecipients, texts);
    compared.push(row("finalRecipients", sorted(label.finalRecipients), sorted(addresses), matches));
  }
  const pick = (value: (one: DsnReport["recipients"][number]) => string | undefined) =>
    report.recipients.map((one) => value(one) ?? "");
  // Sisimai writes x.0.9nn where a bounce names no status: nothing to compare with.
  if (label.status.length > 0 && !label.status.some((one) => /\.0\.9\d\d$/.test(one))) {
    compared.push(
      list(
        "status",
        label.status,
        pick((one) => one.status),
      ),
    );
  }
  if (label.replyCode.length > 0)
    compared.push(
      list(
        "replyCode",
        label.replyCode,
        pick((one) => one.replyCode),
      ),
    );
  if (label.reason.length > 0)
    compared.push(
      list(
        "reason",
        label.reason,
        pick((one) => one.reason),
      ),
    );
  const action = label.action.filter((one) => ["failed", "delayed", "delivered", "relayed", "expanded"].includes(one));
  if (action.length > 0)
    compared.push(
      list(
        "action",
        action,
        pick((one) => one.action),
      ),
    );
  return compared;
}

function compareReturned(label: Label, report: Report): Comparison[] {
  const { form, messageId } = report.returned;
  const compared = [
    row("returnedForm", label.returned, form, label.returned === "" || returnedForm(label.returned) === form),
  ];
  if (label.returnedMessageId !== "") {
    const expected = label.returnedMessageId.replace(/^<?/, "<").replace(/>?$/, ">");
    // Labels taken from quoted-printable text end at its soft line break.
    const cut = expected.endsWith("=>") ? expected.slice(0, -2) : undefined;
    const matches = cut === undefined ? expected === messageId : (messageId?.startsWith(cut) ?? false);
    compared.push(row("messageId", expected, messageId ?? "", matches));
  }
  return compared;
}

function returnedForm(label: string): string {
  if (label === "message/rfc822") return "message";
  return label.endsWith("rfc822-headers") ? "headers" : label;
}

function describeKind(report: Report): string {
  return report.kind === "dsn" ? `dsn (${report.format})` : report.kind;
}

/** Lists agree as sets: labels and reports may repeat a value for each recipient or name it once. */
function list(field: Field, expected: readonly string[], got: readonly string[]): Comparison {
  const wanted = new Set(expected);
  const found = new Set(got);
  const matches = wanted.size === found.size && [...wanted].every((one) => found.has(one));
  return row(field, expected.join(","), got.join(","), matches);
}

function sameSet(expected: readonly string[], got: readonly string[]): boolean {
  return sorted(expected) === sorted(got);
}

function sorted(values: readonly string[]): string {
  return [...new Set(values.map((value) => value.trim().toLowerCase()))].sort().join(",");
}

function row(field: Field, expected: string, got: string, matches: boolean): Comparison {
  return { field, expected, got, matches };
}
