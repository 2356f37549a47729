/**
 * Addresses of header fields and envelopes (RFC 5322 section 3.4, RFC 5321 section 4.1.2, RFC 6531, RFC 6854).
 *
 * One pass over the characters: display names, quoted strings, nested comments, groups and source routes. What is no
 * address is left out, not guessed. Pure.
 */
import { parseAddrSpec, parsePathContent } from "./addr-spec.ts";
import { type Address, NULL_REVERSE_PATH, type ReversePath } from "./address.ts";
import { decodeWords } from "./encoded-words.ts";

/** LIMIT: a To field of 256 K could name 60,000 addresses; nobody reads past these. */
export const MAX_ADDRESSES = 1_000;

/** LIMIT: looking for the start of a route at each comma must not read the same megabyte again and again. */
const MAX_ROUTE_CHARS = 1_000;

/** An address with the name that stands beside it, decoded (RFC 2047); "" when there is none. */
export interface Mailbox {
  readonly name: string;
  readonly address: Address;
}

const PLAIN_ADDRESS = /^[^\s\p{Cc}"(),:;<>@[\]\\]+@[^\s\p{Cc}"(),:;<>@[\]\\]+$/u;

const LOCAL_NAME = /^\s{0,9}[\w.-]{1,64}\s{0,9}$/;

/**
 * Parses one address: `joe@x`, `<joe@x>`, `Joe <joe@x>`, `joe@x (Joe)`, `<@a,@b:joe@x>`, `"j doe"@[IPv6:::1]`.
 *
 * @returns The first address; undefined when there is none. Without a domain only inside angle brackets, then with domain "".
 */
export function parseAddress(text: string): Address | undefined {
  if (PLAIN_ADDRESS.test(text)) return parseAddrSpec(text);
  return new MailboxScan(text, 1).run()[0]?.address;
}

/** Parses the value of From, To, Cc and the like: every address in order, members of groups included. */
export function parseAddressList(text: string): readonly Address[] {
  return parseMailboxList(text).map((mailbox) => mailbox.address);
}

/**
 * Like `parseAddressList`, with the display names. At most MAX_ADDRESSES (1,000).
 *
 * QUIRK: bounces come `From: MAILER-DAEMON`; a name of one word that is all there is counts as an address of that host.
 */
export function parseMailboxList(text: string): readonly Mailbox[] {
  const found = new MailboxScan(text, MAX_ADDRESSES).run();
  const host = found.length === 0 && LOCAL_NAME.test(text) ? parsePathContent(text) : undefined;
  return host === undefined ? found : [{ name: "", address: host }];
}

/** Parses a reverse-path; "<>" and "" are the null reverse-path (RFC 5321 section 4.5.5), what is no path is undefined. */
export function parseReversePath(text: string): ReversePath | undefined {
  const path = text.trim();
  if (path === "") return NULL_REVERSE_PATH;
  if (path.startsWith("<") && path.endsWith(">") && path.slice(1, -1).trim() === "") return NULL_REVERSE_PATH;
  return parseAddress(path);
}

class MailboxScan {
  readonly #text: string;
  readonly #max: number;
  readonly #found: Mailbox[] = [];
  #at = 0;
  /** What stands before an angle bracket (a display name) or alone (an addr-spec), quotes kept, comments removed. */
  #words = "";
  #angle: string | undefined;
  #comment = "";

  constructor(text: string, max: number) {
    this.#text = text;
    this.#max = max;
  }

  run(): readonly Mailbox[] {
    while (this.#at < this.#text.length && this.#found.length < this.#max) this.#step();
    if (this.#found.length < this.#max) this.#flush();
    return this.#found;
  }

  #step(): void {
    const char = this.#text[this.#at] as string;
    switch (char) {
      case '"':
        this.#words += this.#take(this.#quotedEnd(this.#at));
        break;
      case "(":
        this.#readComment();
        break;
      case "[":
        this.#words += this.#take(this.#endAfter("]"));
        break;
      case "<":
        this.#readAngle();
        break;
      case ",":
      case ";":
      case ":":
        this.#separate(char);
        break;
      default:
        this.#words += this.#take(this.#plainEnd());
    }
  }

  #separate(char: string): void {
    this.#at++;
    if (char !== ";" && this.#isRoute()) this.#words += char;
    else if (char !== ":") this.#flush();
    else this.#reset();
  }

  /** Whether this is a source route without angle brackets: `@a,@b:joe@x`. */
  #isRoute(): boolean {
    return this.#words.length <= MAX_ROUTE_CHARS && this.#words.trimStart().startsWith("@");
  }

  #flush(): void {
    const words = this.#words.trim();
    const inAngle = this.#angle !== undefined;
    const address = this.#angle !== undefined ? parsePathContent(this.#angle) : parseBare(words);
    if (address !== undefined) {
      const name = inAngle && words !== "" ? unquoteName(words) : this.#comment;
      this.#found.push({ name: decodeWords(name), address });
    }
    this.#reset();
  }

  #reset(): void {
    this.#words = "";
    this.#angle = undefined;
    this.#comment = "";
  }

  #take(end: number): string {
    const taken = this.#text.slice(this.#at, end);
    this.#at = end;
    return taken;
  }

  #plainEnd(): number {
    let at = this.#at + 1;
    while (at < this.#text.length && !'"([<,;:'.includes(this.#text[at] as string)) at++;
    return at;
  }

  #endAfter(char: string): number {
    const at = this.#text.indexOf(char, this.#at);
    return at === -1 ? this.#text.length : at + 1;
  }

  #quotedEnd(quote: number): number {
    let at = quote + 1;
    while (at < this.#text.length && this.#text[at] !== '"') at += this.#text[at] === "\\" ? 2 : 1;
    return Math.min(at + 1, this.#text.length);
  }

  #readComment(): void {
    const comment = this.#take(this.#commentEnd(this.#at));
    if (this.#comment === "") this.#comment = comment.slice(1, comment.endsWith(")") ? -1 : undefined).trim();
  }

  /** Comments nest (RFC 5322 section 3.2.2); the depth is a number here, so nesting costs nothing. */
  #commentEnd(open: number): number {
    let depth = 0;
    for (let at = open; at < this.#text.length; at++) {
      const char = this.#text[at];
      if (char === "\\") at++;
      else if (char === "(") depth++;
      else if (char === ")" && --depth === 0) return at + 1;
    }
    return this.#text.length;
  }

  #readAngle(): void {
    let content = "";
    let at = this.#at + 1;
    while (at < this.#text.length && this.#text[at] !== ">") {
      const char = this.#text[at];
      const end = char === '"' ? this.#quotedEnd(at) : char === "(" ? this.#commentEnd(at) : at + 1;
      if (char !== "(") content += this.#text.slice(at, end);
      at = end;
    }
    this.#at = at + 1;
    this.#angle ??= content;
  }
}

/** An addr-spec that stands alone, or (malformed, but common) the last word with an `@` among others. */
function parseBare(words: string): Address | undefined {
  if (!words.includes("@")) return undefined;
  const whole = parseAddrSpec(words);
  if (whole !== undefined) return whole;
  const word = words.split(/\s/).findLast((candidate) => candidate.includes("@"));
  return word === undefined || word === words ? undefined : parseAddrSpec(word);
}

function unquoteName(words: string): string {
  if (!words.includes('"')) return words;
  return words.replace(/\\(.)|"/g, (_, escaped: string | undefined) => escaped ?? "").trim();
}
