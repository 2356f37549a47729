/** A progress bar on stderr. Writes nothing at all when stderr is not a terminal, so that logs stay clean. */
export interface ProgressBar {
  /** `done` of the total are finished. Redraws at most every REDRAW_MS. */
  update(done: number): void;
  /** Removes the bar. */
  finish(): void;
}

const WIDTH_CHARS = 30;
/** LIMIT: a terminal over a slow line must not hold the work up. */
const REDRAW_MS = 100;

export function startProgressBar(label: string, total: number): ProgressBar {
  const stream = process.stderr;
  if (!stream.isTTY || total < 2) return { update: () => undefined, finish: () => undefined };
  let drawnAt = 0;
  return {
    update(done) {
      const now = performance.now();
      if (now - drawnAt < REDRAW_MS && done < total) return;
      drawnAt = now;
      const filled = Math.round((done / total) * WIDTH_CHARS);
      const bar = "█".repeat(filled) + "░".repeat(WIDTH_CHARS - filled);
      stream.write(`\r${label} ${bar} ${done}/${total}`);
    },
    finish: () => void stream.write("\r\u001b[2K"),
  };
}
