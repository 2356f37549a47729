/** Ipswitch IMail Server (SMTP32): smtpd32 delivery log texts, "Undeliverable Mail". */
import type { Dialect, DialectFinding } from "./dialect.ts";
import { firstAddress, joinLines } from "./grammar/addresses.ts";
import { defineDialect } from "./grammar/define-dialect.ts";
import type { ReportText } from "./grammar/report-text.ts";

/** A line that names a recipient: what happened, then the address. Lower case. */
const NAMING: readonly string[] = [
  "unknown user:",
  "unknown host:",
  "user mailbox exceeds allowed size:",
  "invalid final delivery userid:",
  "delivery failed",
  "undeliverable to",
  "undeliverable  to",
  "delivery userid:",
];

export const imail: Dialect = defineDialect({
  name: "imail",
  source: "Ipswitch IMail Server: SMTP32 delivery messages",
  markers: [
    "unknown user:",
    "unknown host:",
    "user mailbox exceeds allowed size:",
    "invalid final delivery userid:",
    "delivery failed * attempts:",
    "undeliverable to",
    "undeliverable  to",
  ],
  also: (input) =>
    input.subject.trim() === "Undeliverable Mail" ||
    input.message.root.headers.value("x-mailer")?.startsWith("<SMTP32") === true,
  parse: readNaming,
});

function readNaming(report: ReportText): DialectFinding {
  const entries: { addressText: string; parts: string[] }[] = [];
  for (const line of report.lines) {
    const lower = line.toLowerCase();
    const address = NAMING.some((words) => lower.startsWith(words)) ? firstAddress(line) : undefined;
    if (address) entries.push({ addressText: address, parts: [line.slice(0, line.lastIndexOf(address))] });
    else entries.at(-1)?.parts.push(line);
  }
  return {
    recipients: entries.map(({ addressText, parts }) => ({ addressText, diagnostic: joinLines(parts) })),
    ...(report.returnedAt !== undefined && { returnedAt: report.returnedAt }),
  };
}
