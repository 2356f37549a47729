/**
 * Stage 1: bytes to part tree.
 *
 * In: the raw bytes of a message, whatever they are. Out: its structure with ranges into those bytes, and the defects that were
 * met. Mail never makes it throw; nothing is decoded until a part is asked for it. Pure.
 */
import { CR, openByteSource } from "./byte-source.ts";
import { DefectLog } from "./defect-log.ts";
import { FieldList } from "./field-list.ts";
import type { HeaderList } from "./header-list.ts";
import { DEFAULT_READ_LIMITS, type ReadLimits, resolveReadLimits } from "./limits.ts";
import type { Message } from "./part.ts";
import { scanHeader } from "./scan-header.ts";
import { skipToHeader, TreeReader } from "./tree-reader.ts";

/**
 * Reads a message.
 *
 * @param raw     The bytes as received, lines ended by LF, CRLF or bare CR; may be empty. Must not change afterwards.
 * @param limits  Overrides of the MAX_ constants of limits.ts.
 * @throws {RangeError} only for a limit that is not a positive integer.
 */
export function readMessage(raw: Buffer, limits?: Partial<ReadLimits>): Message {
  const log = new DefectLog();
  const source = openByteSource(raw, true);
  if (source.bareCr) log.add("bare-cr", "lines end with CR alone", raw.indexOf(CR));
  const nul = raw.indexOf(0);
  if (nul !== -1) log.add("nul-byte", "the message contains NUL bytes", nul);
  const root = new TreeReader({ source, limits: resolveReadLimits(limits), log }, { value: 0 }).read("", 0);
  if (root.headers.fields.length === 0) log.add("no-header", "the message starts with no header field");
  return { raw, root, defects: log.defects };
}

/**
 * Reads a bare header block, such as the body of a text/rfc822-headers part, up to the first blank line.
 *
 * The ranges of its fields are offsets into `bytes`.
 */
export function readHeader(bytes: Buffer): HeaderList {
  const source = openByteSource(bytes, false);
  const { fields } = scanHeader(source, skipToHeader(source, 0), DEFAULT_READ_LIMITS, new DefectLog());
  return new FieldList(fields);
}
