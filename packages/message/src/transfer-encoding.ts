/** Content-Transfer-Encoding (RFC 2045 section 6). Pure. */
import { decode as decodeBase64 } from "libbase64";
import { decodeQuotedPrintable } from "./quoted-printable.ts";

export type TransferEncoding = "identity" | "base64" | "quoted-printable" | "unknown";

const MAX_PEEK_BYTES = 4_096;
const BASE64_LINE = /^[A-Za-z0-9+/]*={0,2}$/;

/** Reads the field's value. Empty, uuencode and anything else that is not an encoding of RFC 2045 leave the body as it is. */
export function parseTransferEncoding(value: string | undefined): TransferEncoding {
  if (value === undefined) return "identity";
  const end = value.search(/[\s;(]/);
  switch ((end === -1 ? value : value.slice(0, end)).toLowerCase()) {
    case "7bit":
    case "8bit":
    case "binary":
      return "identity";
    case "base64":
      return "base64";
    case "quoted-printable":
      return "quoted-printable";
    default:
      return "unknown";
  }
}

/** Whether a body that is declared base64 is: its first line that is not blank has no other characters. */
export function isBase64(body: Buffer): boolean {
  return BASE64_LINE.test(firstLine(body, 0));
}

/**
 * Whether a message inside the message is really encoded, as its header says but RFC 2046 section 5.2.1 forbids.
 *
 * QUIRK: many copy the field of the inner message to the part around it and encode nothing. base64 has no colons, and in
 * quoted-printable text the `=` of `charset=` or of a date in a Received field is `=3D`.
 */
export function isEncodedMessage(lines: Buffer, bodyStart: number, encoding: TransferEncoding): boolean {
  if (encoding === "base64") return BASE64_LINE.test(firstLine(lines, bodyStart));
  if (encoding !== "quoted-printable") return false;
  const header = lines.toString("latin1", bodyStart, bodyStart + MAX_PEEK_BYTES);
  const end = header.search(/\n\r?\n/);
  return (end === -1 ? header : header.slice(0, end)).includes("=3D");
}

/** The first line that is not blank, trimmed; no further than MAX_PEEK_BYTES. */
function firstLine(bytes: Buffer, start: number): string {
  const peek = bytes.toString("latin1", start, start + MAX_PEEK_BYTES).trimStart();
  const end = peek.search(/[\r\n]/);
  return (end === -1 ? peek : peek.slice(0, end)).trimEnd();
}

/** Undoes the transfer encoding; without one the body itself, not a copy. */
export function decodeTransfer(body: Buffer, encoding: TransferEncoding): Buffer {
  switch (encoding) {
    case "base64":
      return decodeBase64(body.toString("latin1"));
    case "quoted-printable":
      return decodeQuotedPrintable(body);
    case "identity":
    case "unknown":
      return body;
    default:
      return encoding satisfies never;
  }
}
