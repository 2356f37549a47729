/**
 * What happens to mail on its way, or differs from site to site, and says nothing: a reader that is moved by it has learnt
 * samples, not reports. Each change is a function from raw mail (LF line ends, one byte a character) to raw mail.
 */
import { type Part, readMessage } from "@triage/message";

export interface HarmlessChange {
  readonly name: string;
  /** Undefined where the change does not apply to this mail. */
  readonly change: (raw: string) => string | undefined;
  /** What the change makes of an address that the report names. */
  readonly rename?: (address: string) => string;
}

/** Columns; what mail programs wrap at by custom (RFC 5322 section 2.1.1 asks for less than 79). */
const WRAP_COLUMNS = 72;
/** RFC 2045 section 6.7, rule 5. */
const QUOTED_PRINTABLE_COLUMNS = 76;

export const HARMLESS_CHANGES: readonly HarmlessChange[] = [
  { name: "CRLF line ends", change: (raw) => raw.replaceAll("\n", "\r\n") },
  { name: "two more hops", change: (raw) => `${HOPS}${raw}` },
  { name: "other host names and domains", change: unlessEncoded(renameDomains), rename: renameDomains },
  { name: "other mailboxes", change: unlessEncoded(renameMailboxes), rename: renameMailboxes },
  { name: "other queue ids", change: unlessEncoded(renameQueueIds) },
  { name: "other IP addresses", change: unlessEncoded(renameAddresses) },
  { name: `lines wrapped at ${WRAP_COLUMNS} columns`, change: wrapNotice },
  { name: "field names in lower case", change: lowerFieldNames },
  { name: "report fields folded elsewhere", change: foldReport },
  { name: "a warning about outside mail above the notice", change: (raw) => aroundNotice(raw, OUTSIDE_WARNING, "") },
  { name: "a disclaimer below the notice", change: (raw) => aroundNotice(raw, "", DISCLAIMER) },
  { name: "quoted-printable instead of 7bit", change: (raw) => encodeParts(raw, "quoted-printable", quotedPrintable) },
  { name: "base64 instead of 7bit", change: (raw) => encodeParts(raw, "base64", base64) },
];

const HOPS = [
  "Received: from mx.relay.test (mx.relay.test [198.51.100.77])",
  "\tby in.relay.test (Postfix) with ESMTPS id 4XyZ1234AbCd for <postmaster@site.test>;",
  "\tMon, 7 Dec 2026 10:00:02 +0000 (UTC)",
  "X-Spam-Status: No, score=-1.9 required=5.0 tests=BAYES_00 autolearn=ham",
  "X-Virus-Scanned: amavisd-new at relay.test",
  "Received: from localhost (localhost [127.0.0.1]) by mx.relay.test (Postfix) with ESMTP id 4XyZ1233ZzYy;",
  "\tMon, 7 Dec 2026 10:00:01 +0000 (UTC)\n",
].join("\n");

/** As gateways of organisations add them; the words are ours. */
const OUTSIDE_WARNING =
  "[EXTERNAL] This message comes from outside of the organisation. Do not open links you do not trust.\n\n";
const DISCLAIMER = [
  "\n\n-- ",
  "This e-mail and its attachments are confidential and meant for the addressee only. If you are",
  "not the addressee, please delete it and tell privacy@site.test.\n",
].join("\n");

/** Text inside base64 or quoted-printable cannot be changed by replacing letters. */
function unlessEncoded(rename: (raw: string) => string): (raw: string) => string | undefined {
  return (raw) => (/^content-transfer-encoding:\s*(?:base64|quoted-printable)/im.test(raw) ? undefined : rename(raw));
}

/** The names of RFC 2606 only: names of providers tell who speaks. */
function renameDomains(text: string): string {
  return text.replace(/\bexample\.(?=[a-z])/gi, "nordwind-versand24.");
}

const MAILBOXES = /\b(?:joe|ann|kim|bob|carlos|news|kijitora|shironeko|userx|usery)(?=@)/gi;

function renameMailboxes(text: string): string {
  return text.replace(MAILBOXES, (name) => `q.${name}_7`);
}

/** Postfix's long and short ids, Exim's, Sendmail's: letters and figures of the same length and kind. */
function renameQueueIds(text: string): string {
  return text
    .replace(/\b(?=[\dA-F]*\d)(?=\d*[A-F])[\dA-F]{8,12}\b/g, (id) =>
      id.replace(/\d/g, (digit) => `${9 - Number(digit)}`),
    )
    .replace(/\b1[A-Za-z\d]{5}-[A-Za-z\d]{6}-[A-Za-z\d]{2}\b/g, (id) => `1zZ9${id.slice(4, 8)}Qq7${id.slice(11)}`);
}

/** RFC 5737: another network for documentation. */
function renameAddresses(text: string): string {
  return text.replace(/\b(?:192\.0\.2|198\.51\.100|203\.0\.113)\.(?=\d)/g, "100.64.17.");
}

