/** Body canonicalisation and its hash (RFC 6376 sections 3.4.3 to 3.4.5 and 3.7), byte by byte: a body may have many megabytes. */
import { createHash } from "node:crypto";
import type { Canonicalization } from "./signature.ts";

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const CHUNK_BYTES = 65_536;

/**
 * @param body   The body as returned, with CRLF, LF or CR: whoever stored it may have changed them.
 * @param length l=: only so many bytes of the canonical body are hashed; undefined for all of it.
 * @returns      SHA-256 of the canonical body; undefined when the body is shorter than l= (then it cannot be whole).
 */
export function hashBody(body: Buffer, form: Canonicalization, length: number | undefined): Buffer | undefined {
  const hash = createHash("sha256");
  let missing = length ?? Number.POSITIVE_INFINITY;
  for (const chunk of canonicalChunks(body, form)) {
    hash.update(chunk.length > missing ? chunk.subarray(0, missing) : chunk);
    missing -= chunk.length;
    if (missing <= 0) break;
  }
  return length !== undefined && missing > 0 ? undefined : hash.digest();
}

/**
 * The canonical body in chunks that share one buffer. Line ends and, in `relaxed`, white space wait until something
 * follows: at the end of a line or of the body they count for nothing. One loop over local variables, since a call for each
 * byte costs ten times as much.
 */
function* canonicalChunks(body: Buffer, form: Canonicalization): Generator<Buffer, void> {
  const isRelaxed = form === "relaxed";
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let used = 0;
  let lineEnds = 0;
  let hasSpace = false;
  let isEmpty = true;
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at] ?? 0;
    if (byte === CR || byte === LF) {
      if (byte === CR && body[at + 1] === LF) at += 1;
      lineEnds += 1;
      hasSpace = false;
    } else if (isRelaxed && (byte === SPACE || byte === TAB)) {
      hasSpace = true;
    } else {
      for (; lineEnds > 0; lineEnds -= 1) {
        if (used > CHUNK_BYTES - 4) {
          yield chunk.subarray(0, used);
          used = 0;
        }
        chunk[used] = CR;
        chunk[used + 1] = LF;
        used += 2;
      }
      if (used > CHUNK_BYTES - 4) {
        yield chunk.subarray(0, used);
        used = 0;
      }
      if (hasSpace) chunk[used++] = SPACE;
      chunk[used++] = byte;
      hasSpace = false;
      isEmpty = false;
    }
  }
  yield chunk.subarray(0, used);
  // An empty body is one CRLF in `simple` (section 3.4.3) and nothing in `relaxed` (section 3.4.4).
  if (!isEmpty || !isRelaxed) yield Buffer.from("\r\n");
}
