/** LIMIT: names remembered within one window; more share one count, so that memory stays bounded. */
const MAX_NAMES = 10_000;

/** So many in a minute, by name: windows that begin anew. In memory: each process counts for itself. */
export class RateLimit {
  readonly #perMinute: number;
  readonly #now: () => number;
  readonly #counts = new Map<string, number>();
  #windowEndsMs = 0;

  /** @param now  Milliseconds of a clock that never goes back; default `performance.now`. */
  constructor(perMinute: number, now: () => number = () => performance.now()) {
    this.#perMinute = perMinute;
    this.#now = now;
  }

  /** @returns Whether there was one left. */
  take(name: string): boolean {
    const now = this.#now();
    if (now >= this.#windowEndsMs) {
      this.#counts.clear();
      this.#windowEndsMs = now + 60_000;
    }
    const key = this.#counts.has(name) || this.#counts.size < MAX_NAMES ? name : "";
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    return count <= this.#perMinute;
  }
}
