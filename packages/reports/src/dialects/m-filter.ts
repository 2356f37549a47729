/** Digital Arts m-FILTER (Japan): its bounce text, in Japanese with English headings. */
import type { Dialect, DialectFinding } from "./dialect.ts";
import { joinLines, loneAddress } from "./grammar/addresses.ts";
import { defineDialect } from "./grammar/define-dialect.ts";
import type { ReportText } from "./grammar/report-text.ts";

export const mFilter: Dialect = defineDialect({
  name: "m-filter",
  source: "Digital Arts m-FILTER: failure notice",
  markers: ["「m-filter」が自動的に生成", "-------server message"],
  parse: readSections,
});

/** `-------server message`, `-------SMTP command`: the reply, and the command that it answered. */
function readSections(report: ReportText): DialectFinding {
  const addresses: string[] = [];
  const reply: string[] = [];
  let command = "";
  let section = "";
  for (const line of report.lines) {
    if (line.startsWith("-------")) section = line.slice(7).trim().toLowerCase();
    else if (section === "" && loneAddress(line)) addresses.push(loneAddress(line) as string);
    else if (section === "server message") reply.push(line);
    else if (section === "smtp command") command ||= line.trim();
  }
  const stage = /^(?:RCPT|MAIL)/.test(command)
    ? `${command.slice(0, 4)} ${command.startsWith("RCPT") ? "TO" : "FROM"}`
    : command;
  const diagnostic = joinLines(reply) + (stage ? ` (in reply to ${stage} command)` : "");
  return {
    recipients: addresses.map((addressText) => ({ addressText, diagnostic })),
    ...(report.returnedAt !== undefined && { returnedAt: report.returnedAt }),
  };
}
