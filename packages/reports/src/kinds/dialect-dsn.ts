/** Bounces in the text of an MTA that does not (or did not yet) write RFC 3464. */
import type { DialectFinding, DialectInput } from "../dialects/dialect.ts";
import { heardDialects } from "../dialects/index.ts";
import { recipientFromDialect } from "../dsn/recipient.ts";
import { type Mail, reportBase } from "../mail.ts";
import type { DsnReport, ReportFormat } from "../report.ts";
import { findReturned } from "../returned/find-returned.ts";
import { isFromMailSystem, mayBeMailSystem } from "./mail-system.ts";

export interface SpokenDialect {
  readonly format: ReportFormat;
  readonly finding: DialectFinding;
}

/** The first dialect of the list that knows the text. */
export function hearDialect(mail: Mail): SpokenDialect | undefined {
  const { message, subject, from } = mail.outline;
  const input: DialectInput = { message, subject, from, text: mail.outline.text() };
  for (const dialect of heardDialects(input)) {
    const finding = dialect.detect(input) ? dialect.parse(input) : undefined;
    if (finding !== undefined) return { format: `dialect:${dialect.name}`, finding };
  }
  return undefined;
}

/** LIMIT: paragraphs above a quoted bounce. */
const MAX_PARAGRAPHS_ABOVE = 32;

/** Fields of RFC 3464 as they begin a pasted report. */
const REPORT_FIELDS = /^[> ]{0,4}(?:Reporting-MTA|Final-Recipient|Original-Recipient) ?:/im;

/** What stands above the first paragraph in which an MTA speaks, or its fields begin; undefined where none does. */
export function textAboveBounce({ outline }: Mail): string | undefined {
  const { message, subject, from } = outline;
  const paragraphs = outline.text().split(/\n[ \t>]*\n/, MAX_PARAGRAPHS_ABOVE);
  const at = paragraphs.findIndex(
    (text) => heardDialects({ message, subject, from, text }).length > 0 || REPORT_FIELDS.test(text),
  );
  return at === -1 ? undefined : paragraphs.slice(0, at).join("\n");
}

export function readDialectDsn(mail: Mail): DsnReport | undefined {
  if (!isFromMailSystem(mail) && !mayBeMailSystem(mail)) return undefined;
  const dialect = hearDialect(mail);
  if (dialect === undefined) return undefined;
  const { finding, format } = dialect;
  return {
    kind: "dsn",
    format,
    ...reportBase(mail, findReturned(mail, finding.returnedAt)),
    reportingMta: finding.reportingMta,
    envelopeId: undefined,
    arrivalDate: undefined,
    queueId: finding.queueId,
    recipients: finding.recipients.map((recipient) => recipientFromDialect(recipient, format)),
  };
}
