/** What a role measures of itself: its instruments, and the answer to a scrape. */
import { collectDefaultMetrics, Registry } from "prom-client";
import { createInstruments, type Instruments } from "./instruments.ts";

/** LIMIT: a scrape waits this long for the collectors (a database that hangs must not hang the watching of it). */
const COLLECT_TIMEOUT_MS = 2_000;

/** QUIRK(prom-client): gauges with the suffix of counters, which `promtool check metrics` refuses; each is the sum of another. */
const MISNAMED = ["nodejs_active_handles_total", "nodejs_active_requests_total", "nodejs_active_resources_total"];

/** Sets gauges just before a scrape. A rejection is dropped: the gauges then keep their last value. */
export type Collector = () => Promise<void>;

export interface Metrics extends Instruments {
  readonly registry: Registry;
  /** Registers a collector; the returned function removes it. */
  collect(collector: Collector): () => void;
  /** Runs the collectors and renders everything; `contentType` belongs to the answer. */
  render(): Promise<{ readonly contentType: string; readonly body: string }>;
}

/**
 * Makes the instruments on a registry of their own, so that several roles (or tests) in one process do not collide.
 *
 * @param options.processMetrics  CPU, memory, event loop and so on; default true. They cost a timer in every scrape.
 */
export function createMetrics(options: { readonly processMetrics?: boolean } = {}): Metrics {
  const registry = new Registry();
  if (options.processMetrics !== false) {
    collectDefaultMetrics({ register: registry });
    for (const name of MISNAMED) registry.removeSingleMetric(name);
  }
  const collectors = new Set<Collector>();
  return {
    registry,
    ...createInstruments(registry),
    collect(collector) {
      collectors.add(collector);
      return () => void collectors.delete(collector);
    },
    async render() {
      await runCollectors(collectors);
      return { contentType: registry.contentType, body: await registry.metrics() };
    },
  };
}

async function runCollectors(collectors: ReadonlySet<Collector>): Promise<void> {
  if (collectors.size === 0) return;
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, COLLECT_TIMEOUT_MS);
  });
  await Promise.race([Promise.allSettled([...collectors].map((collector) => collector())), timeout]);
  clearTimeout(timer);
}
