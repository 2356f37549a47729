/**
 * One Received field (RFC 5321 section 4.4) as a hop: who handed over, as the receiving MTA saw it, and who received.
 *
 * The grammar is followed by few; MTAs put what they know into comments. What can be told apart matters: the name after
 * HELO is the client's own claim, the address and the name looked up for it are what the receiving MTA saw. Pure, linear.
 */
import { parseIp } from "./ip-address.ts";

export interface ReceivedHop {
  /** What the client called itself (HELO), lower-cased. Anybody can claim any name. */
  readonly helo: string | undefined;
  /** The name that the receiving MTA looked up for the client's address, lower-cased; undefined when it did not, or doubts it. */
  readonly clientName: string | undefined;
  /** The client's address as the receiving MTA saw it. */
  readonly clientIp: string | undefined;
  /** Who wrote the field, lower-cased. */
  readonly by: string | undefined;
  readonly byIp: string | undefined;
  /** Queue id of the host that wrote the field, as sent, without angle brackets. */
  readonly id: string | undefined;
  /** The message was made there (a local user, a web form, a user who logged in), so whatever stands below came with it. */
  readonly isOrigin: boolean;
  /** The date, as sent; "" where there is none. */
  readonly date: string;
}

/** LIMIT: a Received field is some 200 characters; what stands behind this many is not read. */
const MAX_FIELD_CHARS = 2000;

type Clause = "from" | "by" | "via" | "with" | "id" | "for";

interface Clauses {
  /** First word of each clause. */
  readonly words: Record<Clause, string | undefined>;
  /** Comments and further words of the from and by clauses. */
  readonly fromExtras: string[];
  readonly byExtras: string[];
}

/** @param rawValue Everything after the colon, folds kept. */
export function parseReceived(rawValue: string): ReceivedHop {
  const text = rawValue.length > MAX_FIELD_CHARS ? rawValue.slice(0, MAX_FIELD_CHARS) : rawValue;
  const { words, fromExtras, byExtras } = splitClauses(text);
  const client = readClient(words.from, fromExtras, text.includes("(Exim"));
  // QUIRK(oracle): "from NAME (Oracle Communications Messaging Server ...) id ..." names the writer alone.
  // QUIRK(indimail): "queue 58965 by host NAME (invoked by ...)".
  const named = words.by === "host" ? byExtras[0] : words.by;
  const writer = named ?? (client.clientIp === undefined && words.id !== undefined ? words.from : undefined);
  const by = writer === undefined ? undefined : hostName(writer);
  let byIp = writer === undefined ? undefined : parseIp(unbracket(writer));
  // QUIRK(exchange): "by NAME (10.0.0.1) with Microsoft SMTP Server".
  for (const extra of byExtras) byIp ??= parseIp(extra);
  return {
    helo: client.helo,
    clientName: client.clientName,
    clientIp: client.clientIp,
    by: byIp === undefined || by !== byIp ? by : undefined,
    byIp,
    id: unangle(words.id),
    isOrigin: isOrigin(words, byExtras) || fromExtras.some(saysLoggedIn) || text.includes("invoked by uid"),
    date: text.slice(text.lastIndexOf(";") + 1),
  };
}

/**
 * qmail's `(qmail 1 invoked by uid 33)` aside: `with HTTP` and `with local` (Exim), `(Postfix, from userid 33)`, Sendmail's
 * `(8.14.9/8.14.9/Submit)`, a client that logged in, and a host that names neither a client nor a mail protocol.
 */
function isOrigin(words: Clauses["words"], byExtras: readonly string[]): boolean {
  const protocol = words.with?.toLowerCase();
  if (protocol !== undefined && ORIGIN_PROTOCOLS.has(protocol)) return true;
  if (protocol === undefined && words.from === undefined && words.by !== undefined && words.by !== "host") return true;
  return byExtras.some((extra) => extra.includes("from userid") || extra.endsWith("/Submit"));
}

/** Postfix's `(Authenticated sender: ann)`, Sendmail's `(authenticated bits=0)`. */
function saysLoggedIn(comment: string): boolean {
  return comment.startsWith("uthenticated", 1);
}

/** The last ones are those of a client that logged in (RFC 3848, RFC 6531): a user, not a relay. */
const ORIGIN_PROTOCOLS: ReadonlySet<string> = new Set([
  "http",
  "https",
  "httprest",
  "local",
  "esmtpa",
  "esmtpsa",
  "utf8smtpa",
  "utf8smtpsa",
  "asmtp",
]);

