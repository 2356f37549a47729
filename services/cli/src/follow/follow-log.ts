/** One log into the ledger: blocks of lines, entries, batches, and the place once they are in. */
import type { SentLine } from "@triage/contracts";
import type { LogBlock } from "./log-reader.ts";
import type { MailLog } from "./mail-log.ts";
import type { LogProgress } from "./place-file.ts";
import type { SentFeed } from "./sent-feed.ts";

/** Lines of one request: a few hundred kilobytes, one INSERT. */
const BATCH_ENTRIES = 2_000;
/** Between two places that are written down while there is more to read. */
const SAVE_EVERY_MS = 2_000;
/** With so many open messages the file of places is megabytes long: then it is written less often. */
const MANY_OPEN = 5_000;
const SAVE_MANY_EVERY_MS = 30_000;

export interface FollowCounts {
  readonly lines: number;
  readonly entries: number;
}

export interface FollowLogOptions {
  readonly blocks: AsyncIterable<LogBlock>;
  readonly mailLog: MailLog;
  readonly feed: SentFeed;
  /** Resolves when it is on disk. Not called for a log that has no place (standard input). */
  readonly save?: (progress: LogProgress) => Promise<void>;
  readonly onProgress?: (counts: FollowCounts, block: LogBlock) => void;
}

/** Resolves at the end of the blocks, when all that was read is in the ledger and the place on disk. */
export async function followLog({ blocks, mailLog, feed, save, onProgress }: FollowLogOptions): Promise<FollowCounts> {
  let pending: SentLine[] = [];
  let lines = 0;
  let entries = 0;
  let saved: { readonly place: LogBlock["place"] | undefined; readonly atMs: number } = { place: undefined, atMs: 0 };
  const flush = async () => {
    const batch = pending;
    pending = [];
    await feed.add(batch);
  };
  const settle = async (place: LogBlock["place"]) => {
    await flush();
    await feed.drain();
    await save?.({ place, open: mailLog.openMessages.list() });
    saved = { place, atMs: performance.now() };
  };
  let last: LogBlock["place"] | undefined;
  for await (const block of blocks) {
    lines += block.lines.length;
    for (const line of block.lines) {
      const entry = mailLog.read(line, block.referenceMs);
      if (entry === undefined) continue;
      entries += 1;
      if (pending.push(entry) >= BATCH_ENTRIES) await flush();
    }
    last = block.place;
    const everyMs = mailLog.openMessages.size > MANY_OPEN ? SAVE_MANY_EVERY_MS : SAVE_EVERY_MS;
    const due = performance.now() - saved.atMs > everyMs;
    if (block.caughtUp && pending.length > 0) {
      await flush();
      await feed.drain();
    }
    if (!samePlace(last, saved.place) && (due || (block.caughtUp && everyMs === SAVE_EVERY_MS))) await settle(last);
    onProgress?.({ lines, entries }, block);
  }
  if (last !== undefined && !samePlace(last, saved.place)) await settle(last);
  return { lines, entries };
}

function samePlace(a: LogBlock["place"], b: LogBlock["place"] | undefined): boolean {
  return a.inode === b?.inode && a.offset === b.offset;
}
