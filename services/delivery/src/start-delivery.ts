/** The wiring of the role: store, queue, outlet and sweeper around the deliver job. */
import { INCIDENT_KINDS } from "@triage/contracts";
import { readOwnMailId } from "@triage/message";
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
import { startDigests } from "./digest/start-digests.ts";
import { openAddressBook } from "./humans/address-book.ts";
import { watchHumans } from "./humans/watch-humans.ts";
import { openLinkMaker } from "./links/link-maker.ts";
import { openMailIds } from "./mail-ids.ts";
import { deliverNotice, giveUpNotice, type NotifyParts } from "./notices/deliver-notice.ts";
import { openOutlet } from "./outlets/open-outlet.ts";
import { startTrimming } from "./start-trimming.ts";
import { type AlertWatchParts, tellOfDeadLetters, tidyAlerts, warnOfNobody } from "./watch-alerts.ts";

/** LIMIT: after Redis was wiped under a backlog, jobs come back in portions of this size. */
const MAX_SWEPT = 10_000;

/** Deliveries that wait for their turn at an outlet, for each that is going on. */
const WAITING_PER_SLOT = 4;

/** What the role works with. It belongs to whoever started the role, and is closed by them, after the role. */
export interface DeliveryParts {
  readonly store: Store;
  readonly queues: Queues;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Default: the clock. */
  readonly now?: () => Date;
}

/**
 * Starts taking `deliver` jobs. Start any number of these, on any number of machines (with a Maildir: that share it).
 *
 * Rejects when the outlet cannot be used at all, such as a Maildir that cannot be made.
 */
export async function startDelivery(config: ResolvedConfig, parts: DeliveryParts): Promise<RunningRole> {
  const { store, queues, metrics, log, now = () => new Date() } = parts;
  const { concurrency, hopLimit } = config.delivery;
  const outlets = await Promise.all(config.outlets.map(openOutlet));
  const maxWaiting = concurrency * WAITING_PER_SLOT;
  const alertsTo = config.alerts.to;
  const addresses = openAddressBook(config.humans, outlets, { atOnce: concurrency, maxWaiting, alertsTo });
  const { from, humans } = config;
  const secrets = [...config.ownMail.secrets, await store.mailSecret()];
  const mailIds = openMailIds(from, secrets[0] ?? "");
  const isOurMailId = (messageId: string) => readOwnMailId(messageId, secrets) !== undefined;
  const attempts = config.queue.attempts.deliver;
  const enqueue = (ids: readonly string[]) => queues.addMany("deliver", ids);
  const enqueueNotices = (ids: readonly string[]) => queues.addMany("notify", ids);
  const alerts: AlertWatchParts = { store, enqueueNotices, metrics, log };
  const onDeadLetter = () => tellOfDeadLetters(alerts);
  const { publicUrl } = config.http.links;
  const reach = { links: await openLinkMaker(config.http.links, store), publicUrl };
  const work: DeliverParts = {
    store,
    addresses,
    enqueue,
    from,
    mailIds,
    ...reach,
    hopLimit,
    isOurMailId,
    attempts,
    onDeadLetter,
    metrics,
    log,
    now,
  };
  // Room for the full line of each outlet: however many of them hang, the others' mail finds a worker.
  const atOnce = outlets.length * (concurrency + maxWaiting);
  const worker = await queues.work("deliver", {
    concurrency: atOnce,
    handler: (job) => deliverMessage(job, work),
    onFailed: (job, error) => giveUpDelivery(job, error, work),
  });
  const notify: NotifyParts = { store, addresses, from, mailIds, reach, attempts, metrics, log, now };
  const notifier = await queues.work("notify", {
    concurrency: atOnce,
    handler: (job) => deliverNotice(job, notify),
    onFailed: (job, error) => giveUpNotice(job, error, notify),
  });
  const digests = await startDigests(config, { store, queues, addresses, mailIds, metrics, log, atOnce, now });
  const sweepAfterMs = config.queue.sweepAfterSeconds * 1_000;
  const sweeper = startSweeper({
    everyMs: sweepAfterMs / 2,
    olderThanMs: sweepAfterMs,
    find: (olderThan) => store.staleDeliveries(olderThan, MAX_SWEPT),
    readd: enqueue,
    log,
  });
  const noticeSweeper = startSweeper({
    everyMs: sweepAfterMs / 2,
    olderThanMs: sweepAfterMs,
    find: (olderThan) => store.staleNotices(olderThan, MAX_SWEPT),
    readd: enqueueNotices,
    log,
    says: "added jobs for notices that did not advance",
  });
  const watch = startSweeper({
    everyMs: sweepAfterMs / 2,
    olderThanMs: 0,
    find: (at) => watchHumans({ store, humans, enqueueMail: (queue, id) => queues.add(queue, id), metrics, log }, at),
    readd: enqueue,
    log,
    says: "added jobs for messages that need not wait, or go to the next human",
  });
  const alertWatch = startSweeper({
    everyMs: sweepAfterMs / 2,
    olderThanMs: 0,
    find: (at) => tidyAlerts(alerts, at),
    readd: enqueueNotices,
    log,
  });
  warnOfNobody(humans, config.alerts, log);
  const stopCounting = metrics.collect(() => countWhatWaits(store, metrics));
  const trimming = config.privacy.returnedBodies === "drop" ? startTrimming({ store, log }) : undefined;
  log.info({ outlets: outlets.length, humans: humans.length, concurrency }, "delivering");
  return {
    async close() {
      stopCounting();
      await trimming?.close();
      await Promise.all([
        sweeper.close(),
        noticeSweeper.close(),
        watch.close(),
        alertWatch.close(),
        worker.close(),
        notifier.close(),
        digests.close(),
      ]);
      await Promise.all(outlets.map((outlet) => outlet.close()));
    },
  };
}

async function countWhatWaits(store: Store, metrics: Metrics): Promise<void> {
  metrics.deadLetters.set(await store.countDeadLetters());
  metrics.messagesHeld.set(await store.countHeld());
  const open = await store.countOpenIncidents();
  for (const kind of INCIDENT_KINDS) metrics.incidentsOpen.set({ kind }, open.get(kind) ?? 0);
}
