/** The wiring of the role: store, queue, outlet and sweeper around the deliver job. */
import { INCIDENT_KINDS } from "@triage/contracts";
import {
  type Log,
  type Metrics,
  type Queues,
  type ResolvedConfig,
  type RunningRole,
  startSweeper,
} from "@triage/runtime";
import type { Store } from "@triage/store";
import { type DeliverParts, deliverMessage, giveUpDelivery } from "./deliver-message.ts";
import { openAddressBook } from "./humans/address-book.ts";
import { deliverNotice, giveUpNotice, type NotifyParts } from "./notices/deliver-notice.ts";
import { openOutlet } from "./outlets/open-outlet.ts";

/** LIMIT: after Redis was wiped under a backlog, jobs come back in portions of this size. */
const MAX_SWEPT = 10_000;

/** What the role works with. It belongs to whoever started the role, and is closed by them, after the role. */
export interface DeliveryParts {
  readonly store: Store;
  readonly queues: Queues;
  readonly metrics: Metrics;
  readonly log: Log;
}

/**
 * Starts taking `deliver` jobs. Start any number of these, on any number of machines (with a Maildir: that share it).
 *
 * Rejects when the outlet cannot be used at all, such as a Maildir that cannot be made.
 */
export async function startDelivery(config: ResolvedConfig, parts: DeliveryParts): Promise<RunningRole> {
  const { store, queues, metrics, log } = parts;
  const { concurrency, hopLimit } = config.delivery;
  const outlets = await Promise.all(config.outlets.map(openOutlet));
  const addresses = openAddressBook(config.humans, outlets);
  const { from, humans } = config;
  const work: DeliverParts = { store, addresses, from, hopLimit, metrics, log, now: () => new Date() };
  const worker = await queues.work("deliver", {
    concurrency,
    handler: (job) => deliverMessage(job, work),
    onFailed: (job, error) => giveUpDelivery(job, error, work),
  });
  const notify: NotifyParts = { store, addresses, from, metrics, log };
  const notifier = await queues.work("notify", {
    concurrency: 1,
    handler: (job) => deliverNotice(job, notify),
    onFailed: (job, error) => giveUpNotice(job, error, notify),
  });
  const sweepAfterMs = config.queue.sweepAfterSeconds * 1_000;
  const sweeper = startSweeper({
    everyMs: sweepAfterMs / 2,
    olderThanMs: sweepAfterMs,
    find: (olderThan) => store.staleMessages("classified", olderThan, MAX_SWEPT),
    readd: (ids) => queues.addMany("deliver", ids),
    log,
  });
  const noticeSweeper = startSweeper({
    everyMs: sweepAfterMs / 2,
    olderThanMs: sweepAfterMs,
    find: (olderThan) => store.staleNotices(olderThan, MAX_SWEPT),
    readd: (ids) => queues.addMany("notify", ids),
    log,
    says: "added jobs for notices that did not advance",
  });
  const stopCounting = metrics.collect(() => countWhatWaits(store, metrics));
  log.info({ outlets: outlets.length, humans: humans.length, concurrency }, "delivering");
  return {
    async close() {
      stopCounting();
      await Promise.all([sweeper.close(), noticeSweeper.close(), worker.close(), notifier.close()]);
      await Promise.all(outlets.map((outlet) => outlet.close()));
    },
  };
}

async function countWhatWaits(store: Store, metrics: Metrics): Promise<void> {
  metrics.deadLetters.set(await store.countDeadLetters());
  const open = await store.countOpenIncidents();
  for (const kind of INCIDENT_KINDS) metrics.incidentsOpen.set({ kind }, open.get(kind) ?? 0);
}
