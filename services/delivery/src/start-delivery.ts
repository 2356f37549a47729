/** The wiring of the role: store, queues and outlets around the jobs; what comes with time is in start-sweepers.ts. */
import { INCIDENT_KINDS } from "@triage/contracts";
import { readOwnMailId } from "@triage/message";
import type { Log, Metrics, Queues, ResolvedConfig, RunningRole } from "@triage/runtime";
import type { Store } from "@triage/store";
import { openLinkMaker } from "./compose/link-maker.ts";
import { openMailIds } from "./compose/mail-ids.ts";
import { type DeliverParts, deliverMessage, giveUpDelivery } from "./deliver-message.ts";
import { startDigests } from "./digest/start-digests.ts";
import { openAddressBook } from "./humans/address-book.ts";
import { deliverNotice, giveUpNotice, type NotifyParts } from "./notices/deliver-notice.ts";
import { type AlertWatchParts, tellOfDeadLetters, warnOfNobody } from "./notices/watch-alerts.ts";
import { openOutlet } from "./outlets/open-outlet.ts";
import type { Outlet } from "./outlets/outlet.ts";
import { startDeliverySweepers } from "./start-sweepers.ts";
import { startTrimming } from "./start-trimming.ts";

/** Deliveries that wait for their turn at an outlet, for each that is going on. */
const WAITING_PER_SLOT = 8;

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
  const { store, metrics, log } = parts;
  const { humans } = config;
  const outlets = await Promise.all(config.outlets.map(openOutlet));
  const work = await openWork(config, parts, outlets);
  const workers = await startWorkers(config, parts, work);
  const sweepers = startDeliverySweepers(config, parts, work.alerts);
  warnOfNobody(config, log);
  const stopCounting = metrics.collect(() => countWhatWaits(store, metrics));
  const trimming = config.privacy.returnedBodies === "drop" ? startTrimming({ store, log }) : undefined;
  log.info({ outlets: outlets.length, humans: humans.length, concurrency: config.delivery.concurrency }, "delivering");
  return {
    async close() {
      stopCounting();
      await trimming?.close();
      await Promise.all([...sweepers, ...workers].map((one) => one.close()));
      await Promise.all(outlets.map((outlet) => outlet.close()));
    },
  };
}

interface DeliveryWork {
  readonly deliver: DeliverParts;
  readonly notify: NotifyParts;
  readonly alerts: AlertWatchParts;
  /** Jobs of one queue at the same time. */
  readonly atOnce: number;
}

/** What the jobs work with. */
async function openWork(
  config: ResolvedConfig,
  { store, queues, metrics, log, now = () => new Date() }: DeliveryParts,
  outlets: readonly Outlet[],
): Promise<DeliveryWork> {
  const { concurrency, hopLimit } = config.delivery;
  const { publicUrl } = config.http.links;
  const links = await openLinkMaker(config.http.links, store);
  const maxWaiting = concurrency * WAITING_PER_SLOT;
  const limits = { atOnce: concurrency, maxWaiting, alertsTo: config.alerts.to };
  const secrets = [...config.ownMail.secrets, await store.mailSecret()];
  const alerts: AlertWatchParts = { store, enqueueNotices: (ids) => queues.addMany("notify", ids), metrics, log };
  const common = {
    store,
    addresses: openAddressBook(config.humans, outlets, limits),
    from: config.from,
    mailIds: openMailIds(config.from, secrets[0] ?? ""),
    attempts: config.queue.attempts.deliver,
    metrics,
    log,
    now,
  };
  const deliver: DeliverParts = {
    ...common,
    enqueue: (ids) => queues.addMany("deliver", ids),
    links,
    publicUrl,
    givesBytes: config.privacy.addresses.api === "full",
    isSiteNamed: config.site.domains.length + config.site.relays.length > 0,
    hopLimit,
    isOurMailId: (messageId) => readOwnMailId(messageId, secrets) !== undefined,
    onDeadLetter: () => tellOfDeadLetters(alerts),
  };
  const notify: NotifyParts = {
    ...common,
    addJobs: (queue, ids) => queues.addMany(queue, ids),
    reach: { links, publicUrl },
  };
  // Room for the full line of each outlet: however many of them hang, the others' mail finds a worker.
  return { deliver, notify, alerts, atOnce: outlets.length * (concurrency + maxWaiting) };
}

async function startWorkers(
  config: ResolvedConfig,
  { queues, metrics, store, log }: DeliveryParts,
  { deliver, notify, atOnce }: DeliveryWork,
): Promise<readonly RunningRole[]> {
  const worker = await queues.work("deliver", {
    concurrency: atOnce,
    handler: (job) => deliverMessage(job, deliver),
    onFailed: (job, error) => giveUpDelivery(job, error, deliver),
  });
  const notifier = await queues.work("notify", {
    concurrency: atOnce,
    handler: (job) => deliverNotice(job, notify),
    onFailed: (job, error) => giveUpNotice(job, error, notify),
  });
  const { addresses, mailIds, now } = deliver;
  const digests = await startDigests(config, { store, queues, addresses, mailIds, metrics, log, atOnce, now });
  return [worker, notifier, digests];
}

async function countWhatWaits(store: Store, metrics: Metrics): Promise<void> {
  metrics.deadLetters.set(await store.countDeadLetters());
  metrics.messagesHeld.set(await store.countHeld());
  const open = await store.countOpenIncidents();
  for (const kind of INCIDENT_KINDS) metrics.incidentsOpen.set({ kind }, open.get(kind) ?? 0);
}
