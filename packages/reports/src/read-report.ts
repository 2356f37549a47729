import type { Envelope, Message } from "@triage/message";
import { readDmarcAggregate, readTlsReport } from "./kinds/aggregate-reports.ts";
import { readAutoReply } from "./kinds/auto-reply.ts";
import { readDialectDsn } from "./kinds/dialect-dsn.ts";
import { readDsn } from "./kinds/dsn.ts";
import { readFeedback } from "./kinds/feedback.ts";
import { readMdn } from "./kinds/mdn.ts";
import { readChallenge, readVirusNotice } from "./kinds/notices.ts";
import { readLetter, readPersonOrOther } from "./kinds/person.ts";
import { readUnknownBounce } from "./kinds/unknown-bounce.ts";
import { openMail } from "./mail.ts";
import type { Report } from "./report.ts";

/**
 * Says what a message claims to be. Never throws on mail; never a judgement whether the claim is true.
 *
 * The order is from what is surest to what is left over: a letter first, because a person's reply may enclose any report;
 * then the machine-readable reports by their parts; then what only its text tells; then people, and what is none of it.
 */
export function readReport(message: Message, envelope: Envelope): Report {
  const mail = openMail(message, envelope);
  return (
    readLetter(mail) ??
    readDsn(mail) ??
    readFeedback(mail) ??
    readMdn(mail) ??
    readTlsReport(mail) ??
    readDmarcAggregate(mail) ??
    readDialectDsn(mail) ??
    readChallenge(mail) ??
    readVirusNotice(mail) ??
    readUnknownBounce(mail) ??
    readAutoReply(mail) ??
    readPersonOrOther(mail)
  );
}
