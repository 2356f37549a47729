/** The failed addresses in the text of a bounce whose form nobody knows. */
import { parseAddressList } from "@triage/message";
import type { DialectRecipient } from "../dialects/dialect.ts";
import type { Mail } from "../mail.ts";
import { CONTACT_WORDS } from "../phrases/bounce-bodies.ts";
import { hasPhrase } from "../phrases/find-phrase.ts";
import { codesOf } from "../reasons/codes.ts";
import type { Returned } from "../report.ts";

/** LIMIT: lines of notice that are read; the longest known notice has about 60 before the returned mail. */
const MAX_NOTICE_LINES = 200;
/** LIMIT: recipients taken from text of unknown form. */
const MAX_NAMED_RECIPIENTS = 100;
/** LIMIT: lines of explanation that are taken as the diagnostic of the address above them. */
const MAX_REASON_LINES = 4;
/** RFC 5321 section 4.5.3.1.3: a path has at most 256 octets. */
const MAX_LINE_CHARS = 512;

/** An address at the start of a line, alone or with a reason behind it; quotes, brackets, bullets and a label may precede it. */
const LEADING_ADDRESS =
  /^[\s*>"'(-]{0,12}(?:(?:rfc822|smtp|to|recipient|recipients|address|final-recipient|user|an|à|para|a)\s?[:;]\s{0,4})?<?"?([^\s<>"'(),;:@]{1,64}@[^\s<>"'(),;:@]{1,255})"?>?(.{0,300})$/i;
const ANY_ADDRESS = /[^\s<>"'(),;:@[\]]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,253}[a-z0-9])?/gi;
/** Labels whose address is the sender's, or a date's, and never the failed one. */
const OTHER_LABEL =
  /^[\s*>-]{0,8}(?:from|sender|reply-to|message-id|references|subject|date|cc|von|de|absender|received|x-[a-z-]{1,30})\s?:/i;

/** Addresses in the order of the text, each once. */
export function findNamedRecipients(mail: Mail, returned: Returned): readonly DialectRecipient[] {
  const header = mail.outline.header.value("x-failed-recipients");
  if (header !== undefined) return plain(header.split(","));
  const lines = noticeLines(mail, returned);
  const notOurs = ownAddresses(mail, returned);
  const leading = leadingAddresses(lines, notOurs);
  if (leading.length > 0) return leading;
  const anywhere = addressesAnywhere(lines, notOurs);
  if (anywhere.length > 0) return withDiagnostic(plain(anywhere), lines);
  return withDiagnostic(plain(addressedTo(returned)), lines);
}

function noticeLines(mail: Mail, returned: Returned): readonly string[] {
  const text = mail.outline.text();
  // Where the returned mail is inline, its first line ends the notice.
  const first = returned.form === "inline" ? (returned.headers?.fields[0]?.raw.split(/[\r\n]/, 1)[0] ?? "") : "";
  const end = first === "" ? -1 : text.indexOf(`\n${first}`);
  return (end === -1 ? text : text.slice(0, end))
    .split("\n", MAX_NOTICE_LINES)
    .map((line) => line.slice(0, MAX_LINE_CHARS));
}

/** The addresses that the notice is written to and from. */
function ownAddresses(mail: Mail, returned: Returned): ReadonlySet<string> {
  const own = new Set([mail.outline.from]);
  for (const match of (mail.outline.header.value("to") ?? "").toLowerCase().matchAll(ANY_ADDRESS)) own.add(match[0]);
  const { from, reversePath } = returned;
  if (from !== undefined) own.add(`${from.localPart}@${from.domain}`.toLowerCase());
  if (reversePath?.kind === "address") own.add(`${reversePath.localPart}@${reversePath.domain}`.toLowerCase());
  return own;
}

function leadingAddresses(lines: readonly string[], notOurs: ReadonlySet<string>): readonly DialectRecipient[] {
  const found = new Map<string, DialectRecipient>();
  for (const [index, line] of lines.entries()) {
    if (found.size >= MAX_NAMED_RECIPIENTS) break;
    if (!line.includes("@") || OTHER_LABEL.test(line)) continue;
    const match = LEADING_ADDRESS.exec(line);
    const address = match?.[1]?.replace(/[.:]+$/, "");
    if (address === undefined || notOurs.has(address.toLowerCase()) || found.has(address.toLowerCase())) continue;
    if (isContact(address, line)) continue;
    const diagnostic = reasonBehind(match?.[2] ?? "", lines, index + 1);
    found.set(
      address.toLowerCase(),
      diagnostic === "" ? { addressText: address } : { addressText: address, diagnostic },
    );
  }
  return [...found.values()];
}

/** What stands behind the address, and the lines below it up to a blank one or the next address. */
function reasonBehind(rest: string, lines: readonly string[], from: number): string {
  const reason = [rest.replace(/^[\s>:;,.)-]{1,12}/, "")];
  for (const line of lines.slice(from, from + MAX_REASON_LINES)) {
    if (line.trim() === "" || LEADING_ADDRESS.test(line)) break;
    reason.push(line.trim());
  }
  const joined = reason.filter(Boolean).join(" ").trim();
  if (joined !== "") return joined;
  // An address alone, a blank line, then the reason.
  const next = lines.slice(from).find((line) => line.trim() !== "" && !LEADING_ADDRESS.test(line));
  return next?.trim() ?? "";
}

function addressesAnywhere(lines: readonly string[], notOurs: ReadonlySet<string>): readonly string[] {
  const found = new Map<string, string>();
  for (const line of lines) {
    if (!line.includes("@") || OTHER_LABEL.test(line)) continue;
    for (const [address] of line.matchAll(ANY_ADDRESS)) {
      const key = address.toLowerCase();
      if (!notOurs.has(key) && !found.has(key) && !isContact(address, line)) found.set(key, address);
    }
    if (found.size >= MAX_NAMED_RECIPIENTS) break;
  }
  return [...found.values()];
}

/** The one To of the returned mail: what failed when the notice names nobody. */
function addressedTo(returned: Returned): readonly string[] {
  const to = parseAddressList(returned.headers?.value("to") ?? "");
  const [only] = to;
  return to.length === 1 && only !== undefined ? [`${only.localPart}@${only.domain}`] : [];
}

function isContact(address: string, line: string): boolean {
  const local = address.slice(0, address.indexOf("@")).toLowerCase();
  if (local === "postmaster" || local === "mailer-daemon" || local === "abuse" || local === "support") return true;
  return hasPhrase(line.toLowerCase().replace(address.toLowerCase(), ""), CONTACT_WORDS);
}

function plain(addresses: readonly string[]): readonly DialectRecipient[] {
  return addresses.map((address) => ({ addressText: address.trim() })).filter((one) => one.addressText !== "");
}

/** The first line with a code, else the first with words, tells why for all of them. */
function withDiagnostic(
  recipients: readonly DialectRecipient[],
  lines: readonly string[],
): readonly DialectRecipient[] {
  const spoken = lines.find((line) => {
    const { status, replyCode } = codesOf(line);
    return status !== undefined || replyCode !== undefined;
  });
  const diagnostic = (
    spoken ??
    lines
      .filter((line) => line.trim() !== "")
      .join(" ")
      .slice(0, MAX_LINE_CHARS)
  ).trim();
  return diagnostic === "" ? recipients : recipients.map((one) => ({ ...one, diagnostic }));
}
