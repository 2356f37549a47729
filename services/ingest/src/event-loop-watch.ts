/** How late the event loop is: the first sign of a process that has more to do than it can. */
import { monitorEventLoopDelay } from "node:perf_hooks";

const RESOLUTION_MS = 20;

export interface EventLoopWatch {
  /** Mean delay since the last call, in milliseconds, beyond the pause of the timer itself. */
  readonly meanDelayMs: () => number;
  readonly stop: () => void;
}

export function watchEventLoop(): EventLoopWatch {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  return {
    meanDelayMs() {
      const meanMs = histogram.mean / 1e6 - RESOLUTION_MS;
      histogram.reset();
      return Number.isNaN(meanMs) ? 0 : Math.max(0, meanMs);
    },
    stop: () => void histogram.disable(),
  };
}
