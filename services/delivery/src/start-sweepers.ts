/** What delivery looks after as time goes by: jobs that the queue has lost, humans who wait, alerts that are over. */
import { type ResolvedConfig, type Rounds, startSweeper } from "@triage/runtime";
import { watchHumans } from "./humans/watch-humans.ts";
import { type AlertWatchParts, tidyAlerts } from "./notices/watch-alerts.ts";
import type { DeliveryParts } from "./start-delivery.ts";

/** LIMIT: after Redis was wiped under a backlog, jobs come back in portions of this size. */
const MAX_SWEPT = 10_000;

/** Each looks twice in the time after which a job counts as lost. Digests have their own, with their clock. */
export function startDeliverySweepers(
  { humans, queue }: ResolvedConfig,
  { store, queues, metrics, log, now = () => new Date() }: DeliveryParts,
  alerts: AlertWatchParts,
): readonly Rounds[] {
  const sweepAfterMs = queue.sweepAfterSeconds * 1_000;
  const everyMs = sweepAfterMs / 2;
  const watched = { store, humans, enqueueMail: (name: "notify" | "digest", id: string) => queues.add(name, id) };
  return [
    startSweeper({
      everyMs,
      olderThanMs: sweepAfterMs,
      find: (olderThan) => store.staleDeliveries(olderThan, MAX_SWEPT),
      readd: (ids) => queues.addMany("deliver", ids),
      waitingSince: () => queues.waitingSince("deliver"),
      log,
    }),
    startSweeper({
      everyMs,
      olderThanMs: sweepAfterMs,
      find: (olderThan) => store.staleNotices(olderThan, MAX_SWEPT),
      readd: alerts.enqueueNotices,
      waitingSince: () => queues.waitingSince("notify"),
      log,
      says: "added jobs for notices that did not advance",
    }),
    startSweeper({
      everyMs,
      olderThanMs: 0,
      find: (at) => watchHumans({ ...watched, metrics, log }, at),
      readd: (ids) => queues.addMany("deliver", ids),
      log,
      says: "added jobs for messages that need not wait, or go to the next human",
      now,
    }),
    startSweeper({
      everyMs,
      olderThanMs: 0,
      find: (at) => tidyAlerts(alerts, at),
      readd: alerts.enqueueNotices,
      log,
      now,
    }),
  ];
}
