/** What the classifier looks after as time goes by: jobs that the queue has lost, storms and incidents that are over. */
import { type ResolvedConfig, type Rounds, startSweeper } from "@triage/runtime";
import type { CauseWatch } from "./incidents/cause-watch.ts";
import { endFailures, replaceUnheard } from "./incidents/failure-watch.ts";
import type { ClassifierParts } from "./start-classifier.ts";
import type { StormWatch } from "./storm-watch.ts";

/** LIMIT: after Redis was wiped under a backlog, jobs come back in portions of this size. */
const MAX_SWEPT = 10_000;

/** What is watched while it goes on; undefined: the configuration does not want it watched. */
export interface Watched {
  readonly storms: StormWatch | undefined;
  readonly causes: CauseWatch | undefined;
  readonly now: () => Date;
}

/** Each looks twice in the time after which a job counts as lost. */
export function startClassifierSweepers(
  { incidents, queue }: ResolvedConfig,
  { store, queues, log }: ClassifierParts,
  { storms, causes, now }: Watched,
): readonly Rounds[] {
  const sweepAfterMs = queue.sweepAfterSeconds * 1_000;
  const everyMs = sweepAfterMs / 2;
  const enqueueDelivery = (messageId: string) => queues.add("deliver", messageId);
  return [
    startSweeper({
      everyMs,
      olderThanMs: sweepAfterMs,
      find: (olderThan) => store.staleMessages("received", olderThan, MAX_SWEPT),
      readd: (ids) => queues.addMany("classify", ids),
      waitingSince: () => queues.waitingSince("classify"),
      log,
    }),
    startSweeper({
      everyMs,
      olderThanMs: 0,
      find: async () => {
        await causes?.tidy();
        await replaceUnheard({ store, enqueueDelivery, log });
        const failures = incidents && (await endFailures({ store, config: incidents, now }));
        return [...((await storms?.tidy()) ?? []), ...(failures ?? [])];
      },
      readd: (ids) => queues.addMany("notify", ids),
      log,
      says: "incidents are over",
    }),
  ];
}
