/** How far a log is read, on one line of a terminal; nothing at all where stderr is none, so that journals stay clean. */
import { stat } from "node:fs/promises";
import type { FollowCounts } from "./follow-log.ts";
import type { LogBlock } from "./log-reader.ts";

/** LIMIT: a terminal over a slow line must not hold the work up. */
const REDRAW_MS = 200;

export class FollowProgress {
  readonly #log: string;
  #sizeBytes: number | undefined;
  #drawnAt = 0;

  constructor(log: string) {
    this.#log = log;
    if (!process.stderr.isTTY) return;
    stat(log).then(
      ({ size }) => {
        this.#sizeBytes = size;
      },
      () => undefined,
    );
  }

  update({ lines, entries }: FollowCounts, { place, caughtUp }: LogBlock): void {
    const now = performance.now();
    if (!process.stderr.isTTY || now - this.#drawnAt < REDRAW_MS) return;
    this.#drawnAt = now;
    const share = this.#sizeBytes === undefined || caughtUp ? "" : ` ${percent(place.offset, this.#sizeBytes)}`;
    const state = caughtUp ? " up to date" : share;
    const counts = `${lines.toLocaleString("en")} lines, ${entries.toLocaleString("en")} entries`;
    process.stderr.write(`\r\u001b[2K${this.#log}${state}: ${counts}`);
  }

  finish(): void {
    if (process.stderr.isTTY) process.stderr.write("\r\u001b[2K");
  }
}

/** Rotated files may be longer than the log is now. */
function percent(done: number, total: number): string {
  return done <= total && total > 0 ? `${Math.floor((100 * done) / total)} %` : "";
}
