/**
 * The rest of the way, for a day that is delivered: the delivery role with real queues, on the day's clock. What it does every
 * now and then by the clock on the wall (more room in the hour, summaries of floods) is done here as the day goes on.
 */
import { createLog, createMetrics, openQueues, type ResolvedConfig } from "@triage/runtime";
import type { Store } from "@triage/store";
import { watchHumans } from "../../services/delivery/src/humans/watch-humans.ts";
import { startDelivery } from "../../services/delivery/src/start-delivery.ts";

/** Messages that a digest lists of each cause: the default. */
const MAX_ENTRIES = 5;
const POLL_MS = 5;

export interface DayDelivery {
  readonly enqueueDelivery: (messageId: string) => Promise<void>;
  readonly enqueueNotices: (ids: readonly string[]) => Promise<void>;
  /** What waits for room or has to be told now goes on; resolves when nothing is on its way any more. */
  catchUp(): Promise<void>;
  /** One digest of everything that was classified since it was started. */
  sendDigest(): Promise<void>;
  close(): Promise<void>;
}

export async function startDayDelivery(
  store: Store,
  config: ResolvedConfig,
  nowMs: () => number,
): Promise<DayDelivery> {
  const { queue, redis, database, humans } = config;
  const log = createLog({ level: "silent" });
  const metrics = createMetrics({ processMetrics: false });
  // verdicts carry the time of the database
  const since = new Date();
  const queues = await openQueues({ queue, redis, databaseUrl: database.url ?? "", log });
  const now = () => new Date(nowMs());
  const role = await startDelivery(config, { store, queues, metrics, log, now });
  const enqueueMail = queues.add.bind(queues);
  const arrive = async () => {
    for (const name of ["deliver", "notify", "digest"] as const) {
      for (;;) {
        const { waiting, active, delayed } = await queues.counts(name);
        if (waiting + active + delayed === 0) break;
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    }
  };
  return {
    enqueueDelivery: (id) => queues.add("deliver", id),
    enqueueNotices: (ids) => queues.addMany("notify", ids),
    async catchUp() {
      await arrive();
      const ids = await watchHumans({ store, humans, enqueueMail, metrics, log }, now());
      await queues.addMany("deliver", ids);
      await arrive();
    },
    async sendDigest() {
      const id = await store.askForDigest({ since, until: new Date() }, MAX_ENTRIES);
      await queues.add("digest", id);
      await arrive();
    },
    async close() {
      await role.close();
      await queues.close();
    },
  };
}
