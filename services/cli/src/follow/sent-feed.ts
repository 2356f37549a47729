/**
 * Hands entries to `POST /v1/sent` and does not let go: what the service cannot take now (it is down, overloaded, its
 * database is away, the key is being changed) is offered again, for as long as it takes. Few requests are under way at a time, so
 * the log is read no faster than the ledger takes it.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { SentLine } from "@triage/contracts";

const TIMEOUT_MS = 60_000;
const FIRST_WAIT_MS = 500;
const MAX_WAIT_MS = 30_000;
/** One is being stored while the next is being sent. */
const MAX_IN_FLIGHT = 2;

export interface SentFeedOptions {
  /** Base of the ingest service. */
  readonly url: string;
  /** Asked again after a 401. */
  readonly key: () => Promise<string>;
  readonly signal: AbortSignal;
  readonly warn: (text: string) => void;
  /** First wait after a failure; default FIRST_WAIT_MS. */
  readonly firstWaitMs?: number;
}

/** The service refuses for a reason that waiting does not mend. */
export class FeedRefusedError extends Error {}

export class SentFeed {
  readonly #options: SentFeedOptions;
  readonly #inFlight = new Set<Promise<void>>();
  #failure: unknown;
  #sent = 0;

  constructor(options: SentFeedOptions) {
    this.#options = options;
  }

  /** Entries that the service has taken. */
  get sent(): number {
    return this.#sent;
  }

  /** Resolves when there is room for the next; the entries are in the ledger only when `drain` has resolved. */
  async add(entries: readonly SentLine[]): Promise<void> {
    if (entries.length === 0) return;
    const request: Promise<void> = this.#deliver(entries)
      .catch((error: unknown) => {
        this.#failure ??= error;
      })
      .finally(() => this.#inFlight.delete(request));
    this.#inFlight.add(request);
    while (this.#inFlight.size >= MAX_IN_FLIGHT) await Promise.race(this.#inFlight);
    this.#throwFailure();
  }

  /** Resolves when everything that was added is in the ledger. @throws {FeedRefusedError}, or the signal's reason. */
  async drain(): Promise<void> {
    await Promise.all(this.#inFlight);
    this.#throwFailure();
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #deliver(entries: readonly SentLine[]): Promise<void> {
    const body = entries.map((entry) => JSON.stringify(entry)).join("\n");
    const { signal, warn, url, firstWaitMs = FIRST_WAIT_MS } = this.#options;
    for (let waitMs = firstWaitMs; ; waitMs = Math.min(MAX_WAIT_MS, waitMs * 2)) {
      const answer = await this.#post(body);
      if (answer.kind === "taken") {
        this.#sent += entries.length;
        return;
      }
      if (answer.kind === "refused") throw new FeedRefusedError(`${url} ${answer.reason}`);
      warn(`${url} ${answer.reason}; trying again`);
      await delay(answer.waitMs ?? waitMs, undefined, { signal });
    }
  }

  async #post(body: string): Promise<Answer> {
    const { url, key, signal, warn } = this.#options;
    try {
      const response = await fetch(new URL("/v1/sent", url), {
        method: "POST",
        headers: { Authorization: `Bearer ${await key()}`, "Content-Type": "application/x-ndjson" },
        body,
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      const text = (await response.text()).slice(0, 500).replaceAll("\n", " ");
      // The good lines of such a request are kept (see the route); the others would be refused again.
      if (response.status === 400) warn(`${url} refused some entries: ${text}`);
      if (response.ok || response.status === 400) return { kind: "taken" };
      const reason = `answered ${response.status}: ${text}`;
      if (!isTemporary(response.status)) return { kind: "refused", reason };
      return { kind: "later", reason, waitMs: retryAfterMs(response) };
    } catch (error) {
      signal.throwIfAborted();
      return { kind: "later", reason: `cannot be reached: ${describe(error)}`, waitMs: undefined };
    }
  }
}

type Answer =
  | { readonly kind: "taken" }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "later"; readonly reason: string; readonly waitMs: number | undefined };

/** 401: the operator changes the key on one side first. */
function isTemporary(status: number): boolean {
  return status >= 500 || status === 401 || status === 408 || status === 429;
}

/** RFC 9110 section 10.2.3; ours are always seconds. */
function retryAfterMs(response: Response): number | undefined {
  const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) ? Math.min(MAX_WAIT_MS, seconds * 1_000) : undefined;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
