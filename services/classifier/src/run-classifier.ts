/** The wiring of the role: store, queue, DNS and sweeper around the five stages. */
import { policyInEffect } from "@triage/routing";
import { type ResolvedConfig, type RunningRole, startSweeper } from "@triage/runtime";
import { type ClassifyParts, classifyMessage, giveUpClassification } from "./classify-message.ts";
import { contextFor } from "./context-for.ts";
import { watchCauses } from "./incidents/cause-watch.ts";
import { endFailures, replaceUnheard } from "./incidents/failure-watch.ts";
import { startLearning } from "./learning/start-learning.ts";
import { ownMailPort } from "./own-mail.ts";
import type { ClassifierParts } from "./start-classifier.ts";
import { StormWatch } from "./storm-watch.ts";

/** LIMIT: after Redis was wiped under a backlog, jobs come back in portions of this size. */
const MAX_SWEPT = 10_000;

export async function runClassifier(config: ResolvedConfig, parts: ClassifierParts): Promise<RunningRole> {
  const { store, queues, metrics, log, now = () => new Date() } = parts;
  const { concurrency } = config.classifier;
  const enqueueNotices = (ids: readonly string[]) => queues.addMany("notify", ids);
  const storms = config.storms && new StormWatch({ store, config: config.storms, enqueueNotices, log, now });
  const learning =
    config.learning &&
    (await startLearning({ store, config: config.learning, thresholds: config.thresholds, metrics, log, now }));
  const ownMail = ownMailPort([...config.ownMail.secrets, await store.mailSecret()]);
  const policy = policyInEffect(config);
  const causes = watchCauses({ store, policy, log, now });
  const { incidents } = config;
  const enqueueDelivery = (messageId: string) => queues.add("deliver", messageId);
  const work: ClassifyParts = {
    store,
    metrics,
    log,
    context: contextFor(config, { ledger: { find: store.findSent }, ownMail, now, learned: learning?.model }),
    ...(storms !== undefined && { storms }),
    ...(causes !== undefined && { causes }),
    ...(incidents !== undefined && { incidents }),
    enqueueDelivery,
    enqueueNotices,
    now,
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
    waitingSince: () => queues.waitingSince("classify"),
    log,
  });
  const tidying = startSweeper({
    everyMs: sweepAfterMs / 2,
    olderThanMs: 0,
    find: async () => {
      await causes?.tidy();
      await replaceUnheard({ store, enqueueDelivery, log });
      const failures = incidents && (await endFailures({ store, config: incidents, now }));
      return [...((await storms?.tidy()) ?? []), ...(failures ?? [])];
    },
    readd: enqueueNotices,
    log,
    says: "incidents are over",
  });
  log.info({ concurrency }, "classifying");
  return {
    async close() {
      await Promise.all([sweeper.close(), tidying.close(), worker.close(), learning?.close()]);
    },
  };
}
