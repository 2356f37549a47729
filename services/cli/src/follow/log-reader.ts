/**
 * Reads one log for as long as it is written to: what rotation left, then the file itself, then what it becomes.
 *
 * Rotation by renaming: the old file is read to its end until its writer has begun the next (it may hold the old one for
 * a moment). By copying and truncating: what the copy has and we had not read yet, then the file from its start.
 */
import { type FileHandle, open } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { LineSplitter } from "./line-splitter.ts";
import {
  findPlace,
  HEAD_BYTES,
  hasHead,
  headOf,
  type LogFile,
  type LogPlace,
  listLogFiles,
  readHead,
  readLogFile,
  statLogFile,
} from "./log-files.ts";

const CHUNK_BYTES = 262_144;
/** LIMIT: looks at a renamed file whose successor stays empty; logrotate has told the writer long before. */
const MAX_RENAME_WAITS = 10;

export interface LogBlock {
  readonly lines: readonly string[];
  /** The place behind the last of the lines. */
  readonly place: LogPlace;
  /** No line is later than this, in milliseconds since 1970. */
  readonly referenceMs: number;
  /** There is nothing more to read now. */
  readonly caughtUp: boolean;
}

export interface LogReaderOptions {
  readonly log: string;
  /** Where reading stopped last; undefined: begin anew. */
  readonly place: LogPlace | undefined;
  /** When beginning anew: with the oldest rotated file, else with the log as it is. */
  readonly fromStart: boolean;
  /** Ends at the end of the log instead of waiting for more. */
  readonly once: boolean;
  readonly pollMs: number;
  readonly signal: AbortSignal;
  /** For what a person should know: a place that is not found again. */
  readonly warn: (text: string) => void;
}

export async function* readLog(options: LogReaderOptions): AsyncGenerator<LogBlock> {
  const { log, once, signal } = options;
  let start = await firstFile(options);
  let done: Done | undefined;
  while (!signal.aborted) {
    if (start === undefined) {
      if (once) return;
      await pause(options);
      start = done === undefined ? await firstFile(options) : await fileAfter(done, log);
      continue;
    }
    const isLive = start.file.path === log && !log.endsWith(".gz");
    const place: LogPlace = yield* isLive ? readLive(start, options) : readOld(start, signal);
    done = { file: start.file, place };
    if (!signal.aborted) start = await fileAfter(done, log);
  }
}

/** Where to read on: at a place in the file, else at its first byte. */
interface Start {
  readonly file: LogFile;
  readonly place: LogPlace | undefined;
}

/** What was read, and how far. */
interface Done {
  readonly file: LogFile;
  readonly place: LogPlace;
}

async function firstFile({ log, place, fromStart, warn }: LogReaderOptions): Promise<Start | undefined> {
  const files = await listLogFiles(log);
  const [oldest] = files;
  if (oldest === undefined) return undefined;
  if (fromStart || place === undefined)
    return { file: fromStart ? oldest : (files.at(-1) ?? oldest), place: undefined };
  const file = await findPlace(files, place);
  if (file !== undefined) return { file, place };
  warn(`${log}: the place where reading stopped is not there any more; reading all that there is`);
  return { file: oldest, place: undefined };
}

/** @returns undefined when there is nothing more yet. */
async function fileAfter({ file, place }: Done, log: string): Promise<Start | undefined> {
  const files = await listLogFiles(log);
  const now = await findPlace(files, place);
  if (now === undefined) {
    // Gone (rotated away), or truncated without a copy: what is newer is the log itself.
    const live = files.at(-1);
    return live?.path === log ? { file: live, place: undefined } : undefined;
  }
  // The copy of a truncated log may hold more than we had read; a renamed file may have grown for a moment.
  if (now.path !== file.path && !now.path.endsWith(".gz") && now.sizeBytes > place.offset) return { file: now, place };
  const after = files[files.indexOf(now) + 1];
  return after && { file: after, place: undefined };
}

async function* readOld({ file, place }: Start, signal: AbortSignal): AsyncGenerator<LogBlock, LogPlace> {
  const splitter = new LineSplitter();
  let at = place?.offset ?? 0;
  const head = await readHead(file.path, HEAD_BYTES);
  const placeAt = (done: number): LogPlace => ({
    inode: file.inode,
    offset: done,
    head: headOf(head.subarray(0, done)),
  });
  const block = (lines: readonly string[]): LogBlock => ({
    lines,
    place: placeAt(at - splitter.pendingBytes),
    referenceMs: file.modifiedMs,
    caughtUp: false,
  });
  for await (const chunk of readLogFile(file.path, at)) {
    at += (chunk as Buffer).length;
    yield block(splitter.push(chunk as Buffer));
    if (signal.aborted) return placeAt(at - splitter.pendingBytes);
  }
  // Nobody writes to it any more: its last line is whole, whatever it ends with.
  yield block(splitter.finish());
  return placeAt(at);
}

