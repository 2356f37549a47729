/**
 * One addr-spec or path (RFC 5321 section 4.1.2, RFC 5322 sections 3.4.1 and 4.4, RFC 6531 section 3.3). Pure.
 */
import type { Address } from "./address.ts";

/** LIMIT: SRS and BATV make local parts longer than the 64 octets of RFC 5321; nothing real is longer than this. */
const MAX_LOCAL_PART_CHARS = 512;
const MAX_DOMAIN_CHARS = 255;

/** RFC 5321 Domain, with underscores (sent, though no host name) and the labels of RFC 6531 as IDNA has them; none is empty. */
const DOMAIN =
  /^[\p{L}\p{M}\p{N}\p{So}_\u00b7\u30fb\p{Join_Control}-]+(?:\.[\p{L}\p{M}\p{N}\p{So}_\u00b7\u30fb\p{Join_Control}-]+)*$/u;
/** RFC 5321 section 4.1.3: `[192.0.2.1]`, `[IPv6:2001:db8::1]`; General-address-literal as sent, but for what ends or opens other parts. */
const DOMAIN_LITERAL = /^\[[^\s\p{Cc}[\]\\<>()"@]+\]$/u;
const NOT_IN_LOCAL_PART = /[\s\p{Cc}<>]/u;
const ATOM = /^[^\s\p{Cc}<>()[\]",;:\\@]+$/u;
/** LIMIT: a fold leaves a few blanks; an unbounded search would try a run of them again from each of its blanks. */
const BLANKS_AROUND_DOTS = /[ \t]{0,16}\.[ \t]{0,16}/g;

/**
 * Parses `local@domain`, with or without a source route (`@a,@b:joe@x`, RFC 5321 appendix C: to be ignored).
 *
 * @param spec  Comments and angle brackets already removed.
 */
export function parseAddrSpec(spec: string): Address | undefined {
  const text = withoutRoute(withoutApostrophes(spec.trim()));
  const at = text.lastIndexOf("@");
  if (at <= 0 || text.lastIndexOf('"') > at) return undefined;
  const localPart = parseLocalPart(text.slice(0, at).trim());
  const domain = parseDomain(text.slice(at + 1).trim());
  return localPart === undefined || domain === undefined ? undefined : { kind: "address", localPart, domain };
}

/** Parses what stands in angle brackets, where a name without a domain is an address of this host: `<MAILER-DAEMON>`. */
export function parsePathContent(content: string): Address | undefined {
  if (content.includes("@")) return parseAddrSpec(content);
  const name = content.trim();
  const localPart = name.startsWith('"') || ATOM.test(name) ? parseLocalPart(name) : undefined;
  return localPart === undefined ? undefined : { kind: "address", localPart, domain: "" };
}

/** QUIRK(outlook): it writes addresses in apostrophes, `'joe@example.com'`. */
function withoutApostrophes(text: string): string {
  return text.length > 2 && text.startsWith("'") && text.endsWith("'") ? text.slice(1, -1) : text;
}

function withoutRoute(text: string): string {
  if (!text.startsWith("@")) return text;
  const colon = text.indexOf(":");
  return colon === -1 ? text : text.slice(colon + 1).trim();
}

function parseDomain(text: string): string | undefined {
  if (text.length > MAX_DOMAIN_CHARS) return undefined;
  const joined = joinAtDots(text);
  const domain = (joined.endsWith(".") ? joined.slice(0, -1) : joined).toLowerCase();
  return DOMAIN.test(domain) || DOMAIN_LITERAL.test(domain) ? domain : undefined;
}

function parseLocalPart(text: string): string | undefined {
  if (text === "" || text.length > MAX_LOCAL_PART_CHARS) return undefined;
  if (text.includes('"')) return unquoteLocalPart(text);
  const joined = joinAtDots(text);
  return NOT_IN_LOCAL_PART.test(joined) ? undefined : joined;
}

/** Takes out the blanks that the obsolete syntax allows around dots. */
function joinAtDots(text: string): string {
  return text.includes(" ") || text.includes("\t") ? text.replace(BLANKS_AROUND_DOTS, ".") : text;
}

/** Quoted strings, alone or (obs-local-part) between dots: the quotes and backslashes are not part of the name. */
function unquoteLocalPart(text: string): string | undefined {
  let name = "";
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    if (char === '"') quoted = !quoted;
    else if (char === "\\" && i + 1 < text.length) name += text[++i];
    else if (!quoted && NOT_IN_LOCAL_PART.test(char)) return undefined;
    else name += char;
  }
  return quoted ? undefined : name;
}
