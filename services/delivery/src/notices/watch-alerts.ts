/**
 * Looks after the alerts: dead letters that wait, and bounces of our own mail and notices nobody took that nothing was heard of since.
 *
 * Asked at once when a dead letter is made, and every now and then for those that a person has settled.
 */
import type { Log, Metrics, ResolvedConfig } from "@triage/runtime";
import type { Store } from "@triage/store";

/** A bounce of our mail, or a notice nobody took, is told anew after a day without one. */
const QUIET_MS = 86_400_000;

export interface AlertWatchParts {
  readonly store: Pick<Store, "watchDeadLetters" | "closeQuietAlerts">;
  /** Adds notify jobs; when it rejects, the sweeper adds them later. */
  readonly enqueueNotices: (ids: readonly string[]) => Promise<void>;
  readonly metrics: Pick<Metrics, "alerts">;
  readonly log: Log;
}

/** Tells what is to be told of dead letters now. Never rejects: whoever made one has to go on, and the next look tells it. */
export async function tellOfDeadLetters({ store, enqueueNotices, metrics, log }: AlertWatchParts): Promise<void> {
  try {
    const ids = await store.watchDeadLetters();
    if (ids.length === 0) return;
    metrics.alerts.inc({ kind: "dead-letters", outcome: "raised" }, ids.length);
    await enqueueNotices(ids);
  } catch (error) {
    log.warn({ err: error }, "cannot tell of dead letters now");
  }
}

/** @returns Nothing to add to a queue: what there is to tell is told. */
export async function tidyAlerts(parts: AlertWatchParts, now: Date): Promise<readonly string[]> {
  await parts.store.closeQuietAlerts(new Date(now.getTime() - QUIET_MS));
  await tellOfDeadLetters(parts);
  return [];
}

/** Said at start-up, before it is needed. A Maildir or mbox of this machine bounces nothing: there it is no warning. */
export function warnOfNobody(
  { humans, outlets, alerts }: Pick<ResolvedConfig, "humans" | "outlets" | "alerts">,
  log: Log,
): void {
  if (alerts.to.length > 0 || humans.length > 1) return;
  const isFilesOnly = outlets.every(({ kind }) => kind === "maildir" || kind === "mbox");
  log[isFilesOnly ? "info" : "warn"](
    { human: humans[0]?.id },
    "one human only: when mail to them bounces or cannot be delivered, only the log and the metrics say so (docs/operations.md, Dead letters)",
  );
}
