/** A log on standard input, as `journalctl -f -o short-iso` writes it. It has no place to come back to: the journal keeps that. */

import { LineSplitter } from "./line-splitter.ts";
import type { LogBlock } from "./log-reader.ts";

const NO_PLACE = { inode: "", head: { bytes: 0, digest: "" } };

/** @param input  Ends a block whenever nothing more waits to be read, so that an entry does not wait for the next. */
export async function* readStream(
  input: AsyncIterable<Buffer> & { readonly readableLength: number },
  signal: AbortSignal,
): AsyncGenerator<LogBlock> {
  const splitter = new LineSplitter();
  let offset = 0;
  const block = (lines: readonly string[], caughtUp: boolean): LogBlock => ({
    lines,
    place: { ...NO_PLACE, offset },
    referenceMs: Date.now(),
    caughtUp,
  });
  for await (const chunk of input) {
    offset += chunk.length;
    yield block(splitter.push(chunk), input.readableLength === 0);
    if (signal.aborted) return;
  }
  yield block(splitter.finish(), true);
}
