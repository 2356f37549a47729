/**
 * The pattern language of site.verp and site.envelopeId: literal text and placeholders in braces.
 *
 *   {recipient}        local=domain of the recipient, short for {local}={domain}
 *   {local} {domain}   the two halves, for other orders: Sympa's `{local}==a=={domain}`
 *   {id}               letters, digits, `.`, `_`, `-`: a list, campaign or queue id
 *   {any}              anything, also nothing
 *   {date}             the day of sending, YYYYMMDD (UTC)
 *   {hmac} {hmac:N}    N hexadecimal digits (default 16, 8 to 64) of an HMAC-SHA256
 *   {hmac-sha1:N}      the same of an HMAC-SHA1 (8 to 40): the only one of the two that Exim can compute
 *
 * Case never counts, since MTAs fold it. Between two placeholders there must be literal text; a placeholder ends where
 * that text first occurs, but {local} where it last does, because a local part may hold `=` and a domain may not. No
 * regular expressions and nothing is tried twice, so that matching is linear whatever a stranger writes. Pure.
 */

export type PlaceholderName = "local" | "domain" | "id" | "any" | "date" | "hmac" | "hmac-sha1";

export type PatternElement =
  | { readonly kind: "literal"; readonly text: string }
  /** `length`: in characters, where it is fixed. */
  | { readonly kind: "placeholder"; readonly name: PlaceholderName; readonly length: number | undefined };

export interface TokenPattern {
  readonly kind: "pattern";
  /** As the person wrote it. */
  readonly source: string;
  /** Lower-cased; literals and placeholders in turn. */
  readonly elements: readonly PatternElement[];
  /** Lower-cased part behind the @ of an address; undefined for an ENVID. */
  readonly domain: string | undefined;
}

/** What is wrong, as the end of a sentence that begins with the key: `has no placeholder`. */
export interface BadPattern {
  readonly kind: "bad-pattern";
  readonly message: string;
}

/** Where a placeholder was found. */
export interface Capture {
  readonly start: number;
  readonly end: number;
}

const FIXED_LENGTHS: Readonly<Partial<Record<PlaceholderName, { least: number; most: number; fallback: number }>>> = {
  date: { least: 8, most: 8, fallback: 8 },
  // 8 digits are 32 bits: each try costs a forger one message, and 64 fill a local part.
  hmac: { least: 8, most: 64, fallback: 16 },
  "hmac-sha1": { least: 8, most: 40, fallback: 16 },
};
const NAMES: readonly PlaceholderName[] = ["local", "domain", "id", "any", "date", "hmac", "hmac-sha1"];
/** LIMIT: an address has at most 254 characters (RFC 5321 section 4.5.3.1), an ENVID 100 (RFC 3461 section 4.4). */
const MAX_PATTERN_CHARS = 320;
/** Less literal text than this, without an HMAC or a recipient, matches addresses of people. */
const LEAST_LITERAL_CHARS = 3;

/** @param form `address`: an address whose domain is literal; `envelope-id`: the whole text is the pattern. */
export function parseTokenPattern(source: string, form: "address" | "envelope-id"): TokenPattern | BadPattern {
  if (source.length > MAX_PATTERN_CHARS) return bad(`is longer than ${MAX_PATTERN_CHARS} characters`);
  const folded = source.toLowerCase();
  const at = form === "address" ? folded.lastIndexOf("@") : folded.length;
  if (at <= 0) return bad("must be an address such as bounces+{id}-{hmac}@example.com");
  const domain = form === "address" ? folded.slice(at + 1) : undefined;
  if (domain === "") return bad("has no domain behind the @");
  if (domain?.includes("{") === true) return bad("may have placeholders left of the @ only");
  const elements = splitElements(folded.slice(0, at).replaceAll("{recipient}", "{local}={domain}"));
  if (!Array.isArray(elements)) return elements;
  const problem = findProblem(elements) ?? (form === "envelope-id" ? findXtextProblem(elements) : undefined);
  return problem === undefined ? { kind: "pattern", source, elements, domain } : bad(problem);
}

function splitElements(text: string): PatternElement[] | BadPattern {
  const elements: PatternElement[] = [];
  for (let position = 0; position < text.length; ) {
    const open = text.indexOf("{", position);
    const literal = text.slice(position, open < 0 ? undefined : open);
    if (literal.includes("}")) return bad("has a } without its {");
    if (literal !== "") elements.push({ kind: "literal", text: literal });
    if (open < 0) break;
    const close = text.indexOf("}", open);
    if (close < 0) return bad("has a { without its }");
    const placeholder = readPlaceholder(text.slice(open + 1, close));
    if (placeholder.kind === "bad-pattern") return placeholder;
    elements.push(placeholder);
    position = close + 1;
  }
  return elements;
}

function readPlaceholder(text: string): PatternElement | BadPattern {
  const [word = "", size] = text.split(":", 2);
  const name = NAMES.find((known) => known === word);
  if (name === undefined) return bad(`has an unknown placeholder {${text}} (known: recipient, ${NAMES.join(", ")})`);
  const allowed = FIXED_LENGTHS[name];
  if (size === undefined) return { kind: "placeholder", name, length: allowed?.fallback };
  if (allowed === undefined || name === "date") return bad(`has {${text}}, but {${name}} takes no length`);
  const length = /^\d{1,3}$/.test(size) ? Number(size) : 0;
  if (length < allowed.least || length > allowed.most) {
    return bad(`has {${text}}, but the length must be ${allowed.least} to ${allowed.most}`);
  }
  return { kind: "placeholder", name, length };
}

function findProblem(elements: readonly PatternElement[]): string | undefined {
  const names = elements.flatMap((element) => (element.kind === "placeholder" ? [element.name] : []));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (names.length === 0) return "has no placeholder";
  if (twice !== undefined) return `has {${twice}} twice`;
  if (names.includes("hmac") && names.includes("hmac-sha1")) return "has {hmac} and {hmac-sha1}: keep one of them";
  if (names.includes("local") !== names.includes("domain")) return "needs {local} and {domain}, or neither";
  const touching = elements.findIndex((item, at) => at > 0 && item.kind === elements[at - 1]?.kind);
  if (touching > 0) return "has two placeholders side by side: put some text between them";
  const literals = elements.reduce((sum, item) => sum + (item.kind === "literal" ? item.text.length : 0), 0);
  const isProof = names.includes("hmac") || names.includes("hmac-sha1");
  if (!isProof && !names.includes("local") && literals < LEAST_LITERAL_CHARS) {
    return `matches too much: give it ${LEAST_LITERAL_CHARS} characters of text, a {recipient} or an {hmac}`;
  }
  return undefined;
}

/** SMTP writes `+` and `=` of an ENVID as `+2B` and `+3D` (RFC 3461 section 4), and MTAs give back the one or the other. */
function findXtextProblem(elements: readonly PatternElement[]): string | undefined {
  const isUnsafe = elements.some((item) => item.kind === "literal" && /[+=\s]/.test(item.text));
  return isUnsafe ? "may not hold +, = or a space, which SMTP changes in an ENVID" : undefined;
}

function bad(message: string): BadPattern {
  return { kind: "bad-pattern", message };
}

/** The HMAC placeholder of a pattern that has one: without it a match is only a likeness. */
export function hmacOf(pattern: TokenPattern): "hmac" | "hmac-sha1" | undefined {
  for (const element of pattern.elements) {
    if (element.kind === "placeholder" && (element.name === "hmac" || element.name === "hmac-sha1"))
      return element.name;
  }
  return undefined;
}