/** Reads the log itself; returns when it was rotated or truncated, or with `once` at its end. */
async function* readLive({ file, place }: Start, options: LogReaderOptions): AsyncGenerator<LogBlock, LogPlace> {
  const handle = await open(file.path, "r");
  try {
    const inode = String((await handle.stat({ bigint: true })).ino);
    // Rotated in this very moment: the place lies in the file that had this name before.
    if (place !== undefined && inode !== file.inode) return place;
    const live = new LiveFile(handle, { path: file.path, inode, place });
    while (true) {
      yield* live.readToEnd(options.signal);
      yield live.block(Buffer.alloc(0), true);
      if (options.once || options.signal.aborted) return live.place();
      await pause(options);
      const gone = await live.isGone();
      if (gone === "truncated") return live.place();
      if (gone === "renamed") {
        yield* readLast(live, options);
        return live.place();
      }
    }
  } finally {
    await handle.close();
  }
}

/** What the writer of a renamed file still adds to it, until it has begun the new one. */
async function* readLast(live: LiveFile, options: LogReaderOptions): AsyncGenerator<LogBlock> {
  for (let waited = 0; waited < MAX_RENAME_WAITS && !options.signal.aborted; waited += 1) {
    yield* live.readToEnd(options.signal);
    const fresh = await statLogFile(options.log);
    if (fresh !== undefined && fresh.sizeBytes > 0) break;
    await pause(options);
  }
  yield* live.readToEnd(options.signal);
}

interface LiveFileOptions {
  readonly path: string;
  readonly inode: string;
  readonly place: LogPlace | undefined;
}

class LiveFile {
  readonly #handle: FileHandle;
  readonly #path: string;
  readonly #inode: string;
  readonly #splitter = new LineSplitter();
  readonly #buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  #at: number;
  /** Undefined until the first bytes were read. Never read anew: by then they could be another log's. */
  #head: Buffer | undefined;

  constructor(handle: FileHandle, { path, inode, place }: LiveFileOptions) {
    this.#handle = handle;
    this.#path = path;
    this.#inode = inode;
    this.#at = place?.offset ?? 0;
  }

  async *readToEnd(signal: AbortSignal): AsyncGenerator<LogBlock> {
    for (let chunk = await this.#read(); chunk.length > 0; chunk = await this.#read()) {
      yield this.block(chunk, false);
      if (signal.aborted) return;
    }
  }

  async #read(): Promise<Buffer> {
    this.#head ??= await this.#readHead();
    const { bytesRead } = await this.#handle.read(this.#buffer, 0, CHUNK_BYTES, this.#at);
    const chunk = this.#buffer.subarray(0, bytesRead);
    if (this.#at === this.#head.length && this.#at < HEAD_BYTES) {
      this.#head = Buffer.concat([this.#head, chunk.subarray(0, HEAD_BYTES - this.#at)]);
    }
    this.#at += bytesRead;
    return chunk;
  }

  block(chunk: Buffer, caughtUp: boolean): LogBlock {
    const lines = this.#splitter.push(chunk);
    return { lines, place: this.place(), referenceMs: Date.now(), caughtUp };
  }

  place(): LogPlace {
    const offset = this.#at - this.#splitter.pendingBytes;
    return { inode: this.#inode, offset, head: headOf((this.#head ?? Buffer.alloc(0)).subarray(0, offset)) };
  }

  async isGone(): Promise<"renamed" | "truncated" | undefined> {
    const now = await statLogFile(this.#path);
    if (now === undefined || now.inode !== this.#inode) return "renamed";
    if (now.sizeBytes < this.#at || !(await hasHead(this.#path, this.place().head))) return "truncated";
    return undefined;
  }

  /** The bytes before the place where reading begins. */
  async #readHead(): Promise<Buffer> {
    const length = Math.min(this.#at, HEAD_BYTES);
    const { bytesRead, buffer } = await this.#handle.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  }
}

function pause({ pollMs, signal }: LogReaderOptions): Promise<void> {
  return delay(pollMs, undefined, { signal }).catch(() => undefined);
}
