/**
 * One person's address, wherever it stands in text: as it is, quoted, in a URL or HTML, in a rewritten address (VERP, SRS, BATV),
 * with the domain in letters or in ASCII. For taking a person's data out of what is stored. Pure.
 *
 * Case is not told apart (no host in use does), sub-addresses are (`joe+list@` may be somebody else's list). Where it is
 * open whether a rewritten address means this person, it does: too much is erased rather than too little.
 */
import type { Address } from "./address.ts";

/** What stands in the place of an erased address; `.invalid` never resolves (RFC 2606 section 2). */
export const ERASED_ADDRESS: Address = { kind: "address", localPart: "erased", domain: "erased.invalid" };

export interface Person {
  readonly address: Address;
  /** Whether it is this address. */
  is(address: Address | undefined): boolean;
  /** Whether the text names it in any of its forms. Linear in the text. */
  isIn(text: string): boolean;
  /** The text without it. */
  eraseFrom(text: string): string;
}

/** @param domains  Other spellings of the domain, such as its U-label form (RFC 5890). */
export function personOf(address: Address, domains: readonly string[] = []): Person {
  const all = [...new Set([address.domain, ...domains].map((domain) => domain.toLowerCase()))];
  const whole = wholeForms(address.localPart, all);
  const rewritten = rewrittenForms(address.localPart, all);
  const local = address.localPart.normalize("NFC").toLowerCase();
  const is = (other: Address | undefined) =>
    other !== undefined &&
    other.localPart.normalize("NFC").toLowerCase() === local &&
    all.includes(other.domain.toLowerCase());
  return {
    address,
    is,
    isIn: (text) => text.search(whole) !== -1 || text.search(rewritten) !== -1,
    eraseFrom: (text) => text.replace(whole, "erased@erased.invalid").replace(rewritten, "erased"),
  };
}

/** What may not stand before or behind, or it is another name. */
const NOT_AFTER = "(?<![\\p{L}\\p{N}._+-])";
const NOT_BEFORE = "(?![\\p{L}\\p{N}-]|\\.[\\p{L}\\p{N}])";

/** `@`, in a URL, in HTML, in quoted-printable that nobody decoded, and the percent hack. */
const SIGNS = ["@", "%40", "&#64;", "&#x40;", "&commat;", "=40", "%"];

function wholeForms(localPart: string, domains: readonly string[]): RegExp {
  const quoted = `"${escapeQuotes(localPart)}"`;
  const locals = [localPart, quoted, escapeQuotes(quoted), encodeURIComponent(localPart)].flatMap(spellings);
  const form = `${anyOf(locals)}${anyOf(SIGNS)}${anyOf(domains)}`;
  return new RegExp(`${NOT_AFTER}${form}${NOT_BEFORE}`, "giu");
}

function escapeQuotes(text: string): string {
  return text.replace(/["\\]/g, "\\$&");
}

/** VERP writes `joe=example.net`, SRS `=example.net=joe` (both before another `@`), some lists `joe_at_example.net`. */
function rewrittenForms(localPart: string, domains: readonly string[]): RegExp {
  const local = anyOf(spellings(localPart));
  const verp = `(?<![\\p{L}\\p{N}._])${local}${anyOf(["=", "%3D", "_at_", ".at."])}${anyOf(domains)}${NOT_BEFORE}`;
  const srs = `(?<=[=+-])${anyOf(domains)}=${local}(?![\\p{L}\\p{N}._+-])`;
  return new RegExp(`${verp}|${srs}`, "giu");
}

function spellings(text: string): readonly string[] {
  return [text.normalize("NFC"), text.normalize("NFD")];
}

/** One of these texts, letter by letter. */
function anyOf(texts: readonly string[]): string {
  return `(?:${[...new Set(texts)].map((text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")).join("|")})`;
}
