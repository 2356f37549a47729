/** Content-Transfer-Encoding (RFC 2045 section 6). Pure. */
import { decode as decodeBase64 } from "libbase64";
import { CR, LF, SPACE, TAB } from "./byte-source.ts";

export type TransferEncoding = "identity" | "base64" | "quoted-printable" | "unknown";

const EQUALS = 0x3d;
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

/**
 * Decodes quoted-printable (RFC 2045 section 6.7): one pass over the bytes. An `=` that encodes nothing stays.
 *
 * Not libqp: its `/[\t ]+$/` is quadratic in a run of blanks, so that 1 MB of them takes minutes.
 */
export function decodeQuotedPrintable(body: Buffer): Buffer {
  const out = Buffer.allocUnsafe(body.length);
  let to = 0;
  /** Length of `out` without the blanks at the end of the line, which are the transport's (rule 3). */
  let solid = 0;
  for (let at = 0; at < body.length; at++) {
    const byte = body[at] as number;
    if (byte === LF || byte === CR) {
      to = solid;
      out[to++] = byte;
      solid = to;
    } else if (byte !== EQUALS) {
      out[to++] = byte;
      if (byte !== SPACE && byte !== TAB) solid = to;
    } else {
      const softEnd = softLineBreakEnd(body, at + 1);
      if (softEnd !== -1) {
        solid = to;
        at = softEnd - 1;
        continue;
      }
      const decoded = hexByte(body, at + 1);
      out[to++] = decoded === -1 ? EQUALS : decoded;
      if (decoded !== -1) at += 2;
      solid = to;
    }
  }
  return out.subarray(0, solid);
}

/** Offset after the soft line break whose `=` stands before `from`, or -1. */
function softLineBreakEnd(body: Buffer, from: number): number {
  let at = from;
  while (body[at] === SPACE || body[at] === TAB) at++;
  if (at >= body.length) return at;
  if (body[at] === CR) return body[at + 1] === LF ? at + 2 : at + 1;
  return body[at] === LF ? at + 1 : -1;
}

function hexByte(body: Buffer, at: number): number {
  const high = hexDigit(body[at]);
  const low = hexDigit(body[at + 1]);
  return high === -1 || low === -1 ? -1 : high * 16 + low;
}

function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
