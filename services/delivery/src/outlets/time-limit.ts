/** No attempt at a delivery goes on for ever: whatever hangs, it ends as an error, and is tried again. */

/**
 * LIMIT: writing one file. A disk that has spun down answers within seconds; one that is gone (NFS) says nothing at all, and there is
 * no way to call the write back: it may still come about, and the repeat finds it.
 */
export const FILE_LIMIT_MS = 60_000;

/**
 * Stops waiting after that time; the work itself goes on.
 *
 * @param what  For the record: `the file system`.
 * @throws {Error} The work has not ended within `limitMs`.
 */
export async function withinTime<Result>(work: Promise<Result>, limitMs: number, what: string): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not answer within ${limitMs / 1_000} s`)), limitMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
