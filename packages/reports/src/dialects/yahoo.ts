/**
 * Yahoo, AOL and the domains that they host (SBC, Rogers, BT): the layout of qmail, with words of their own. Source: Yahoo
 * Sender Hub and the mail that mta*.mail.yahoo.com sends.
 */
import type { Dialect, DialectFinding, DialectInput } from "./dialect.ts";
import { firstAddress, joinLines } from "./grammar/addresses.ts";
import { defineDialect } from "./grammar/define-dialect.ts";
import type { ReportText } from "./grammar/report-text.ts";
import { readQmail } from "./qmail.ts";

export const yahoo: Dialect = defineDialect({
  name: "yahoo",
  source: "senders.yahooinc.com; mail of mailer-daemon@yahoo.com",
  markers: [
    "sorry, we were unable to deliver your message to the following address",
    "unable to deliver message to the following address(es)",
    "i'm afraid i wasn't able to deliver the following message",
  ],
  parse: (report) => {
    const finding = readQmail(report);
    return finding.recipients.length > 0 ? finding : readSubjectCard(report);
  },
});

/** The page without an address list (2023): "Subject: ..." and "To: ..." of the message are all that it says. */
function readSubjectCard(report: ReportText): DialectFinding | undefined {
  const words = joinLines(report.lines);
  const to = words.indexOf(" To: ");
  const addressText = to < 0 ? undefined : firstAddress(words, to);
  if (!addressText) return undefined;
  return {
    recipients: [{ addressText, diagnostic: words.slice(0, to) }],
    ...(report.returnedAt !== undefined && { returnedAt: report.returnedAt }),
  };
}

/** AOL's screen names stand without a domain: it is the sender's. */
export const aol: Dialect = defineDialect({
  name: "aol",
  source: 'AOL postmaster: "Mail Delivery Problem"',
  markers: ["your mail to the following recipients could not be delivered because"],
  parse: readScreenNames,
});

function readScreenNames(report: ReportText, input: DialectInput): DialectFinding {
  const at = report.lines.findIndex((line) => line.startsWith("Your mail to the following recipients"));
  const domain = input.from.slice(input.from.indexOf("@"));
  const names = report.lines
    .slice(at + 1)
    .map((line) => line.trim())
    .filter((line) => /^[^\s]{1,64}$/.test(line));
  const words = joinLines(report.lines.slice(at, at + 1));
  return {
    recipients: names.map((name) => ({ addressText: name.includes("@") ? name : name + domain, diagnostic: words })),
    ...(report.returnedAt !== undefined && { returnedAt: report.returnedAt }),
  };
}
