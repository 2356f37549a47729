/** Ends incidents of failures, and sees to those of which the human could not be told. */
import type { IncidentConfig, Log } from "@triage/runtime";
import type { Store } from "@triage/store";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface UnheardOptions {
  readonly store: Pick<Store, "replaceUnheard">;
  /** Adds a deliver job. */
  readonly enqueueDelivery: (messageId: string) => Promise<void>;
  readonly log: Log;
}

export interface FailureWatchOptions {
  readonly store: Pick<Store, "endFailures">;
  readonly config: IncidentConfig;
  readonly now: () => Date;
}

/** Also of storms. */
export async function replaceUnheard({ store, enqueueDelivery, log }: UnheardOptions): Promise<void> {
  const replaced = await store.replaceUnheard();
  if (replaced.length > 0) log.warn({ messages: replaced.length }, "delivered in place of one that could not be");
  for (const id of replaced) await enqueueDelivery(id);
}

/** @returns Ids of the notices that tell the end. */
export async function endFailures({ store, config, now }: FailureWatchOptions): Promise<readonly string[]> {
  const at = now();
  return store.endFailures({
    quietSince: new Date(at.getTime() - config.quietHours * HOUR_MS),
    begunBefore: new Date(at.getTime() - config.maxDays * DAY_MS),
    at,
    addressesShown: config.addressesShown,
  });
}
