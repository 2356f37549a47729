/** The wiring of the role: store, queue, DNS and sweeper around the five stages. */
import { type ResolvedConfig, type RunningRole, startSweeper } from "@triage/runtime";
import type { Store } from "@triage/store";
import type { ClassifyContext } from "./classify.ts";
import { type ClassifyParts, classifyMessage, giveUpClassification } from "./classify-message.ts";
import { dnsPortsOf } from "./dns/dns-ports.ts";
import type { ClassifierParts } from "./start-classifier.ts";

/** LIMIT: after Redis was wiped under a backlog, jobs come back in portions of this size. */
const MAX_SWEPT = 10_000;

export async function runClassifier(config: ResolvedConfig, parts: ClassifierParts): Promise<RunningRole> {
  const { store, queues, metrics, log } = parts;
  const { concurrency } = config.classifier;
  const work: ClassifyParts = {
    store,
    metrics,
    log,
    context: contextFor(config, store),
    enqueueDelivery: (messageId) => queues.add("deliver", messageId),
    now: () => new Date(),
  };
  const worker = await queues.work("classify", {
    concurrency,
    handler: (job) => classifyMessage(job, work),
    onFailed: (job, error) => giveUpClassification(job, error, work),
  });
  const sweepAfterMs = config.queue.sweepAfterSeconds * 1_000;
  const sweeper = startSweeper({
    everyMs: sweepAfterMs / 2,
    olderThanMs: sweepAfterMs,
    find: (olderThan) => store.staleMessages("received", olderThan, MAX_SWEPT),
    readd: (ids) => queues.addMany("classify", ids),
    log,
  });
  log.info({ concurrency }, "classifying");
  return {
    async close() {
      await Promise.all([sweeper.close(), worker.close()]);
    },
  };
}

/** DNS only when the configuration allows it; the ledger always, it is in the same database. */
function contextFor({ site, dns, thresholds, policy }: ResolvedConfig, store: Store): ClassifyContext {
  const ledger = { find: store.findSent };
  const dnsPorts = dnsPortsOf(site, dns);
  return {
    site,
    thresholds,
    ...(policy !== undefined && { policy }),
    ports: () => ({ now: new Date(), ledger, ...dnsPorts }),
  };
}
