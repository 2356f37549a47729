/**
 * Addresses in free text, such as a diagnostic or a sentence, written without their local part. Pure, one pass.
 *
 * What stands before an `@` up to the last character that a local part can have is replaced as a whole, so that an address
 * rewritten into it (VERP, SRS, BATV) goes with it. Role mailboxes say nothing of a person and stay readable.
 */
import type { Address } from "./address.ts";

/** What stands in the place of the local part. */
export type WriteLocalPart = (address: Address) => string;

/** Mailboxes that every domain has (RFC 2142, RFC 5321 section 4.5.1), and the sender of bounces. */
const ROLES: ReadonlySet<string> = new Set([
  "postmaster",
  "mailer-daemon",
  "abuse",
  "hostmaster",
  "webmaster",
  "noreply",
]);

/** Ways to write the sign: plain, in a URL, in HTML. */
const SIGNS = ["@", "%40", "&#64;"];

const LOCAL_CHAR = /[\p{L}\p{M}\p{N}.!#$%&'*+/=?^_`{|}~-]/u;
const DOMAIN_CHAR = /[\p{L}\p{M}\p{N}.-]/u;
/** LIMIT: of a quoted local part (RFC 5321 section 4.5.3.1.1 allows 64 octets); a quote further back is another one. */
const MAX_QUOTED_CHARS = 128;

/** @returns `text` itself when there is no address in it. Linear in its length. */
export function redactAddresses(text: string, write: WriteLocalPart): string {
  let redacted = "";
  let taken = 0;
  let from = 0;
  for (let sign = nextSign(text, 0); sign !== undefined; sign = nextSign(text, sign.end)) {
    const start = startOfLocalPart(text, sign.start, from);
    const end = endOfDomain(text, sign.end);
    from = sign.end;
    if (start === sign.start || end === sign.end) continue;
    const localPart = text.slice(start, sign.start);
    const domain = text.slice(sign.end, end).toLowerCase();
    redacted += text.slice(taken, start);
    redacted += isRole(localPart) ? localPart : write({ kind: "address", localPart: unquote(localPart), domain });
    taken = sign.start;
  }
  return taken === 0 ? text : redacted + text.slice(taken);
}

/** The same in every text of a JSON value, and in addresses that are kept in two parts. */
export function redactValue(value: unknown, write: WriteLocalPart): unknown {
  if (typeof value === "string") return redactAddresses(value, write);
  if (Array.isArray(value)) return value.map((item) => redactValue(item, write));
  if (typeof value !== "object" || value === null) return value;
  if (isAddress(value)) return isRole(value.localPart) ? value : { ...value, localPart: write(value) };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactValue(item, write)]));
}

function isAddress(value: object): value is Address {
  return (
    "localPart" in value && "domain" in value && typeof value.localPart === "string" && typeof value.domain === "string"
  );
}

function isRole(localPart: string): boolean {
  return ROLES.has(localPart.toLowerCase());
}

function nextSign(text: string, from: number): { readonly start: number; readonly end: number } | undefined {
  for (let at = from; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char !== 0x40 && char !== 0x25 && char !== 0x26) continue;
    const sign = SIGNS.find((candidate) => text.startsWith(candidate, at));
    if (sign !== undefined) return { start: at, end: at + sign.length };
  }
  return undefined;
}

/** Never further back than `from`, the end of the last sign: no character is looked at twice. */
function startOfLocalPart(text: string, sign: number, from: number): number {
  if (text[sign - 1] === '"') return startOfQuoted(text, sign, from);
  let start = sign;
  while (start > from && isLocalUnit(text, start - 1)) start -= 1;
  return start;
}

function startOfQuoted(text: string, sign: number, from: number): number {
  const limit = Math.max(from, sign - MAX_QUOTED_CHARS);
  for (let at = sign - 2; at >= limit; at -= 1) {
    if (text[at] !== '"') continue;
    if (text[at - 1] !== "\\") return at;
  }
  return sign;
}

function endOfDomain(text: string, start: number): number {
  if (text[start] === "[") {
    const close = text.indexOf("]", start);
    return close === -1 || close - start > MAX_QUOTED_CHARS ? start : close + 1;
  }
  let end = start;
  while (end < text.length && DOMAIN_CHAR.test(text[end] ?? "")) end += 1;
  while (end > start && (text[end - 1] === "." || text[end - 1] === "-")) end -= 1;
  return end;
}

/** Half of a character beyond the first 65,536 belongs to it (RFC 6531 allows them all). */
function isLocalUnit(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return (unit >= 0xd800 && unit <= 0xdfff) || LOCAL_CHAR.test(text[at] ?? "");
}

function unquote(localPart: string): string {
  return localPart.startsWith('"') ? localPart.slice(1, -1).replace(/\\(.)/g, "$1") : localPart;
}
