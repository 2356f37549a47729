import {
  type CloseStack,
  type Log,
  type Metrics,
  openQueues,
  type Queues,
  type ResolvedConfig,
  watchQueues,
} from "@triage/runtime";
import { openStore, type Store } from "@triage/store";

/** What every role works with. */
export interface Parts {
  readonly store: Store;
  readonly queues: Queues;
  readonly metrics: Metrics;
  readonly log: Log;
}

export interface PartsOptions {
  readonly config: ResolvedConfig;
  readonly databaseUrl: string;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Takes what is opened here. */
  readonly stack: CloseStack;
}

/** Opens the database (bringing its schema up to date) and the queues, and lets the metrics show the queues. */
export async function openParts({ config, databaseUrl, metrics, log, stack }: PartsOptions): Promise<Parts> {
  const store = await openStore({
    databaseUrl,
    poolSize: config.database.poolSize,
    ledgerDays: config.site.ledger.days,
    ...(config.site.ledger.secret !== undefined && { ledgerSecret: config.site.ledger.secret }),
  });
  stack.add("database", () => store.close());
  const queues = await openQueues({ queue: config.queue, redis: config.redis, databaseUrl, log });
  stack.add("queues", () => queues.close());
  const stopWatching = watchQueues(queues, metrics);
  stack.add("gauges", async () => stopWatching());
  return { store, queues, metrics, log };
}
