/**
 * Reports about many messages at once: DMARC aggregate reports (RFC 7489 section 7.2) and TLS reports (RFC 8460).
 * Recognised, not read: what is in them is for other tools.
 */
import type { Part } from "@triage/message";
import { type Mail, reportBase } from "../mail.ts";
import type { PlainReport } from "../report.ts";
import { NOTHING_RETURNED } from "../returned/describe.ts";

/** RFC 7489 section 7.2.1.1: `receiver "!" domain "!" begin "!" end`; RFC 8460 section 5.1 has the same form. */
const AGGREGATE_NAME = /^[^!\s]{1,255}![^!\s]{1,255}!\d{6,12}!\d{6,12}(?:![^!\s]{1,255})?\.([a-z.]{2,8})$/i;

const DMARC_ENDINGS: readonly string[] = ["xml", "xml.gz", "gz", "zip", "xml.zip"];
const TLS_ENDINGS: readonly string[] = ["json", "json.gz"];

export function readTlsReport(mail: Mail): PlainReport | undefined {
  const { outline } = mail;
  const root = outline.parts[0]?.contentType;
  const isTls =
    outline.header.has("tls-report-domain") ||
    root?.parameters.get("report-type")?.toLowerCase() === "tlsrpt" ||
    outline.parts.some((part) => part.contentType.value.startsWith("application/tlsrpt")) ||
    outline.parts.some((part) => TLS_ENDINGS.includes(aggregateEnding(part)));
  return isTls ? { kind: "tls-report", ...reportBase(mail, NOTHING_RETURNED) } : undefined;
}

export function readDmarcAggregate(mail: Mail): PlainReport | undefined {
  const { outline, traits } = mail;
  const byName = outline.parts.some((part) => DMARC_ENDINGS.includes(aggregateEnding(part)));
  // A reply about a report may carry it along; it is a person's all the same.
  const bySubject = !traits.has("reply-or-forward") && isReportSubject(outline.lowerSubject);
  const isAggregate = byName || (bySubject && outline.parts.some(mayBeArchive));
  return isAggregate ? { kind: "dmarc-aggregate", ...reportBase(mail, NOTHING_RETURNED) } : undefined;
}

/** RFC 7489 section 7.2.1.1: "Report Domain: d Submitter: s Report-ID: i", with braces or a prefix at some receivers. */
function isReportSubject(subject: string): boolean {
  const domain = subject.indexOf("report domain:");
  return domain !== -1 && subject.indexOf("submitter:", domain) !== -1;
}

/** Senders label their archives with a dozen types, registered and not; the name tells more. */
function mayBeArchive(part: Part): boolean {
  const type = part.contentType.value;
  return type.startsWith("application/") || type === "text/xml";
}

/** The ending of a file name in the form of RFC 7489; "" for other names and for parts that are no files. */
function aggregateEnding(part: Part): string {
  if (!mayBeArchive(part)) return "";
  return AGGREGATE_NAME.exec(part.filename ?? "")?.[1]?.toLowerCase() ?? "";
}
