/**
 * The line in front of one outlet: so many deliveries at a time, so many that wait, and no more.
 *
 * A server that trickles holds each delivery for minutes. Without a line of its own, it would soon hold all workers, and nobody
 * else would get mail. Who finds the line full is put off: that is written down, and whoever makes room takes it up.
 */
export class OutletLine {
  readonly #atOnce: number;
  readonly #maxWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #active = 0;

  constructor(limits: { readonly atOnce: number; readonly maxWaiting: number }) {
    this.#atOnce = limits.atOnce;
    this.#maxWaiting = limits.maxWaiting;
  }

  /** @returns A promise of the turn, to be ended by `leave`; undefined: the line is full. */
  enter(): Promise<void> | undefined {
    if (this.#active < this.#atOnce) {
      this.#active += 1;
      return Promise.resolve();
    }
    if (this.#waiting.length >= this.#maxWaiting) return undefined;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#active -= 1;
    else next();
  }

  /** How many may still enter. */
  get room(): number {
    return this.#atOnce - this.#active + this.#maxWaiting - this.#waiting.length;
  }
}
