/** The wiring of the role: store, queue, DNS and sweepers around the five stages. */
import { policyInEffect } from "@triage/routing";
import type { ResolvedConfig, RunningRole } from "@triage/runtime";
import { type ClassifyParts, classifyMessage, giveUpClassification } from "./classify-message.ts";
import { contextFor } from "./context-for.ts";
import { watchCauses } from "./incidents/cause-watch.ts";
import { startLearning } from "./learning/start-learning.ts";
import { ownMailPort } from "./own-mail.ts";
import type { ClassifierParts } from "./start-classifier.ts";
import { startClassifierSweepers } from "./start-sweepers.ts";
import { StormWatch } from "./storm-watch.ts";

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
  const work: ClassifyParts = {
    store,
    metrics,
    log,
    context: contextFor(config, { ledger: { find: store.findSent }, ownMail, now, learned: learning?.model }),
    ...(storms !== undefined && { storms }),
    ...(causes !== undefined && { causes }),
    ...(config.incidents !== undefined && { incidents: config.incidents }),
    enqueueDelivery: (messageId) => queues.add("deliver", messageId),
    enqueueNotices,
    now,
  };
  const worker = await queues.work("classify", {
    concurrency,
    handler: (job) => classifyMessage(job, work),
    onFailed: (job, error) => giveUpClassification(job, error, work),
  });
  const sweepers = startClassifierSweepers(config, parts, { storms, causes, now });
  log.info({ concurrency }, "classifying");
  return {
    async close() {
      await Promise.all([...sweepers.map((sweeper) => sweeper.close()), worker.close(), learning?.close()]);
    },
  };
}
