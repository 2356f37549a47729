/** Haraka, the SMTP server on Node.js: config/outbound.bounce_message, filled in by outbound/hmail.js. */
import type { Dialect, DialectFinding } from "./dialect.ts";
import { firstAddress, joinLines } from "./grammar/addresses.ts";
import { defineDialect } from "./grammar/define-dialect.ts";
import type { ReportText } from "./grammar/report-text.ts";

const RECIPIENTS = "Intended Recipients:";
const REASON = "Failure Reason:";

export const haraka: Dialect = defineDialect({
  name: "haraka",
  source: "Haraka/config/outbound.bounce_message",
  markers: ["this is the haraka mailer program at"],
  parse: readTemplate,
});

/** `Intended Recipients: <joe@example.net>, <ann@example.net>`, one reason for all of them below. */
function readTemplate(report: ReportText): DialectFinding | undefined {
  const { lines, returnedAt } = report;
  const named = lines.find((line) => line.startsWith(RECIPIENTS));
  const reason = lines.findIndex((line) => line.startsWith(REASON));
  if (named === undefined) return undefined;
  const diagnostic = reason < 0 ? "" : joinLines(lines.slice(reason)).slice(REASON.length).trim();
  const addresses = named
    .slice(RECIPIENTS.length)
    .split(",")
    .map((part) => firstAddress(part));
  const recipients = addresses
    .filter((address) => address !== undefined)
    .map((addressText) => ({ addressText, ...(diagnostic && { diagnostic }) }));
  return { recipients, ...(returnedAt !== undefined && { returnedAt }) };
}
