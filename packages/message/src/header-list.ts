import type { ByteRange } from "./part.ts";

/** One header field exactly as sent (RFC 5322 section 2.2). */
export interface HeaderField {
  /** Lower-cased field name, for look-ups; "" for lines above the first field that are none (a defect). */
  readonly name: string;
  /** Range of the whole field in the raw message, from the first byte of the name to the end of its last line end. */
  readonly range: ByteRange;
  /** The bytes of the whole field as latin1, folds and line end included: what DKIM signs. */
  readonly raw: string;
  /** Everything after the colon as latin1, folds kept, without the final line end. */
  readonly rawValue: string;
}

/** The header of a message or part: byte-exact, in order, repeated fields kept. */
export interface HeaderList {
  readonly fields: readonly HeaderField[];
  /** First (topmost) field of that lower-case name. */
  first(name: string): HeaderField | undefined;
  /** All fields of that lower-case name, top to bottom. */
  all(name: string): readonly HeaderField[];
  has(name: string): boolean;
  /** Value of the first such field: unfolded, trimmed, 8-bit bytes read as UTF-8 where valid (RFC 6532), else latin1; NUL as U+FFFD. Not RFC 2047-decoded: for structured fields. */
  value(name: string): string | undefined;
  /** Like `value`, with RFC 2047 encoded words decoded and no control characters from them: for unstructured fields such as Subject. */
  text(name: string): string | undefined;
}
