/** How old the sent ledger's newest entry is, whenever somebody asks: a feed that has stopped shows nowhere else. */
import type { Metrics } from "@triage/runtime";
import type { Store } from "@triage/store";

/** @returns Ends it. */
export function watchLedgerAge(
  store: Pick<Store, "sentLedgerState">,
  metrics: Pick<Metrics, "collect" | "sentLedgerAgeSeconds">,
  now: () => number = Date.now,
): () => void {
  return metrics.collect(async () => {
    const { coverage } = await store.sentLedgerState();
    const ageMs = coverage === undefined ? Number.NaN : Math.max(0, now() - coverage.newest.getTime());
    metrics.sentLedgerAgeSeconds.set(ageMs / 1_000);
  });
}
