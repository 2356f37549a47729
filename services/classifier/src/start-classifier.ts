import type { Log, Metrics, Queues, ResolvedConfig, RunningRole } from "@triage/runtime";
import type { Store } from "@triage/store";

/** What the role works with. It belongs to whoever started the role, and is closed by them, after the role. */
export interface ClassifierParts {
  readonly store: Store;
  readonly queues: Queues;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Default: the clock. */
  readonly now?: () => Date;
}

/** Starts taking `classify` jobs. Start any number of these, on any number of machines. */
export async function startClassifier(config: ResolvedConfig, parts: ClassifierParts): Promise<RunningRole> {
  // The command line imports `classify` from this package: it must not wait for BullMQ and pg.
  const { runClassifier } = await import("./run-classifier.ts");
  return runClassifier(config, parts);
}
