/** Ends incidents of failures, and sees to those whose first message the human could not be given. */
import type { IncidentConfig, Log } from "@triage/runtime";
import type { Store } from "@triage/store";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface FailureWatchOptions {
  readonly store: Pick<Store, "endFailures" | "replaceUnheard">;
  readonly config: IncidentConfig;
  /** Adds a deliver job. */
  readonly enqueueDelivery: (messageId: string) => Promise<void>;
  readonly log: Log;
  readonly now: () => Date;
}

/** @returns Ids of the notices that tell the end. */
export async function tidyFailures(options: FailureWatchOptions): Promise<readonly string[]> {
  const { store, config, enqueueDelivery, log, now } = options;
  const replaced = await store.replaceUnheard();
  if (replaced.length > 0) log.warn({ messages: replaced.length }, "delivered in place of one that could not be");
  for (const id of replaced) await enqueueDelivery(id);
  const at = now();
  return store.endFailures({
    quietSince: new Date(at.getTime() - config.quietHours * HOUR_MS),
    begunBefore: new Date(at.getTime() - config.maxDays * DAY_MS),
    at,
    addressesShown: config.addressesShown,
  });
}
