/**
 * Lets concurrent requests share one INSERT, and so one fsync: while a batch is on its way to the disk, the next one
 * collects. A single request does not wait for company; the more there are, the larger the batches become.
 *
 * First come, first stored. A batch that the database refuses as a whole is stored message by message, so that one
 * message which cannot be stored does not take others with it.
 */
import type { InsertOutcome, NewMessage } from "@triage/store";

export interface Batching {
  /** Messages of one batch; beyond the default a larger batch is not measurably faster. */
  readonly maxCount: number;
  /** Bytes of one batch, unless a single message is larger: it keeps the others from waiting for a slow statement. */
  readonly maxBytes: number;
  /** Batches on their way at the same time. */
  readonly parallel: number;
}

export const DEFAULT_BATCHING: Batching = { maxCount: 256, maxBytes: 8_000_000, parallel: 1 };

export interface InsertCoalescerOptions {
  readonly insert: (batch: readonly NewMessage[]) => Promise<readonly InsertOutcome[]>;
  /** Hears of every batch that is stored: the outcomes, in order. Must not throw. */
  readonly onStored: (outcomes: readonly InsertOutcome[]) => void;
  readonly batching?: Partial<Batching> | undefined;
}

interface Waiter {
  readonly message: NewMessage;
  readonly resolve: (outcome: InsertOutcome) => void;
  readonly reject: (error: unknown) => void;
}

export class InsertCoalescer {
  readonly #options: InsertCoalescerOptions;
  readonly #batching: Batching;
  readonly #waiting: Waiter[] = [];
  #inFlight = 0;

  constructor(options: InsertCoalescerOptions) {
    this.#options = options;
    this.#batching = { ...DEFAULT_BATCHING, ...options.batching };
  }

  /** Resolves when the message is on disk; rejects with what `insert` threw. */
  insert(message: NewMessage): Promise<InsertOutcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ message, resolve, reject });
      this.#pump();
    });
  }

  #pump(): void {
    while (this.#inFlight < this.#batching.parallel && this.#waiting.length > 0) {
      this.#inFlight += 1;
      void this.#store(this.#takeBatch()).finally(() => {
        this.#inFlight -= 1;
        this.#pump();
      });
    }
  }

  #takeBatch(): readonly Waiter[] {
    const { maxBytes, maxCount } = this.#batching;
    let bytes = 0;
    let count = 0;
    for (const { message } of this.#waiting) {
      bytes += message.raw.length;
      if (count > 0 && (bytes > maxBytes || count === maxCount)) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #store(batch: readonly Waiter[]): Promise<void> {
    try {
      const outcomes = await this.#options.insert(batch.map(({ message }) => message));
      this.#options.onStored(outcomes);
      for (const [index, waiter] of batch.entries()) {
        const outcome = outcomes[index];
        if (outcome === undefined) waiter.reject(new RangeError("insert gave too few outcomes"));
        else waiter.resolve(outcome);
      }
    } catch (error) {
      if (batch.length > 1 && isFinal(error)) for (const waiter of batch) await this.#store([waiter]);
      else for (const waiter of batch) waiter.reject(error);
    }
  }
}

/** The database is there but refuses the statement: some message of the batch is the reason. */
function isFinal(error: unknown): boolean {
  return typeof error === "object" && error !== null && "retryable" in error && error.retryable === false;
}
