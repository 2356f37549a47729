/** Forgets what the site keeps no longer: the days of the sent ledger, old mail, old facts. The role that takes in also lets go. */
import { addressWriter, type Log, type Metrics, type ResolvedConfig, type Rounds, startRounds } from "@triage/runtime";
import type { RetentionResult, Store } from "@triage/store";

const DAY_MS = 86_400_000;
/** How often it is looked whether a run is due, and for days of the ledger. */
const EVERY_MS = 3_600_000;
/** Less than a day, so that the hourly looks do not move it later and later. */
const RUN_AFTER_MS = 23 * EVERY_MS;

export interface RetentionParts {
  readonly store: Pick<Store, "dropSentDays" | "lastRetention" | "runRetention">;
  readonly metrics: Metrics;
  readonly log: Pick<Log, "info" | "warn">;
  readonly now?: () => number;
}

export type RetentionSettings = Pick<ResolvedConfig, "retention" | "privacy" | "site">;

/** Looks at once and then every hour; any number of processes may. An error is logged, the next look comes. */
export function startRetention(settings: RetentionSettings, parts: RetentionParts): Rounds {
  return startRounds({
    everyMs: EVERY_MS,
    round: () => forgetWhatIsOver(settings, parts),
    log: parts.log,
    complaint: "cannot drop what is kept no longer; trying again later",
  });
}

async function forgetWhatIsOver({ retention, privacy, site }: RetentionSettings, parts: RetentionParts): Promise<void> {
  const { store, metrics, log, now = Date.now } = parts;
  const last = (await store.lastRetention())?.getTime() ?? Number.NEGATIVE_INFINITY;
  // One that ended tomorrow was written by a clock that was wrong.
  if (now() - last >= RUN_AFTER_MS || last - now() >= RUN_AFTER_MS) {
    const redact = addressWriter(privacy.addresses.archive, privacy.secret);
    const outcome = await store.runRetention(retention, { redact });
    if (outcome.kind === "busy") return;
    if (outcome.kind === "doubtful") {
      // The ledger goes by the same clock.
      log.warn(
        outcome.gap,
        "nothing is dropped: the clock may have jumped (no mail and no run in between). Where it is right: triage retention --yes",
      );
      return setAge(parts, now());
    }
    report(outcome.result, metrics, log);
    setOldest(outcome.result, metrics, now());
  }
  const dropped = await store.dropSentDays(new Date(now() - site.ledger.days * DAY_MS));
  if (dropped.length > 0) log.info({ days: dropped.length }, "old days of the sent ledger dropped");
  await setAge(parts, now());
}

async function setAge({ store, metrics }: RetentionParts, nowMs: number): Promise<void> {
  const ended = await store.lastRetention();
  metrics.retentionAgeSeconds.set(ended === undefined ? Number.NaN : (nowMs - ended.getTime()) / 1_000);
}

function report({ days, facts }: RetentionResult, metrics: Metrics, log: RetentionParts["log"]): void {
  const messages = days.reduce((sum, { goes }) => sum + goes, 0);
  const freedBytes = days.reduce((sum, { bytes }) => sum + bytes, 0);
  metrics.retentionRemoved.inc({ what: "days" }, days.filter(({ how }) => how !== "delete").length);
  metrics.retentionRemoved.inc({ what: "messages" }, messages);
  metrics.retentionRemoved.inc({ what: "facts" }, facts.messages);
  metrics.retentionRemoved.inc({ what: "incidents" }, facts.incidents);
  metrics.retentionFreedBytes.inc(freedBytes);
  if (days.length === 0 && facts.messages === 0 && facts.incidents === 0) return;
  log.info(
    { days: days.length, messages, freedBytes, facts: facts.messages, incidents: facts.incidents },
    "what is kept no longer was dropped",
  );
}

function setOldest({ oldest }: RetentionResult, metrics: Metrics, nowMs: number): void {
  metrics.oldestMessageSeconds.set(oldest === undefined ? Number.NaN : (nowMs - oldest.getTime()) / 1_000);
}
