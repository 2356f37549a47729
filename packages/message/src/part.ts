import type { Defect } from "./defect.ts";
import type { HeaderList } from "./header-list.ts";

/** Half-open byte range `[start, end)` into the raw message. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Content-Type (RFC 2045 section 5), lower-cased type and parameter names; a missing one is `text/plain`. */
export interface ContentType {
  /** `type/subtype`, lower-cased. */
  readonly value: string;
  /** Parameter values as sent, unquoted; RFC 2231 continuations joined. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** One node of the part tree (RFC 2045, 2046). Ranges are into `raw`; nothing is decoded until it is asked for. */
export interface Part {
  /** `""` for the message itself, then `1`, `1.2`, ... as in IMAP; the message inside a message/rfc822 part `2` is `2.1`. */
  readonly path: string;
  readonly headers: HeaderList;
  readonly contentType: ContentType;
  /** Content-Disposition's value, lower-cased, or undefined. */
  readonly disposition: string | undefined;
  /** File name from Content-Disposition or Content-Type, decoded. */
  readonly filename: string | undefined;
  /** What the ranges are offsets into: `Message.raw`, or the decoded bytes of the encoded message/rfc822 that the part is inside of. */
  readonly source: Buffer;
  readonly headerRange: ByteRange;
  readonly bodyRange: ByteRange;
  /** Parts of a multipart; the one message inside a message/rfc822 or message/global; else empty. */
  readonly children: readonly Part[];
  /** Body after transfer decoding (RFC 2045 section 6); a view of `source` where there is none. Computed once, on first use. */
  bytes(): Buffer;
  /**
   * Body after transfer and charset decoding, line ends as LF, NUL as U+FFFD, at most MAX_TEXT_CHARS (262,144), lines broken at
   * MAX_LINE_CHARS (32,768). Of a body far larger only the beginning is decoded. Computed once, on first use.
   */
  text(): string;
}

/** A message read from its raw bytes. */
export interface Message {
  readonly raw: Buffer;
  readonly root: Part;
  /** In the order in which they were met; grows when a lazily decoded part turns out to be defective. */
  readonly defects: readonly Defect[];
}