/** RFC 5322 section 1.2.2: names of fields have no case. */
function lowerFieldNames(raw: string): string {
  const end = raw.indexOf("\n\n");
  return raw.slice(0, end).replace(/^[!-9;-~]+:/gm, (name) => name.toLowerCase()) + raw.slice(end);
}

/** RFC 5322 section 2.2.3: a field may be folded at any blank, or not at all. */
function foldReport(raw: string): string | undefined {
  const report = leavesOf(raw).find((part) => part.contentType.value === "message/delivery-status");
  if (report === undefined || isEncoded(report)) return undefined;
  const { start, end } = report.bodyRange;
  const folded = raw
    .slice(start, end)
    .replace(/\n[ \t]+(?=\S)/g, " ")
    .replace(/^(Diagnostic-Code:.{20,40}?) (?=\S)/gim, "$1\n\t");
  return raw.slice(0, start) + folded + raw.slice(end);
}

/** Above and below the text for people of a multipart. */
function aroundNotice(raw: string, above: string, below: string): string | undefined {
  const notice = leavesOf(raw).find((part) => part.path !== "" && part.contentType.value === "text/plain");
  if (notice === undefined || isEncoded(notice)) return undefined;
  const { start, end } = notice.bodyRange;
  return raw.slice(0, start) + above + raw.slice(start, end) + below + raw.slice(end);
}

/** The notice of a multipart, as a mail program or gateway wraps it; indented lines keep their indentation. */
function wrapNotice(raw: string): string | undefined {
  const notice = leavesOf(raw).find((part) => part.path !== "" && part.contentType.value === "text/plain");
  if (notice === undefined || isEncoded(notice)) return undefined;
  const body = raw.slice(notice.bodyRange.start, notice.bodyRange.end);
  const wrapped = body.split("\n").map(wrapLine).join("\n");
  return wrapped === body
    ? undefined
    : raw.slice(0, notice.bodyRange.start) + wrapped + raw.slice(notice.bodyRange.end);
}

function wrapLine(line: string): string {
  const indent = /^[ \t]*/.exec(line)?.[0] ?? "";
  const lines: string[] = [];
  let rest = line;
  while (rest.length > WRAP_COLUMNS) {
    const blank = rest.lastIndexOf(" ", WRAP_COLUMNS);
    const at = blank > indent.length ? blank : rest.indexOf(" ", WRAP_COLUMNS);
    if (at === -1) break;
    lines.push(rest.slice(0, at));
    rest = indent + rest.slice(at + 1);
  }
  return [...lines, rest].join("\n");
}

/** Every leaf that is text, in another transfer encoding (RFC 2045 section 6). */
function encodeParts(raw: string, name: string, encode: (body: string) => string): string | undefined {
  let changed = raw;
  const leaves = leavesOf(raw).filter((part) => isText(part) && !isEncoded(part));
  for (const part of leaves.toReversed()) {
    const { headerRange, bodyRange } = part;
    const header = raw
      .slice(headerRange.start, headerRange.end)
      .replace(/^content-transfer-encoding:.*\n/im, "")
      .replace(/\n+$/, "");
    const body = encode(raw.slice(bodyRange.start, bodyRange.end));
    const encoded = `${header}${header === "" ? "" : "\n"}Content-Transfer-Encoding: ${name}\n\n${body}`;
    changed = changed.slice(0, headerRange.start) + encoded + changed.slice(bodyRange.end);
  }
  return leaves.length === 0 ? undefined : changed;
}

/** Leaves outside of the returned message. */
function leavesOf(raw: string): readonly Part[] {
  const leaves: Part[] = [];
  const visit = (part: Part): void => {
    if (part.contentType.value.startsWith("multipart/")) part.children.forEach(visit);
    else leaves.push(part);
  };
  visit(readMessage(Buffer.from(raw, "latin1")).root);
  return leaves;
}

function isText(part: Part): boolean {
  return /^(?:text\/plain|text\/html|message\/delivery-status)$/.test(part.contentType.value);
}

function isEncoded(part: Part): boolean {
  return !/^(?:|7bit|8bit)$/i.test(part.headers.value("content-transfer-encoding") ?? "");
}

function quotedPrintable(body: string): string {
  return body.split("\n").map(quoteLine).join("\n");
}

function quoteLine(line: string): string {
  const tokens = Array.from(line, (char, at) => quoteChar(char, at === line.length - 1));
  const lines: string[] = [];
  let current = "";
  for (const token of tokens) {
    if (current.length + token.length >= QUOTED_PRINTABLE_COLUMNS) {
      lines.push(`${current}=`);
      current = "";
    }
    current += token;
  }
  return [...lines, current].join("\n");
}

function quoteChar(char: string, isLast: boolean): string {
  const isPlain = (char >= "!" && char <= "~" && char !== "=") || ((char === " " || char === "\t") && !isLast);
  return isPlain ? char : `=${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}

function base64(body: string): string {
  return Buffer.from(body, "latin1")
    .toString("base64")
    .replace(/.{76}(?=.)/g, "$&\n")
    .concat("\n");
}
