/**
 * XMail (xmailserver.org, AfterLogic XMail Server): numbered sections, one recipient a report. Source: QueueUtils.cpp,
 * QueUtBuildErrorResponse(); the note of a warning: SMAILSvr.cpp.
 */
import type { Dialect, DialectFinding } from "./dialect.ts";
import { firstAddress, joinLines } from "./grammar/addresses.ts";
import { defineDialect } from "./grammar/define-dialect.ts";
import type { ReportText } from "./grammar/report-text.ts";

const OPENING = "xmail bounce: rcpt=[";

export const xmail: Dialect = defineDialect({
  name: "xmail",
  source: "xmail/QueueUtils.cpp QueUtBuildErrorResponse()",
  markers: [OPENING],
  parse: readSections,
});

function readSections(report: ReportText): DialectFinding | undefined {
  const opening = report.lines.find((line) => line.toLowerCase().includes(OPENING));
  const addressText = opening && firstAddress(opening, opening.indexOf("["));
  if (!addressText) return undefined;
  const diagnostic = joinLines(section(report.lines, "[<02>]"));
  const isDelay = section(report.lines, "[<03>]").some((line) => line.includes("This is a temporary error"));
  const remoteMta = report.lines.map((line) => /^Server: {1,8}<([^<>]{1,255})>/.exec(line)?.[1]).find(Boolean);
  return {
    recipients: [
      {
        addressText,
        action: isDelay ? "delayed" : "failed",
        ...(diagnostic && { diagnostic }),
        ...(remoteMta && { remoteMta }),
      },
    ],
    ...(report.returnedAt !== undefined && { returnedAt: report.returnedAt }),
  };
}

/** The lines below a section's heading, up to the next one. */
function section(lines: readonly string[], number: string): readonly string[] {
  const start = lines.findIndex((line) => line.startsWith(number));
  if (start < 0) return [];
  const end = lines.findIndex((line, at) => at > start && line.startsWith("[<0"));
  return lines.slice(start + 1, end < 0 ? undefined : end);
}
