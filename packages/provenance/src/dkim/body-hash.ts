/** Body canonicalisation and its hash (RFC 6376 sections 3.4.3 to 3.4.5 and 3.7). */
import { createHash } from "node:crypto";
import type { Canonicalization } from "./signature.ts";

/**
 * @param body   The body as returned, CRLF or LF.
 * @param length l=: only so many bytes of the canonical body are hashed; undefined for all of it.
 * @returns      SHA-256 of the canonical body; undefined when the body is shorter than l= (then it cannot be whole).
 */
export function hashBody(body: Buffer, form: Canonicalization, length: number | undefined): Buffer | undefined {
  const canonical = Buffer.from(canonicalBody(body.toString("latin1"), form), "latin1");
  if (length !== undefined && length > canonical.length) return undefined;
  return createHash("sha256").update(canonical.subarray(0, length)).digest();
}

/** @param text latin1: one character is one byte. */
export function canonicalBody(text: string, form: Canonicalization): string {
  let body = text.replace(/\r\n?|\n/g, "\r\n");
  if (form === "relaxed") body = body.replace(/[ \t]+/g, " ").replaceAll(" \r\n", "\r\n");
  let end = body.length;
  if (form === "relaxed" && !body.endsWith("\r\n") && body.endsWith(" ")) end -= 1;
  while (end >= 2 && body.charCodeAt(end - 1) === 10 && body.charCodeAt(end - 2) === 13) end -= 2;
  // An empty body is one CRLF in `simple` (section 3.4.3) and nothing in `relaxed` (section 3.4.4).
  return end === 0 && form === "relaxed" ? "" : `${body.slice(0, end)}\r\n`;
}
