/**
 * Chunks of a file to complete lines, as latin1: every byte is one character, so that places in the text are places in the
 * file. What the last line break is followed by waits for the next chunk.
 */

/** LIMIT: bytes of one line; longer ones are no MTA's and are passed over. */
const MAX_LINE_BYTES = 1_048_576;

export class LineSplitter {
  #rest = "";
  #skipping = false;

  /** Bytes that were given and belong to no complete line yet. */
  get pendingBytes(): number {
    return this.#rest.length;
  }

  /** @returns Lines without LF or CR LF, in order. */
  push(chunk: Buffer): readonly string[] {
    const text = this.#rest + chunk.toString("latin1");
    const lines: string[] = [];
    let start = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
      if (this.#skipping) this.#skipping = false;
      else lines.push(text.slice(start, text.charCodeAt(end - 1) === 0x0d ? Math.max(start, end - 1) : end));
      start = end + 1;
    }
    this.#rest = text.slice(start);
    if (this.#rest.length > MAX_LINE_BYTES) {
      this.#rest = "";
      this.#skipping = true;
    }
    return lines;
  }

  /** The line that nothing ended: what a rotated file's last byte was. */
  finish(): readonly string[] {
    const line = this.#skipping ? "" : this.#rest;
    this.#rest = "";
    this.#skipping = false;
    return line === "" ? [] : [line];
  }
}
