/**
 * Long work in slices of a few milliseconds: learning shares its thread with the classifier, and no message may wait for a
 * training. Pure; who calls says what a pause is.
 */

/** Awaited between two slices, so that the caller's thread can do other work; for example `setImmediate` of `node:timers/promises`. */
export type Pause = () => Promise<unknown>;

/** Lets nobody else work: for few items. */
export const NO_PAUSE: Pause = async () => {};

/** The items in order, with a pause after each so many. */
export async function* inSlices<Item>(items: readonly Item[], size: number, pause: Pause): AsyncGenerator<Item[]> {
  for (let start = 0; start < items.length; start += size) {
    yield items.slice(start, start + size);
    await pause();
  }
}

/** As `filter` of a list. */
export async function filterInSlices<Item>(
  items: readonly Item[],
  isWanted: (item: Item) => boolean,
  size: number,
  pause: Pause,
): Promise<Item[]> {
  const wanted: Item[] = [];
  for await (const slice of inSlices(items, size, pause)) wanted.push(...slice.filter(isWanted));
  return wanted;
}
