/** Something that is done again and again: at once, then each time a while after the last round has ended. */
import type { Log } from "./log.ts";

export interface RoundsOptions {
  readonly everyMs: number;
  /** Part of `everyMs` that each wait may be longer by: who started in step does not stay so. Default 0. */
  readonly jitter?: number;
  /** @param isOver  Whether somebody waits for the end: a long round may stop where it is. */
  round(isOver: () => boolean): Promise<void>;
  readonly log: Pick<Log, "warn">;
  /** What the log says of a round that rejects; the next one comes all the same. */
  readonly complaint: string;
}

export interface Rounds {
  /** Waits for the round in progress. */
  close(): Promise<void>;
}

export function startRounds({ everyMs, jitter = 0, round, log, complaint }: RoundsOptions): Rounds {
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const go = async () => {
    try {
      await round(() => closed);
    } catch (error) {
      log.warn({ err: error }, complaint);
    }
    if (!closed) timer = setTimeout(start, everyMs * (1 + Math.random() * jitter));
  };
  let running = Promise.resolve();
  const start = () => {
    running = go();
  };
  start();
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
}
