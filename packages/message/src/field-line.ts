/** Tells a line that starts a header field from one that does not (RFC 5322 section 2.2). Pure. */
import { COLON, SPACE, TAB } from "./byte-source.ts";

/** Bytes of a field name. RFC 5322 allows any printable one; the specials left out here occur only in lost folds (`h=From:To`). */
const NAME_BYTES = new Uint8Array(256);
for (const char of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!#$%&'*+/^`|~") {
  NAME_BYTES[char.charCodeAt(0)] = 1;
}

/** Names without a hyphen that a header has, other than a sentence such as "Note: ...". */
const TELLING_NAMES: ReadonlySet<string> = new Set(
  "received from to cc bcc subject date sender references comments keywords".split(" "),
);
const MAX_TELLING_NAME_BYTES = 78;

/** Offset of the colon of a field line, or -1: a name that starts with a letter, then (obsolete, but sent) blanks, then the colon. */
export function findFieldColon(lines: Buffer, start: number, end: number): number {
  const letter = (lines[start] ?? 0) | 0x20;
  if (letter < 0x61 || letter > 0x7a) return -1;
  let at = start + 1;
  while (at < end && NAME_BYTES[lines[at] as number] === 1) at++;
  while (at < end && (lines[at] === SPACE || lines[at] === TAB)) at++;
  return at < end && lines[at] === COLON ? at : -1;
}

/** Whether the field that starts at `start` shows that its line is header, not text. */
export function isTellingField(lines: Buffer, start: number): boolean {
  const peek = lines.toString("latin1", start, start + MAX_TELLING_NAME_BYTES);
  const colon = peek.indexOf(":");
  const name = peek.slice(0, colon).trimEnd().toLowerCase();
  return colon !== -1 && (name.includes("-") || TELLING_NAMES.has(name));
}
