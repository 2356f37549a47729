/** Compares one report with its label, field by field. A field that the label leaves open is not counted. */
import { formatAddress } from "@triage/message";
import type { DsnReport, Report } from "@triage/reports";
import { expectationOf } from "./label-kind.ts";
import type { Label } from "./labels.ts";

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

type Recipients = DsnReport["recipients"];

/** The action column has words of other vocabularies, too. */
const ACTIONS = new Set(["failed", "delayed", "delivered", "relayed", "expanded"]);
/** Sisimai writes x.0.9nn where a bounce names no status: nothing to compare with. */
const SISIMAI_STATUS = /\.0\.9\d\d$/;

/** A mistake is counted once: what is taken for something else is missing in `recognised`, and compared no further. */
export function compare(label: Label, report: Report): readonly Comparison[] {
  const expected = expectationOf(label.kind);
  const got = report.kind === "dsn" ? `dsn (${report.format})` : report.kind;
  switch (expected.kind) {
    case "anything":
      return [];
    case "no-bounce":
      return [row("recognised", "no bounce", got, report.kind !== "dsn")];
    case "one-of": {
      const right = expected.reports.includes(report.kind);
      const recognised = row("recognised", expected.reports.join("|"), got, right);
      if (!right) return [recognised];
      const recipients = report.kind === "dsn" ? report.recipients : undefined;
      return [
        recognised,
        ...(recipients === undefined ? [] : compareRecipients(label, recipients)),
        ...(recipients === undefined ? [] : compareFacts(label, recipients)),
        ...compareReturned(label, report),
      ];
    }
    default:
      return expected satisfies never;
  }
}

function compareRecipients(label: Label, recipients: Recipients): Comparison[] {
  const compared: Comparison[] = [];
  const addresses = recipients.map((one) => (one.address === undefined ? one.addressText : formatAddress(one.address)));
  const add = (field: Field, expected: readonly string[], others: readonly string[]) => {
    if (expected.length === 0) return;
    const matches = sameAddresses(expected, addresses) || sameAddresses(expected, others);
    compared.push(row(field, sorted(expected), sorted(addresses), matches));
  };
  // flufl names the address that was mailed: the Original-Recipient, where the report has one.
  const originals = recipients.map((one) =>
    one.originalRecipient === undefined ? "" : formatAddress(one.originalRecipient),
  );
  add("recipients", label.recipients, originals);
  // The column is cut at the first blank, which X.400 names and pipes have.
  const texts = recipients.map((one) => one.addressText.split(/\s/, 1)[0] ?? "");
  add("finalRecipients", label.finalRecipients, texts);
  return compared;
}

function compareFacts(label: Label, recipients: Recipients): Comparison[] {
  const status = label.status.some((one) => SISIMAI_STATUS.test(one)) ? [] : label.status;
  const action = label.action.filter((one) => ACTIONS.has(one));
  return [
    ...compareValues("status", status, recipients),
    ...compareValues("replyCode", label.replyCode, recipients),
    ...compareValues("reason", label.reason, recipients),
    ...compareValues("action", action, recipients),
  ];
}

/** Lists agree as sets: labels and reports may repeat a value for each recipient or name it once. */
function compareValues(
  field: "status" | "replyCode" | "reason" | "action",
  expected: readonly string[],
  recipients: Recipients,
): Comparison[] {
  if (expected.length === 0) return [];
  const got = recipients.map((one) => one[field] ?? "");
  const wanted = new Set(expected);
  const found = new Set(got);
  const matches = wanted.size === found.size && [...wanted].every((one) => found.has(one));
  return [row(field, expected.join(","), got.join(","), matches)];
}

function compareReturned(label: Label, report: Report): Comparison[] {
  const { form, messageId = "" } = report.returned;
  const compared: Comparison[] = [];
  if (label.returned !== "") {
    const expected = returnedForm(label.returned);
    compared.push(row("returnedForm", expected, form, expected === form));
  }
  if (label.returnedMessageId !== "") {
    const expected = `<${label.returnedMessageId.replace(/^</, "").replace(/>$/, "")}>`;
    // Labels taken from quoted-printable text end at its soft line break.
    const cut = expected.endsWith("=>") ? expected.slice(0, -2) : undefined;
    const matches = cut === undefined ? expected === messageId : messageId.startsWith(cut);
    compared.push(row("messageId", expected, messageId, matches));
  }
  return compared;
}

function returnedForm(label: string): string {
  if (label === "message/rfc822") return "message";
  return label.endsWith("rfc822-headers") ? "headers" : label;
}

function sameAddresses(expected: readonly string[], got: readonly string[]): boolean {
  return sorted(expected) === sorted(got);
}

function sorted(values: readonly string[]): string {
  return [...new Set(values.map((value) => value.trim().toLowerCase()))].sort().join(",");
}

function row(field: Field, expected: string, got: string, matches: boolean): Comparison {
  return { field, expected, got, matches };
}
