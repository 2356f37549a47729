/**
 * The storm port of provenance, on the store: reports that are classified at the same time are counted in one batch, and
 * what the human has to hear of goes to the notify queue. Counting is a help, not a condition: when it fails, the message
 * is judged without it.
 */
import type { StormAnswer, StormPort } from "@triage/provenance";
import type { Log, StormConfig } from "@triage/runtime";
import { batched, type NotedReport, type Store, StoreUnavailableError } from "@triage/store";

/** LIMIT: reports of one batch; it keeps the rows of a storm from being locked for long. */
const MAX_BATCH = 200;
/** Counts outlive the time in which they count by this, for messages that waited in the queue meanwhile. */
const SPARE_HOURS = 24;
const HOUR_MS = 3_600_000;

export interface StormWatchOptions {
  readonly store: Pick<Store, "noteStorms" | "closeQuietStorms" | "forgetStormCounts">;
  readonly config: StormConfig;
  /** Adds notify jobs; when it rejects, the sweeper of delivery adds them later. */
  readonly enqueueNotices: (noticeIds: readonly string[]) => Promise<void>;
  readonly log: Log;
  readonly now: () => Date;
}

export interface StormFinding {
  readonly answer: StormAnswer;
  /** Whose notices may tell of it; it may be over by now. */
  readonly incidentId: string | undefined;
  /** Under which it was counted. */
  readonly keys: readonly string[];
}

/** The port for one message, and what came of it: undefined as long as nobody has asked. */
export interface WatchedStorm {
  readonly port: StormPort;
  readonly finding: () => StormFinding | undefined;
}

export class StormWatch {
  readonly #options: StormWatchOptions;
  readonly #note: (report: NotedReport) => Promise<StormFinding>;

  constructor(options: StormWatchOptions) {
    this.#options = options;
    this.#note = batched((batch: readonly NotedReport[]) => this.#count(batch), { max: MAX_BATCH });
  }

  /** Its id makes a second attempt at a message count once. */
  watch(messageId: string): WatchedStorm {
    let finding: StormFinding | undefined;
    const note: StormPort["note"] = async (observation) => {
      finding = await this.#note({ messageId, observation });
      return finding.answer;
    };
    return { port: { note }, finding: () => finding };
  }

  /** Ends storms that are over and forgets old counts. @returns Ids of the notices that tell the end. */
  async tidy(): Promise<readonly string[]> {
    const { store, config, now } = this.#options;
    const hoursAgo = (hours: number) => new Date(now().getTime() - hours * HOUR_MS);
    await store.forgetStormCounts(hoursAgo(config.hours + SPARE_HOURS));
    return store.closeQuietStorms(hoursAgo(config.quietHours));
  }

  async #count(batch: readonly NotedReport[]): Promise<readonly StormFinding[]> {
    const { store, config, log } = this.#options;
    try {
      const { answers, incidentIds, keys, noticeIds } = await store.noteStorms(batch, config);
      if (noticeIds.length > 0) await this.#enqueue(noticeIds);
      return answers.map((answer, index) => ({
        answer,
        incidentId: config.groupDoubtful ? incidentIds[index] : undefined,
        keys: keys[index] ?? [],
      }));
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) log.error({ err: error }, "could not count reports");
      const detail = error instanceof Error ? error.message : String(error);
      return batch.map(() => ({ answer: { kind: "temperror", detail }, incidentId: undefined, keys: [] }));
    }
  }

  async #enqueue(noticeIds: readonly string[]): Promise<void> {
    const { enqueueNotices, log } = this.#options;
    log.warn({ notices: noticeIds.length }, "a storm of reports: telling the human");
    await enqueueNotices(noticeIds).catch((error: unknown) => {
      log.warn({ err: error }, "cannot add notices to the queue; the sweeper will");
    });
  }
}
