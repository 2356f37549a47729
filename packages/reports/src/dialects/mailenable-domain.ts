/**
 * MailEnable's report about a whole domain: it names the domain and the server's reply, and nobody. Who failed stands in
 * the To and Cc of the header that it returns. Source: MailEnable's message store, "ME-E0193"; bounces that were published
 * (pastebin.com/G4aMrfgZ, 2019). The form that names its recipients is a row of listed-mtas.ts.
 */
import { parseAddressList, readHeader } from "@triage/message";
import type { Dialect, DialectFinding } from "./dialect.ts";
import { joinLines } from "./grammar/addresses.ts";
import { defineDialect } from "./grammar/define-dialect.ts";
import type { ReportText } from "./grammar/report-text.ts";

const OPENING = "your message addressed to the target domain (";
/** LIMIT: of the returned header that is read for its To and Cc. */
const MAX_HEADER_CHARS = 16_384;

export const mailenableDomain: Dialect = defineDialect({
  name: "mailenable-domain",
  source: "MailEnable: NDR with reason ME-E0193",
  markers: [OPENING],
  parse: (report, input) => readDomain(report, input.text),
});

function readDomain(report: ReportText, text: string): DialectFinding | undefined {
  const { lines, returnedAt } = report;
  const opening = lines.findIndex((line) => line.toLowerCase().includes(OPENING));
  const domain = domainIn(lines[opening] ?? "");
  if (domain === undefined || returnedAt === undefined) return undefined;
  const reply = lines.findIndex((line, at) => at > opening && line.startsWith("The server returned:"));
  const diagnostic = joinLines(reply < 0 ? lines.slice(opening) : untilBlank(lines, reply + 1));
  const recipients = addressedTo(text.slice(returnedAt, returnedAt + MAX_HEADER_CHARS), domain);
  return { recipients: recipients.map((addressText) => ({ addressText, diagnostic })), returnedAt };
}

/** What stands in the brackets behind the opening words. */
function domainIn(line: string): string | undefined {
  const open = line.indexOf("(");
  const close = line.indexOf(")", open);
  return open < 0 || close < open + 2
    ? undefined
    : line
        .slice(open + 1, close)
        .trim()
        .toLowerCase();
}

/** The addressees of the returned message in that domain; those of other domains have a report of their own. */
function addressedTo(returned: string, domain: string): readonly string[] {
  const headers = readHeader(Buffer.from(returned));
  return ["to", "cc"]
    .flatMap((name) => parseAddressList(headers.value(name) ?? ""))
    .filter((address) => address.domain.toLowerCase() === domain)
    .map((address) => `${address.localPart}@${address.domain}`);
}

function untilBlank(lines: readonly string[], from: number): readonly string[] {
  const end = lines.findIndex((line, at) => at >= from && line.trim() === "");
  return lines.slice(from, end < 0 ? undefined : end);
}
