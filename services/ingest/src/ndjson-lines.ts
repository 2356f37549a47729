/**
 * Newline-delimited JSON, line by line while it arrives: a log of a million lines needs no more memory than one.
 * Empty lines are skipped but counted, so that line numbers are those of the file.
 */

/** LIMIT: bytes of one line. A sent message with a thousand recipients of usual length fits. */
export const MAX_LINE_BYTES = 131_072;

const LF = 0x0a;

export type NdjsonLine =
  | { readonly kind: "text"; readonly line: number; readonly text: string }
  /** The line is left out; reading goes on after it. */
  | { readonly kind: "too-long"; readonly line: number };

/** @returns Lines in order, numbered from 1, without CR and LF. */
export async function* readNdjsonLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<NdjsonLine> {
  let line = 1;
  let pieces: Buffer[] = [];
  let size = 0;
  const collect = (piece: Buffer) => {
    size += piece.length;
    if (size <= MAX_LINE_BYTES) pieces.push(piece);
    else pieces = [];
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      collect(chunk.subarray(start, end));
      yield* finishLine(pieces, size, line);
      start = end + 1;
      line += 1;
      pieces = [];
      size = 0;
    }
    collect(chunk.subarray(start));
  }
  yield* finishLine(pieces, size, line);
}

function* finishLine(pieces: readonly Buffer[], size: number, line: number): Generator<NdjsonLine> {
  if (size > MAX_LINE_BYTES) {
    yield { kind: "too-long", line };
    return;
  }
  const text = Buffer.concat(pieces).toString("utf8").trim();
  if (text !== "") yield { kind: "text", line, text };
}
