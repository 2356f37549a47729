/**
 * DragonFly Mail Agent: a greeting with the name of its host, one recipient, and what the remote host did not like.
 *
 * One report is about one recipient: dma queues a copy for each.
 */
import type { Dialect, DialectFinding } from "./dialect.ts";
import { firstAddress, joinLines } from "./grammar/addresses.ts";
import { defineDialect } from "./grammar/define-dialect.ts";
import type { ReportText } from "./grammar/report-text.ts";

const GREETING = "This is the DragonFly Mail Agent";
const RECIPIENT = "There was an error delivering your mail to <";

export const dma: Dialect = defineDialect({
  name: "dma",
  source: "DragonFly BSD usr.libexec/dma/mail.c bounce(), net.c deliver_to_host()",
  markers: ["this is the dragonfly mail agent"],
  parse: readNotice,
});

function readNotice(report: ReportText): DialectFinding | undefined {
  const at = report.lines.findIndex((line) => line.startsWith(RECIPIENT));
  const addressText = firstAddress(report.lines[at] ?? "");
  if (addressText === undefined) return undefined;
  const diagnostic = joinLines(report.lines.slice(at + 1));
  const host = hostBehind(report.lines.find((line) => line.startsWith(GREETING)) ?? "");
  const remote = REMOTE.exec(diagnostic)?.[1];
  return {
    recipients: [{ addressText, ...(diagnostic && { diagnostic }), ...(remote && { remoteMta: remote }) }],
    ...(host && { reportingMta: host }),
    ...(report.returnedAt !== undefined && { returnedAt: report.returnedAt }),
  };
}

/** `mx.example.net [192.0.2.25] did not like our RCPT TO:` */
const REMOTE = /^([\w.-]{1,255}) \[[\da-fA-F.:]{2,45}\] did not like our /;

/** `This is the DragonFly Mail Agent v0.13 at mail.example.org.` */
function hostBehind(greeting: string): string | undefined {
  const at = greeting.lastIndexOf(" at ");
  const host = at === -1 ? "" : greeting.slice(at + " at ".length).trim();
  return (host.endsWith(".") ? host.slice(0, -1) : host) || undefined;
}
