import { QUEUES } from "@triage/contracts";
import type { Metrics } from "../metrics.ts";
import type { Queues } from "./queues.ts";

/** Sets the gauges of the queues at every scrape, until the returned function is called. */
export function watchQueues(queues: Queues, metrics: Metrics): () => void {
  return metrics.collect(async () => {
    await Promise.all(
      QUEUES.map(async (queue) => {
        const counts = await queues.counts(queue);
        metrics.queueJobs.set({ queue, state: "waiting" }, counts.waiting);
        metrics.queueJobs.set({ queue, state: "delayed" }, counts.delayed);
        metrics.queueJobs.set({ queue, state: "active" }, counts.active);
        metrics.queueOldestWaitingSeconds.set({ queue }, counts.oldestWaitingSeconds);
      }),
    );
  });
}
