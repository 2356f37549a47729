/** phquery, the mailer of the CSO nameserver (ph/qi, University of Illinois): universities' directories of the 1990s. */
import type { Dialect, DialectFinding } from "./dialect.ts";
import { joinLines } from "./grammar/addresses.ts";
import { defineDialect } from "./grammar/define-dialect.ts";
import type { ReportText } from "./grammar/report-text.ts";

export const phquery: Dialect = defineDialect({
  name: "phquery",
  source: "phquery 4 (CSO nameserver): error mail",
  markers: ["error detail (phquery"],
  parse: readNames,
});

/**
 * The names that failed stand without a domain (` joe    No matches to nameserver query`); the advice below spells the
 * address with `NAME` in its place, once for each domain that the directory serves.
 */
function readNames(report: ReportText): DialectFinding {
  const start = report.lines.findIndex((line) => /not delivered to the following/i.test(line));
  const end = report.lines.findIndex((line) => /Error Detail \(phquery/i.test(line));
  const names = report.lines
    .slice(start + 1, end)
    .flatMap((line) => /^\s*(\S{1,64})\s{2,}(\S.*)$/.exec(line)?.slice(1, 3) ?? []);
  const text = joinLines(report.lines.slice(end));
  const domains = new Set(
    [...text.matchAll(/mailing (?:to )?NAME@([a-z\d.-]{3,255}[a-z\d])/gi)].map((match) => match[1] as string),
  );
  const recipients = [];
  for (let at = 0; at < names.length; at += 2) {
    for (const domain of domains)
      recipients.push({ addressText: `${names[at]}@${domain}`, diagnostic: names[at + 1] as string });
  }
  return { recipients, ...(report.returnedAt !== undefined && { returnedAt: report.returnedAt }) };
}
