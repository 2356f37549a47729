/**
 * Says no before the service drowns: rather one client that tries again in a second than all of them waiting, and
 * never more mail in memory than there is room for.
 */
import type { Log } from "@triage/runtime";

/** How often the queue is asked and the event loop's delay is looked at, at most. */
const LOOK_EVERY_MS = 1_000;

export interface PressureLimits {
  /** Jobs that wait in the classify queue; beyond it, ingest is faster than what follows: 429. */
  readonly maxWaiting: number;
  /** Mean delay of the event loop over the last second, milliseconds; beyond it: 503. */
  readonly maxEventLoopDelayMs: number;
  /** Bytes of all request bodies that are being received or stored; beyond it: 503. */
  readonly maxInFlightBytes: number;
}

/** Why a request is not taken now. */
export interface Overload {
  readonly status: 429 | 503;
  readonly code: "queue-full" | "event-loop-late" | "memory-full";
  readonly detail: string;
  readonly retryAfterSeconds: number;
}

export interface BackPressureOptions {
  readonly limits: PressureLimits;
  /** Jobs that wait now. May reject (Redis may be away: that does not keep mail from being stored). */
  readonly queueDepth: () => Promise<number>;
  /** Mean event loop delay since the last call, milliseconds. */
  readonly eventLoopDelayMs: () => number;
  readonly log: Pick<Log, "warn" | "info">;
  /** Milliseconds of a clock that never goes back; default `performance.now`. */
  readonly now?: () => number;
}

export type Admission =
  | { readonly kind: "admitted"; readonly release: () => void }
  | { readonly kind: "overloaded"; readonly overload: Overload };

export class BackPressure {
  readonly #options: BackPressureOptions;
  readonly #now: () => number;
  #inFlightBytes = 0;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #waiting = 0;
  #delayMs = 0;
  #refusing: Overload["code"] | undefined;

  constructor(options: BackPressureOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  /**
   * Admits a request and counts its bytes until `release` is called (calling it again is harmless).
   *
   * @param bodyBytes  What the body may become: its Content-Length, or the largest allowed where there is none.
   */
  admit(bodyBytes: number): Admission {
    this.#look();
    const overload = this.#overload(bodyBytes);
    this.#report(overload);
    if (overload !== undefined) return { kind: "overloaded", overload };
    this.#inFlightBytes += bodyBytes;
    let held = bodyBytes;
    const release = () => {
      this.#inFlightBytes -= held;
      held = 0;
    };
    return { kind: "admitted", release };
  }

  #look(): void {
    if (this.#now() - this.#lookedAt < LOOK_EVERY_MS) return;
    this.#lookedAt = this.#now();
    this.#delayMs = this.#options.eventLoopDelayMs();
    this.#options.queueDepth().then(
      (waiting) => {
        this.#waiting = waiting;
      },
      () => {
        this.#waiting = 0;
      },
    );
  }

  #overload(bodyBytes: number): Overload | undefined {
    const { maxWaiting, maxEventLoopDelayMs, maxInFlightBytes } = this.#options.limits;
    if (this.#waiting > maxWaiting) {
      const detail = `${this.#waiting} messages wait to be classified; at most ${maxWaiting} may.`;
      return { status: 429, code: "queue-full", detail, retryAfterSeconds: 10 };
    }
    if (this.#delayMs > maxEventLoopDelayMs) {
      return { status: 503, code: "event-loop-late", detail: "The service is busy.", retryAfterSeconds: 2 };
    }
    // A single body always fits, however small the site made the limit.
    if (this.#inFlightBytes > 0 && this.#inFlightBytes + bodyBytes > maxInFlightBytes) {
      const detail = "Too many large messages are being received at once.";
      return { status: 503, code: "memory-full", detail, retryAfterSeconds: 1 };
    }
    return undefined;
  }

  /** One line when it begins, one when it ends. */
  #report(overload: Overload | undefined): void {
    if (overload?.code === this.#refusing) return;
    this.#refusing = overload?.code;
    if (overload === undefined) this.#options.log.info("taking messages again");
    else this.#options.log.warn({ reason: overload.code }, `refusing messages: ${overload.detail}`);
  }
}
