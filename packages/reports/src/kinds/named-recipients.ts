/** The failed addresses in the text of a bounce whose form nobody knows. */
import { parseAddressList } from "@triage/message";
import type { DialectRecipient } from "../dialects/dialect.ts";
import { SIGNATURE } from "../dialects/grammar/report-text.ts";
import type { Mail } from "../mail.ts";
import { CONTACT_WORDS, RETURNED_SEPARATORS } from "../phrases/bounce-bodies.ts";
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

/**
 * An address at the start of a line, alone or with a reason behind it. Quotes, brackets, bullets, a reply code or a label
 * ("Intended recipient:") may precede it. Groups: label, address, rest.
 */
const LEADING_ADDRESS =
  /^[\s*>"'(-]{0,12}(?:[45]\d\d[ -]{1,2})?(?:([^\s:;@<>][^:;@<>]{0,40})[:;]\s{0,4})?<?"?([^\s<>"'(),;:@[\]]{1,64}@[^\s<>"'(),;:@[\]]{1,255})"?>?(.{0,300})$/i;
const ANY_ADDRESS = /[^\s<>"'(),;:@[\]]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,253}[a-z0-9])?/gi;
/** Labels whose address is the sender's, or no address at all. */
const OTHER_LABEL =
  /^[\s*>-]{0,8}(?:from|sender|original sender|reply-to|message-?id|references|subject|date|cc|sent|von|de|da|absender|received|x-[a-z-]{1,30})\s?:/i;
/** The address before such a word is the sender's. */
const SENDER_BEFORE = /\b(?:from|by|sender)[\s:<"']{1,4}$/i;
/** RFC 5322 section 3.6.3: an excerpt of the original header names all that were mailed, not who failed. */
const TO_LABEL = /^(?:to|an|à|para|a|aan|кому)$/i;

export interface NamedRecipients {
  readonly recipients: readonly DialectRecipient[];
  /** False when they were taken from running text or from the returned mail. */
  readonly isNamed: boolean;
}

/** Addresses in the order of the text, each once. */
export function findNamedRecipients(mail: Mail, returned: Returned): NamedRecipients {
  // Exim's field, which Gmail and others write too.
  const header = mail.outline.header.value("x-failed-recipients");
  const lines = noticeLines(mail, returned);
  if (header !== undefined) return { recipients: withDiagnostic(plain(header.split(",")), lines), isNamed: true };
  const leading = leadingAddresses(lines, ownAddresses(mail, returned));
  if (leading.length > 0) return { recipients: leading, isNamed: true };
  // A bounce to the very address that it is about: mail to oneself.
  const toOneself = leadingAddresses(lines, new Set([mail.outline.from]));
  if (toOneself.length > 0) return { recipients: toOneself, isNamed: true };
  const anywhere = addressesAnywhere(lines, ownAddresses(mail, returned));
  const guessed = anywhere.length > 0 ? anywhere : addressedTo(returned);
  return { recipients: withDiagnostic(plain(guessed), lines), isNamed: false };
}

function noticeLines(mail: Mail, returned: Returned): readonly string[] {
  const text = mail.outline.text();
  // Where the returned mail is inline, its first line ends the notice.
  const first = returned.form === "inline" ? (returned.headers?.fields[0]?.raw.split(/[\r\n]/, 1)[0] ?? "") : "";
  const end = first === "" ? -1 : text.indexOf(`\n${first}`);
  const lines = (end === -1 ? text : text.slice(0, end)).split("\n", MAX_NOTICE_LINES);
  const separator = lines.findIndex(isSeparator);
  return (separator === -1 ? lines : lines.slice(0, separator)).map((line) => line.slice(0, MAX_LINE_CHARS));
}

/** "----- Original message -----", "Original message follows.", "Below is a copy of the original message:". */
function isSeparator(line: string): boolean {
  if (line === SIGNATURE) return true;
  const lower = line.trim().toLowerCase();
  // MDaemon: "The following addresses did NOT receive a copy of your message:".
  if (lower.includes(" not ")) return false;
  if (!lower.startsWith("--") && !lower.endsWith(":") && !/follows?[.:]{0,3}$/.test(lower)) return false;
  return hasPhrase(lower, RETURNED_SEPARATORS);
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
  const addressed = new Map<string, DialectRecipient>();
  for (const [index, line] of lines.entries()) {
    if (found.size >= MAX_NAMED_RECIPIENTS) break;
    if (!line.includes("@") || OTHER_LABEL.test(line)) continue;
    const match = LEADING_ADDRESS.exec(line);
    const address = match?.[2] === undefined ? undefined : withoutEndDots(match[2]);
    if (address === undefined || notOurs.has(address.toLowerCase()) || isContact(address, match?.[1] ?? "")) continue;
    const diagnostic = reasonBehind(match?.[3] ?? "", lines, index + 1);
    const into = TO_LABEL.test(match?.[1]?.trim() ?? "") ? addressed : found;
    const key = address.toLowerCase();
    if (!into.has(key))
      into.set(key, diagnostic === "" ? { addressText: address } : { addressText: address, diagnostic });
  }
  return [...(found.size > 0 ? found : addressed).values()];
}

/** Dots lead the eye to the reason (`joe@example.net......unknown`), and no domain has two in a row. In a loop: `\.+$` is tried again from every dot. */
function withoutEndDots(text: string): string {
  const dots = text.indexOf("..", text.indexOf("@"));
  let end = dots === -1 ? text.length : dots;
  while (text.endsWith(".", end)) end--;
  return text.slice(0, end);
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
    for (const match of line.matchAll(ANY_ADDRESS)) {
      const address = withoutEndDots(match[0]);
      const key = address.toLowerCase();
      const before = line.slice(0, match.index);
      if (notOurs.has(key) || found.has(key) || SENDER_BEFORE.test(before) || isContact(address, before)) continue;
      found.set(key, address);
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

/** The mailbox to ask for help, by its name or by the words before it. */
function isContact(address: string, before: string): boolean {
  const local = address.slice(0, address.indexOf("@")).toLowerCase();
  if (local === "postmaster" || local === "mailer-daemon" || local === "abuse" || local === "support") return true;
  return hasPhrase(before.toLowerCase(), CONTACT_WORDS);
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
