/**
 * Postfix: src/bounce/bounce_notify_util.c and bounce_template.c (text part of bounces, delays and success reports),
 * src/smtpd/smtpd_chat.c ("Postfix SMTP server: errors from ..."). The RFC 3464 part is missing in versions before 1.0,
 * and where a gateway dropped it; smtpd's transcript never has one.
 */
import type { Dialect, DialectFinding, DialectRecipient } from "./dialect.ts";
import { bracketedAtStart, joinLines } from "./grammar/addresses.ts";
import { defineDialect } from "./grammar/define-dialect.ts";
import type { ReportText } from "./grammar/report-text.ts";
import { readTranscript } from "./grammar/smtp-transcript.ts";

/** bounce_template.c, "This is the %s program at host %s": a site may put its own name for $mail_name. */
const REPORTING_HOST = /^This is the .{1,80} (?:program|system) at host ([^\s]{1,255}?)\.?$/;

export const postfix: Dialect = defineDialect({
  name: "postfix",
  source: "postfix/src/bounce/bounce_template.c, bounce_notify_util.c",
  markers: [
    "this is the postfix program at host",
    "this is the mail system at host",
    "program at host",
    "message returned\nbelow could not be delivered",
    "your message could not\nbe delivered to one or more recipients",
    "your message could not be\ndelivered to one or more recipients",
    "this is a warning only.  you do not need to resend your message",
  ],
  parse: readPostfix,
});

function readPostfix(report: ReportText): DialectFinding {
  const isDelay = report.lines.some((line) => line.includes("THIS IS A WARNING ONLY"));
  const isSuccess = report.lines.some((line) => line.startsWith("Your message was successfully delivered"));
  const action = isDelay ? "delayed" : isSuccess ? "delivered" : "failed";
  const host = report.lines.map((line) => REPORTING_HOST.exec(line)?.[1]).find((name) => name !== undefined);
  return {
    recipients: readEntries(report.lines).map((entry) => ({ ...entry, action })),
    ...(host && { reportingMta: host }),
    ...(report.returnedAt !== undefined && { returnedAt: report.returnedAt }),
  };
}

/**
 * `<joe@example.net>: host mx.example.net[192.0.2.1] said: 550 ...`, continued on indented lines; for an alias
 * `<joe@example.net> (expanded from <all@example.com>): ...`.
 */
function readEntries(lines: readonly string[]): DialectRecipient[] {
  const entries: DialectRecipient[] = [];
  for (let at = 0; at < lines.length; at++) {
    const entry = bracketedAtStart(lines[at] as string);
    if (!entry || entry.inside === "") continue;
    const colon = entry.rest.indexOf(":");
    if (colon < 0 || !/^(?:\s*\(expanded from [^)]{1,255}\)|\s*\([^)]{1,255}\))?:/.test(entry.rest)) continue;
    const said = [entry.rest.slice(colon + 1)];
    while (continues(lines[at + 1])) said.push(lines[++at] as string);
    const diagnostic = joinLines(said);
    const remote = /host ([^\s[]{1,255})\[/.exec(diagnostic)?.[1];
    entries.push({ addressText: entry.inside, diagnostic, ...(remote && { remoteMta: remote }) });
  }
  return entries;
}

/** Postfix indents, and ends each entry with a blank line; gateways that wrap lines anew do not indent. */
function continues(line: string | undefined): line is string {
  return line !== undefined && line.trim() !== "" && !line.startsWith("<");
}

/** smtpd_chat.c: what a client said to our own server, sent to the postmaster by `notify_classes`. */
export const postfixTranscript: Dialect = defineDialect({
  name: "postfix-transcript",
  source: "postfix/src/smtpd/smtpd_chat.c, smtpd_chat_notify()",
  markers: ["transcript of session follows."],
  also: (input) => /^Postfix (?:SMTP|LMTP|QMQP) (?:server|client): /.test(input.subject),
  parse: (report) => readTranscript(report.lines, { client: " In:", server: " Out:" }),
});
