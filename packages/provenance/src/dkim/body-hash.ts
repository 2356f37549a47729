/** Body canonicalisation and its hash (RFC 6376 sections 3.4.3 to 3.4.5 and 3.7), byte by byte: a body may have many megabytes. */
import { createHash, type Hash } from "node:crypto";
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
  const sink = new HashSink(length ?? Number.POSITIVE_INFINITY);
  writeCanonicalBody(body, form, sink);
  return length !== undefined && sink.writtenBytes < length ? undefined : sink.digest();
}

/** Line ends and, in `relaxed`, white space wait until something follows: at the end of line or body they count for nothing. */
function writeCanonicalBody(body: Buffer, form: Canonicalization, sink: HashSink): void {
  const isRelaxed = form === "relaxed";
  let lineEnds = 0;
  let hasSpace = false;
  let isEmpty = true;
  for (let at = 0; at < body.length && !sink.isFull; at += 1) {
    const byte = body[at] ?? 0;
    if (byte === CR || byte === LF) {
      if (byte === CR && body[at + 1] === LF) at += 1;
      lineEnds += 1;
      hasSpace = false;
    } else if (isRelaxed && (byte === SPACE || byte === TAB)) {
      hasSpace = true;
    } else {
      for (; lineEnds > 0; lineEnds -= 1) sink.writeLineEnd();
      if (hasSpace) sink.write(SPACE);
      sink.write(byte);
      hasSpace = false;
      isEmpty = false;
    }
  }
  // An empty body is one CRLF in `simple` (section 3.4.3) and nothing in `relaxed` (section 3.4.4).
  if (!isEmpty || !isRelaxed) sink.writeLineEnd();
}

/** Hashes what is written, up to a limit, in chunks: a call of the hash for each byte would cost a hundred times as much. */
class HashSink {
  writtenBytes = 0;
  readonly #limit: number;
  readonly #hash: Hash = createHash("sha256");
  readonly #chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  #used = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get isFull(): boolean {
    return this.writtenBytes >= this.#limit;
  }

  write(byte: number): void {
    if (this.isFull) return;
    if (this.#used === CHUNK_BYTES) this.#flush();
    this.#chunk[this.#used] = byte;
    this.#used += 1;
    this.writtenBytes += 1;
  }

  writeLineEnd(): void {
    this.write(CR);
    this.write(LF);
  }

  digest(): Buffer {
    this.#flush();
    return this.#hash.digest();
  }

  #flush(): void {
    this.#hash.update(this.#chunk.subarray(0, this.#used));
    this.#used = 0;
  }
}
