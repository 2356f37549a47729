/**
 * Messages that a log has begun and not yet ended: a queue id on one line, its Message-ID on another. Bounded: what has
 * been silent for longest is forgotten first, and its later lines then count by queue id and recipient alone.
 */

export interface OpenMessage {
  readonly messageId?: string;
  /** The reverse-path's domain, lower-cased; "" is the null reverse-path. */
  readonly senderDomain?: string;
}

/** LIMIT: some 40 MB at the worst; a server with more mail in its queue has other worries. */
const MAX_OPEN = 100_000;

/** As it is kept beside the place in the log, so that a message that was begun before a stop is known after it. */
export type OpenMessageList = readonly (readonly [key: string, message: OpenMessage])[];

export class OpenMessages {
  readonly #messages: Map<string, OpenMessage>;
  readonly #max: number;

  constructor(saved: OpenMessageList = [], max = MAX_OPEN) {
    this.#messages = new Map(saved);
    this.#max = max;
  }

  get size(): number {
    return this.#messages.size;
  }

  get(key: string): OpenMessage | undefined {
    return this.#messages.get(key);
  }

  note(key: string, more: OpenMessage): void {
    const known = this.#messages.get(key);
    this.#messages.delete(key);
    this.#messages.set(key, { ...known, ...more });
    if (this.#messages.size <= this.#max) return;
    for (const oldest of this.#messages.keys()) {
      this.#messages.delete(oldest);
      return;
    }
  }

  end(key: string): void {
    this.#messages.delete(key);
  }

  list(): OpenMessageList {
    return [...this.#messages];
  }
}