/** Splits into clauses; comments nest, a semicolon outside of them begins the date. */
function splitClauses(text: string): Clauses {
  const words: Clauses["words"] = {
    from: undefined,
    by: undefined,
    via: undefined,
    with: undefined,
    id: undefined,
    for: undefined,
  };
  const clauses: Clauses = { words, fromExtras: [], byExtras: [] };
  let clause: Clause | undefined;
  let at = 0;
  const keep = (item: string) => {
    if (clause === "from") clauses.fromExtras.push(item);
    else if (clause === "by") clauses.byExtras.push(item);
  };
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 0x3b) {
      // QUIRK(opensmtpd): "from NAME (NAME [IP]); by HOST (OpenSMTPD) with ESMTP id ID; for <...>; DATE".
      if (!isBeforeClause(text, at)) break;
      at += 1;
      continue;
    }
    if (code === 0x28) {
      const end = commentEnd(text, at);
      keep(text.slice(at + 1, end));
      at = end + 1;
    } else if (code <= 0x20 || code === 0x29) {
      at += 1;
    } else {
      const end = wordEnd(text, at);
      const word = text.slice(at, end);
      const next = end - at <= 4 ? clauseOf(word) : undefined;
      if (next !== undefined && words[next] === undefined) clause = next;
      else if (clause !== undefined && words[clause] === undefined) words[clause] = word;
      else keep(word);
      at = end;
    }
  }
  return clauses;
}

function isBeforeClause(text: string, semicolon: number): boolean {
  let next = semicolon + 1;
  while (text.charCodeAt(next) <= 0x20) next += 1;
  return text.startsWith("by ", next) || text.startsWith("for ", next);
}

/** Index of the parenthesis that closes the comment at `start`, or of the text's end. */
function commentEnd(text: string, start: number): number {
  let close = text.indexOf(")", start);
  let open = text.indexOf("(", start + 1);
  while (close >= 0 && open >= 0 && open < close) {
    open = text.indexOf("(", open + 1);
    close = text.indexOf(")", close + 1);
  }
  return close < 0 ? text.length : close;
}

function wordEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code <= 0x20 || code === 0x28 || code === 0x3b) break;
    at += 1;
  }
  return at;
}

function clauseOf(word: string): Clause | undefined {
  switch (word.toLowerCase()) {
    case "from":
      return "from";
    case "by":
      return "by";
    case "via":
      return "via";
    case "with":
      return "with";
    case "id":
      return "id";
    case "for":
      return "for";
    default:
      return undefined;
  }
}

/**
 * Reads who handed over. The forms:
 *   Postfix, Gmail   HELO (NAME [IP])              NAME is `unknown` when the look-up does not confirm
 *   Sendmail         HELO (user@NAME [IP] (may be forged))
 *   Exim             NAME ([IP] helo=HELO), NAME ([IP]) when both agree, [IP] (helo=HELO)
 *   qmail            NAME (HELO HELO) (IP)
 *   Exchange         HELO (IP)
 *   Yahoo            IP (EHLO HELO) (IP)
 */
function readClient(
  word: string | undefined,
  extras: readonly string[],
  byExim: boolean,
): Pick<ReceivedHop, "helo" | "clientName" | "clientIp"> {
  let helo: string | undefined;
  let clientName: string | undefined;
  let clientIp: string | undefined;
  let wordIsLookedUp = byExim;
  for (const extra of extras) {
    const claimed = claimedName(extra);
    if (claimed !== undefined) {
      helo ??= claimed;
      wordIsLookedUp = true;
    }
    const open = extra.indexOf("[");
    const close = open < 0 ? -1 : extra.indexOf("]", open);
    const ip = close < 0 ? parseIp(extra.trim()) : parseIp(extra.slice(open + 1, close));
    if (ip === undefined) continue;
    clientIp ??= ip;
    if (open > 0 && claimed === undefined) clientName ??= lookedUpName(extra.slice(0, open), extra);
  }
  const literal = word === undefined ? undefined : parseIp(unbracket(word));
  const name = word === undefined || literal !== undefined ? undefined : hostName(word);
  if (wordIsLookedUp) clientName ??= name === "unknown" ? undefined : name;
  return { helo: helo ?? name, clientName, clientIp: clientIp ?? literal };
}

/** `helo=NAME` (Exim), `HELO NAME` (qmail) and `EHLO NAME` (Yahoo) inside a comment. */
function claimedName(comment: string): string | undefined {
  if (!comment.includes("helo=") && !comment.includes("HELO ") && !comment.includes("EHLO ")) return undefined;
  const match = /(?:^|\s)(?:helo=|HELO |EHLO )([^\s)]+)/.exec(comment);
  return match?.[1] === undefined ? undefined : hostName(match[1]);
}

/** The name in front of `[IP]`, without the ident user; a name that the MTA itself doubts is none. */
function lookedUpName(before: string, comment: string): string | undefined {
  if (comment.includes("may be forged")) return undefined;
  const word = before.trim();
  const name = hostName(word.slice(word.lastIndexOf("@") + 1));
  return name === "" || name === "unknown" || name.includes(" ") ? undefined : name;
}

function hostName(word: string): string {
  const name = unbracket(word).toLowerCase();
  return name.endsWith(".") ? name.slice(0, -1) : name;
}

function unbracket(word: string): string {
  return word.startsWith("[") && word.endsWith("]") ? word.slice(1, -1) : word;
}

function unangle(word: string | undefined): string | undefined {
  if (word === undefined) return undefined;
  return word.startsWith("<") && word.endsWith(">") ? word.slice(1, -1) : word;
}
