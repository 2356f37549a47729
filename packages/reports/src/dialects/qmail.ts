/**
 * qmail and its forks (netqmail, notqmail, Plesk, qmail-ldap, s/qmail) and those who copied the layout (MessageLabs,
 * GoDaddy, newmail.ru, Yahoo): qmail-send.c, injectbounce(); qmail-remote.c and qmail-local.c (the error lines).
 */
import type { Dialect, DialectFinding, DialectRecipient } from "./dialect.ts";
import { bracketedAtStart, firstAddress, joinLines } from "./grammar/addresses.ts";
import { defineDialect } from "./grammar/define-dialect.ts";
import type { ReportText } from "./grammar/report-text.ts";

const REPORTING_HOST =
  /^(?:Hi\. )?This is the (?:qmail-send program|mail delivery agent|machine generated message|deliver program|MAILER-DAEMON) at ([^\s]{1,255}?)\.?$/;

export const qmail: Dialect = defineDialect({
  name: "qmail",
  source: "qmail-1.03/qmail-send.c, qmail-remote.c, qmail-local.c; netqmail; notqmail",
  markers: [
    "this is the qmail-send program at",
    "i wasn't able to deliver your message to the following addresses",
    "i was not able to deliver your message to the following addresses",
    "this is the mail delivery agent at",
    "this is the machine generated message from mail service",
    "there's a problem with the e-mail address(es) you're trying",
    "su mensaje no pudo ser entregado",
    "check your send e-mail address",
    "hi. the mta program at",
    "your mail was not delivered to the following address:",
    "unable to deliver your message to the following address",
    "your mail message to the following address",
    "below this line is a copy of the message.",
    "enclosed is a copy of the message.",
    "i tried to deliver a bounce message to this address, but the bounce bounced",
  ],
  parse: readQmail,
});

/** Also read by Yahoo's dialect and others with the same layout. */
export function readQmail(report: ReportText): DialectFinding {
  const host = report.lines.map((line) => REPORTING_HOST.exec(line.trim())?.[1]).find((name) => name !== undefined);
  return {
    recipients: readParagraphs(report.lines),
    ...(host && { reportingMta: host }),
    ...(report.returnedAt !== undefined && { returnedAt: report.returnedAt }),
  };
}

/** `<joe@example.net>:` alone on its line (some forks: `To:<joe@example.net>:`), then what happened, to the next such line. */
function readParagraphs(lines: readonly string[]): DialectRecipient[] {
  const entries: { addressText: string; parts: string[] }[] = [];
  for (const line of lines) {
    const addressText = entryAddress(line);
    if (addressText) entries.push({ addressText, parts: [] });
    else entries.at(-1)?.parts.push(line);
  }
  return entries.map(({ addressText, parts }) => {
    const diagnostic = joinLines(parts);
    const remote = /(?:^|Connected to |Giving up on )(\d{1,3}(?:\.\d{1,3}){3})/.exec(diagnostic)?.[1];
    return { addressText, ...(diagnostic && { diagnostic }), ...(remote && { remoteMta: remote }) };
  });
}

function entryAddress(line: string): string | undefined {
  const entry = bracketedAtStart(line.startsWith("To:") ? line.slice(3).trim() : line);
  if (!entry || !/^\s*:\s*$/.test(entry.rest)) return undefined;
  return firstAddress(entry.inside) ?? (entry.inside || undefined);
}
