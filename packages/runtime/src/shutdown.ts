/**
 * Graceful, then forceful shutdown.
 *
 * On SIGTERM, SIGINT or SIGHUP the steps run one after another, the last added first: what takes work stops before
 * what it works with. After `timeoutMs`, or on a second signal, the process ends at once. Nothing is lost then
 * either (PostgreSQL has every message, the sweeper re-adds its job); it only takes longer.
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
  readonly log: Log;
  readonly timeoutMs?: number;
  /** Ends the process; a test passes its own. */
  readonly exit?: (code: number) => void;
}

export class Shutdown {
  readonly #log: Log;
  readonly #timeoutMs: number;
  readonly #exit: (code: number) => void;
  readonly #steps: { readonly name: string; readonly close: () => Promise<void> }[] = [];
  #running: Promise<void> | undefined;
  #askedAt = 0;

  constructor(options: ShutdownOptions) {
    this.#log = options.log;
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#exit = options.exit ?? ((code) => process.exit(code));
  }

  /** Adds a step; steps run in the reverse order, so add a thing when it is opened. `name` is for the log. */
  add(name: string, close: () => Promise<void>): void {
    this.#steps.push({ name, close });
  }

  /** Closes everything on a signal and ends the process: code 0 when all went well, else 1. */
  listen(): void {
    for (const signal of SIGNALS) process.on(signal, () => this.ask(signal));
    process.on("uncaughtException", (error) => this.#crash(error));
    process.on("unhandledRejection", (error) => this.#crash(error));
  }

  /** One wish to stop; the second one (later than ONE_WISH_MS) ends the process at once. */
  ask(reason: string): void {
    const now = performance.now();
    if (this.#askedAt === 0) {
      this.#askedAt = now;
      void this.#closeAndExit(reason, 0);
    } else if (now - this.#askedAt > ONE_WISH_MS) {
      this.#log.warn({ reason }, "second signal: stopping at once");
      this.#exit(1);
    }
  }

  /**
   * Runs all steps; a step that fails is logged and does not keep the others from running.
   *
   * @throws {AggregateError} when any step failed.
   */
  close(): Promise<void> {
    this.#running ??= this.#runSteps();
    return this.#running;
  }

  async #runSteps(): Promise<void> {
    const errors: unknown[] = [];
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      try {
        await step.close();
        this.#log.debug({ step: step.name }, "closed");
      } catch (error) {
        errors.push(error);
        this.#log.error({ step: step.name, err: error }, "could not close");
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, "Shutdown was not clean");
  }

  async #closeAndExit(reason: string, code: number): Promise<void> {
    this.#log.info({ reason }, "stopping");
    const timer = setTimeout(() => {
      this.#log.error({ timeoutMs: this.#timeoutMs }, "could not stop in time: stopping at once");
      this.#exit(1);
    }, this.#timeoutMs);
    try {
      await this.close();
      this.#log.info("stopped");
      this.#exit(code);
    } catch {
      this.#exit(1);
    } finally {
      clearTimeout(timer);
    }
  }

  #crash(error: unknown): void {
    this.#log.fatal({ err: error }, "crashed");
    if (this.#askedAt !== 0) return;
    this.#askedAt = performance.now();
    void this.#closeAndExit("crash", 1);
  }
}
