/**
 * In which form the original travels inside our mail.
 *
 * `message/rfc822` is what every mail program opens, but it must not be encoded (RFC 2046 section 5.2.1: 7bit, 8bit or
 * binary only), so whatever SMTP cannot carry as it is (RFC 5321 section 4.5.3.1.6, RFC 5322 section 2.3) would arrive
 * changed or not at all. Such an original goes as base64 `application/octet-stream`: less handy, byte-exact. Pure.
 */
import { isAscii } from "node:buffer";

/** RFC 5321 section 4.5.3.1.6: 1,000 octets with the line end. */
const MAX_LINE_BYTES = 998;
const NUL = 0x00;
const LF = 0x0a;
const CR = 0x0d;

export type OriginalPart =
  | { readonly kind: "message"; readonly contentType: "message/rfc822"; readonly encoding: "7bit" | "8bit" }
  | { readonly kind: "header"; readonly contentType: "text/rfc822-headers"; readonly encoding: "7bit" | "8bit" }
  | { readonly kind: "file"; readonly contentType: "application/octet-stream"; readonly encoding: "base64" };

export const AS_FILE: OriginalPart = { kind: "file", contentType: "application/octet-stream", encoding: "base64" };

/**
 * Line ends may be CRLF or LF: an MTA's pipe hands over LF, and the transport turns both into its own.
 *
 * @param hasHeader  Whether any header field was found; RFC 2046 section 5.2.1 wants at least one in a message/rfc822.
 */
export function chooseOriginalPart(raw: Buffer, hasHeader: boolean): OriginalPart {
  if (!hasHeader || raw.includes(NUL) || hasBareCr(raw) || hasLongLine(raw)) return AS_FILE;
  return { kind: "message", contentType: "message/rfc822", encoding: isAscii(raw) ? "7bit" : "8bit" };
}

function hasBareCr(raw: Buffer): boolean {
  for (let at = raw.indexOf(CR); at >= 0; at = raw.indexOf(CR, at + 1)) {
    if (raw[at + 1] !== LF) return true;
  }
  return false;
}

function hasLongLine(raw: Buffer): boolean {
  let start = 0;
  for (let end = raw.indexOf(LF); end >= 0; end = raw.indexOf(LF, start)) {
    const length = end - start - (raw[end - 1] === CR ? 1 : 0);
    if (length > MAX_LINE_BYTES) return true;
    start = end + 1;
  }
  return raw.length - start > MAX_LINE_BYTES;
}
