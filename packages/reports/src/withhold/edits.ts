/** Changes to the bytes of a message, gathered first and made in one copy. Pure. */
import type { Part } from "@triage/message";

/** The bytes `[start, end)` of the message are replaced. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly by: Buffer;
}

const NOTHING = Buffer.alloc(0);

/** Removes a range; none where it is empty. */
export function removeBytes(start: number, end: number): readonly Edit[] {
  return end > start ? [{ start, end, by: NOTHING }] : [];
}

/** @param edits  Ranges that do not overlap, in any order. */
export function applyEdits(raw: Buffer, edits: readonly Edit[]): Buffer {
  const pieces: Buffer[] = [];
  let at = 0;
  for (const { start, end, by } of edits.toSorted((one, other) => one.start - other.start || one.end - other.end)) {
    pieces.push(raw.subarray(at, start), by);
    at = end;
  }
  pieces.push(raw.subarray(at));
  return Buffer.concat(pieces);
}

/**
 * Gives a part one field of that name; a second one would be believed by some reader.
 *
 * @param name  As it is written, such as `Content-Type`.
 */
export function setField(part: Part, name: string, value: string, lineEnd: string): readonly Edit[] {
  const [first, ...others] = part.headers.all(name.toLowerCase());
  const by = Buffer.from(`${name}: ${value}${lineEnd}`);
  const { start } = part.headerRange;
  return [
    first === undefined ? { start, end: start, by } : { start: first.range.start, end: first.range.end, by },
    ...others.flatMap(({ range }) => removeBytes(range.start, range.end)),
  ];
}

/** The line end that a message is written with. */
export function lineEndIn(raw: Buffer): string {
  const lf = raw.indexOf(0x0a);
  if (lf === -1) return raw.includes(0x0d) ? "\r" : "\r\n";
  return raw[lf - 1] === 0x0d ? "\r\n" : "\n";
}
