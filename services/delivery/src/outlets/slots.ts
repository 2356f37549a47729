/** So many things at a time, the others in the order in which they came. */
export interface Slots {
  run<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Resolves when everything that was begun or waits is done. */
  idle(): Promise<void>;
}

export function openSlots(count: number): Slots {
  const waiting: (() => void)[] = [];
  const inProgress = new Set<Promise<unknown>>();
  let free = count;
  const enter = async () => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const leave = () => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return {
    run(work) {
      const running = enter().then(() => work().finally(leave));
      inProgress.add(running);
      return running.finally(() => inProgress.delete(running));
    },
    async idle() {
      await Promise.allSettled(inProgress);
    },
  };
}
