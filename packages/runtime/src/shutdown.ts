/**
 * Graceful, then forceful shutdown of a process.
 *
 * On SIGTERM, SIGINT or SIGHUP everything is closed in order. After `timeoutMs`, or on a second signal, the process ends
 * at once. Nothing is lost then either (PostgreSQL has every message, the sweeper re-adds its job); it only takes longer.
 */
import type { Log } from "./log.ts";

const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

/**
 * QUIRK(npm): Ctrl-C reaches the whole foreground group, and npm and our own launcher pass it on once more. Signals
 * this close together are one wish.
 */
const ONE_WISH_MS = 1_000;

/** LIMIT: longer than one delivery by SMTP usually takes, shorter than what Docker and systemd wait before they kill. */
const DEFAULT_TIMEOUT_MS = 25_000;

export interface ShutdownOptions {
  /** Closes everything, in order. Called once. */
  readonly close: () => Promise<void>;
  readonly log: Log;
  readonly timeoutMs?: number;
  /** Ends the process; a test passes its own. */
  readonly exit?: (code: number) => void;
}

export class Shutdown {
  readonly #options: ShutdownOptions;
  readonly #timeoutMs: number;
  readonly #exit: (code: number) => void;
  #askedAt = 0;

  constructor(options: ShutdownOptions) {
    this.#options = options;
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#exit = options.exit ?? ((code) => process.exit(code));
  }

  /** Ends the process on a signal: with code 0 when everything could be closed, else 1. On a crash, with code 1. */
  listen(): void {
    for (const signal of SIGNALS) process.on(signal, () => this.ask(signal));
    process.on("uncaughtException", (error) => this.#crash(error));
    process.on("unhandledRejection", (error) => this.#crash(error));
  }

  /** One wish to stop; a second one (later than ONE_WISH_MS) ends the process at once. */
  ask(reason: string): void {
    const now = performance.now();
    if (this.#askedAt === 0) {
      this.#askedAt = now;
      void this.#closeAndExit(reason, 0);
    } else if (now - this.#askedAt > ONE_WISH_MS) {
      this.#options.log.warn({ reason }, "second signal: stopping at once");
      this.#exit(1);
    }
  }

  async #closeAndExit(reason: string, code: number): Promise<void> {
    const { close, log } = this.#options;
    log.info({ reason }, "stopping");
    const timer = setTimeout(() => {
      log.error({ timeoutMs: this.#timeoutMs }, "could not stop in time: stopping at once");
      this.#exit(1);
    }, this.#timeoutMs);
    try {
      await close();
      log.info("stopped");
      this.#exit(code);
    } catch (error) {
      log.error({ err: error }, "stopped, but not everything could be closed");
      this.#exit(1);
    } finally {
      clearTimeout(timer);
    }
  }

  #crash(error: unknown): void {
    this.#options.log.fatal({ err: error }, "crashed");
    if (this.#askedAt !== 0) return;
    this.#askedAt = performance.now();
    void this.#closeAndExit("crash", 1);
  }
}
