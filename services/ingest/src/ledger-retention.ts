/** Drops the days of the sent ledger that are over: the role that feeds it also forgets. */
import type { Log } from "@triage/runtime";
import type { Store } from "@triage/store";

const DAY_MS = 86_400_000;
/** A day is dropped within this time after it expired; more often would find nothing. */
const EVERY_MS = 3_600_000;

export interface LedgerRetentionOptions {
  readonly store: Pick<Store, "dropExpiredPartitions">;
  /** Days that the ledger remembers. */
  readonly days: number;
  readonly log: Pick<Log, "info" | "warn">;
}

/** Looks at once and then every hour. Any number of processes may do so; an error is logged, the next look comes. */
export function forgetOldSentMail({ store, days, log }: LedgerRetentionOptions): { close(): Promise<void> } {
  const forget = async () => {
    try {
      const dropped = await store.dropExpiredPartitions({ sentBefore: new Date(Date.now() - days * DAY_MS) });
      if (dropped.length > 0) log.info({ days: dropped.length }, "old days of the sent ledger dropped");
    } catch (error) {
      log.warn({ err: error }, "cannot drop old days of the sent ledger; trying again later");
    }
  };
  let running = forget();
  const timer = setInterval(() => {
    running = forget();
  }, EVERY_MS);
  return {
    async close() {
      clearInterval(timer);
      await running;
    },
  };
}
