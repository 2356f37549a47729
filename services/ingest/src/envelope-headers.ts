/**
 * The envelope as HTTP header fields: `X-Envelope-From`, `X-Envelope-To`, `X-Client-Ip`, `X-Client-Helo`, `X-Queue-Id`.
 *
 * What is missing is unknown, and says so; what is there and cannot be read is the client's mistake and is named,
 * because a wrong envelope would make a wrong verdict. Pure.
 */
import { isIP } from "node:net";
import { type Address, type Envelope, parseAddress, parseReversePath, type ReversePath } from "@triage/message";

/** LIMIT: recipients of one message. RFC 5321 section 4.5.3.1.8 asks for 100; ten times that fits the header limit. */
const MAX_FORWARD_PATHS = 1_000;
/** LIMIT: HELO and queue id are for people and look-ups; RFC 5321 section 4.5.3.1.2 allows domains of 255 octets. */
const MAX_TEXT_CHARS = 255;

export type EnvelopeHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export type EnvelopeReading =
  | { readonly kind: "envelope"; readonly envelope: Envelope; readonly known: boolean }
  | { readonly kind: "bad-field"; readonly field: string; readonly detail: string };

/** @param headers  Lower-cased names; repeated fields joined with commas, as Node does. */
export function readEnvelopeHeaders(headers: EnvelopeHeaders): EnvelopeReading {
  const from = fieldText(headers, "x-envelope-from");
  const to = fieldText(headers, "x-envelope-to");
  const reversePath = from === undefined ? undefined : readReversePath(from);
  if (from !== undefined && reversePath === undefined) {
    return badField("X-Envelope-From", "It must be one address, or <> for the null reverse-path.");
  }
  const forwardPaths = to === undefined ? [] : readForwardPaths(to);
  if (forwardPaths === undefined) {
    return badField("X-Envelope-To", `It must be 1 to ${MAX_FORWARD_PATHS} addresses, separated by commas.`);
  }
  const client = fieldText(headers, "x-client-ip");
  const clientIp = client === undefined ? undefined : readClientIp(client);
  if (clientIp === "") return badField("X-Client-Ip", "It must be one IPv4 or IPv6 address.");
  const envelope = {
    reversePath,
    forwardPaths,
    ...(clientIp === undefined ? {} : { clientIp }),
    ...optionalText(headers, "x-client-helo", "clientHelo"),
    ...optionalText(headers, "x-queue-id", "queueId"),
  };
  return { kind: "envelope", envelope, known: from !== undefined || to !== undefined };
}

function badField(field: string, detail: string): EnvelopeReading {
  return { kind: "bad-field", field, detail };
}

/** QUIRK(node): header values arrive as latin1; addresses may be UTF-8 (RFC 6531). */
function fieldText(headers: EnvelopeHeaders, name: string): string | undefined {
  const value = headers[name];
  if (value === undefined) return undefined;
  const text = typeof value === "string" ? value : value.join(",");
  const utf8 = Buffer.from(text, "latin1").toString("utf8");
  return (utf8.includes("\ufffd") ? text : utf8).trim();
}

function optionalText<Name extends string>(headers: EnvelopeHeaders, field: string, name: Name) {
  const text = fieldText(headers, field)?.slice(0, MAX_TEXT_CHARS);
  return (text === undefined || text === "" ? {} : { [name]: text }) as { readonly [K in Name]?: string };
}

/** An empty field and `<>` are the null reverse-path; several addresses are none. */
function readReversePath(text: string): ReversePath | undefined {
  const paths = splitPaths(text);
  if (paths.length > 1) return undefined;
  const path = parseReversePath(text);
  return path === undefined || path.kind === "null" ? path : readPath(text);
}

function readForwardPaths(text: string): readonly Address[] | undefined {
  const paths = splitPaths(text);
  if (paths.length > MAX_FORWARD_PATHS) return undefined;
  const addresses = paths.map(readPath);
  return addresses.every((address) => address !== undefined) ? addresses : undefined;
}

/** What a local part holds only inside quotes (RFC 5321 section 4.1.2); elsewhere it is a list that went wrong. */
const SPECIALS = /[@,;:()[\]\\]/;

/** One path, in angle brackets or bare. Without a domain only `postmaster` is one (RFC 5321 section 4.1.1.3). */
function readPath(text: string): Address | undefined {
  const address = parseAddress(text.startsWith("<") ? text : `<${text}>`);
  if (address === undefined) return undefined;
  if (!text.includes('"') && SPECIALS.test(address.localPart)) return undefined;
  return address.domain !== "" || address.localPart.toLowerCase() === "postmaster" ? address : undefined;
}

/** Splits at commas outside quoted strings and angle brackets (a source route, or a quoted local part, has some). */
function splitPaths(text: string): readonly string[] {
  const paths: string[] = [];
  let start = 0;
  let quoted = false;
  let angle = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === "\\" && quoted) at += 1;
    else if (char === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (char === "<" || char === ">") angle = char === "<";
    else if (char === "," && !angle) {
      paths.push(text.slice(start, at).trim());
      start = at + 1;
    }
  }
  paths.push(text.slice(start).trim());
  return paths;
}

/** QUIRK(postfix): a client that it does not know is `unknown`. @returns "" when it is no address. */
function readClientIp(text: string): string | undefined {
  if (text === "" || text.toLowerCase() === "unknown") return undefined;
  const bare = text.replace(/^\[(.*)\]$/, "$1").replace(/^IPv6:/i, "");
  return isIP(bare) === 0 ? "" : bare;
}
