/**
 * Typed values of DSN fields: `address-type ";" address` (RFC 3464 section 2.1.2) and `mta-name-type ";" name`.
 *
 * RFC 6533 section 3 adds the type `utf-8` with three spellings of one address: utf-8-address (as it is),
 * utf-8-addr-unitext and utf-8-addr-xtext (`\x{HEX}` for what does not fit). Types are compared without regard to case,
 * and missing ones are taken for rfc822, as half of the reports in the wild leave them out or misspell them (`rfc/822`).
 */
import { type Address, parseAddress } from "@triage/message";

export interface TypedAddress {
  /** Lower-cased, "" when the field names none. */
  readonly type: string;
  /** The address as the report spells it, without type and angle brackets, `\x{}` decoded. */
  readonly text: string;
  /** Undefined when the text is no addr-spec: an X.400 name, a file, a pipe. */
  readonly address: Address | undefined;
}

/** RFC 6533 section 3: EmbeddedUnicodeChar, up to six hexadecimal digits. */
const EMBEDDED = /\\x\{([0-9a-f]{1,6})\}/gi;
/** A type is one short token before the first semicolon. */
const TYPE = /^([a-z0-9/._-]{0,20})\s*;/i;

/** Reads an address field; undefined when it is empty. */
export function parseTypedAddress(value: string): TypedAddress | undefined {
  const type = TYPE.exec(value);
  const rest = unwrap((type === null ? value : value.slice(type[0].length)).trim());
  const text = rest.includes("\\x{") ? rest.replace(EMBEDDED, decodeEmbedded) : rest;
  if (text === "") return undefined;
  const name = type?.[1]?.toLowerCase() ?? "";
  const isMail = name !== "x400" && text.includes("@");
  return { type: name, text, address: isMail ? parseAddress(text) : undefined };
}

/** The name in `dns; mx.example.net`, without type, comment and trailing dot; undefined when there is none. */
export function parseTypedName(value: string): string | undefined {
  const type = TYPE.exec(value);
  const name = (type === null ? value : value.slice(type[0].length)).trim();
  const host = /^\S+/.exec(name)?.[0] ?? "";
  // `X.400` and other names with blanks are one value, a host with a port or comment behind it is not.
  const short = type?.[1]?.toLowerCase() === "x400" ? name : host.replace(/^"|(?::\d{1,5})?[.;"]?$/g, "");
  return short === "" ? undefined : short;
}

/** Takes off what MTAs put around an address: a comment behind it, brackets with a name before them, `mailto:`, quotes. */
function unwrap(text: string): string {
  const comment = text.indexOf(" (");
  const bare = comment > text.indexOf("@") && text.includes("@") ? text.slice(0, comment) : text;
  const open = bare.indexOf("<");
  if (open !== -1) {
    const close = bare.indexOf(">", open);
    return bare.slice(open + 1, close === -1 ? undefined : close).trim();
  }
  return bare.replace(/^(?:mailto:|')/i, "").replace(/[';.]{1,8}$/, "");
}

function decodeEmbedded(whole: string, hex: string): string {
  const code = Number.parseInt(hex, 16);
  return code > 0x10ffff ? whole : String.fromCodePoint(code);
}
