/**
 * Learning, beside classifying: every few seconds each worker takes over the active model, and one of them reads what
 * people corrected and trains. A correction is therefore live on all workers within seconds.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { LearningConfig, Log, Metrics } from "@triage/runtime";
import type { LearnedModel, Thresholds } from "@triage/scoring";
import { type LearningView, type Store, StoreUnavailableError } from "@triage/store";
import { describeCorrections } from "./describe-corrections.ts";
import { ModelWatch } from "./model-watch.ts";
import { type Training, trainModel } from "./train-model.ts";

const HOUR_MS = 3_600_000;
/** After a training that took so long, rest this many times as long: classifying comes first. */
const REST = 10;

export interface LearningOptions {
  readonly store: Store;
  readonly config: LearningConfig;
  readonly thresholds: Partial<Thresholds>;
  readonly metrics: Pick<Metrics, "modelVersion" | "trainings">;
  readonly log: Log;
  readonly now: () => Date;
}

export interface RunningLearning {
  /** The model to score with now. */
  readonly model: () => LearnedModel | undefined;
  /** Waits for a training in progress. */
  close(): Promise<void>;
}

/** Resolves when the active model is in use, or cannot be had now. */
export async function startLearning(options: LearningOptions): Promise<RunningLearning> {
  const { config, log } = options;
  const watch = new ModelWatch(options);
  const stop = new AbortController();
  const everyMs = config.refreshSeconds * 1_000;
  const round = async (work: () => Promise<void>) => {
    await work().catch((error: unknown) => {
      const level = error instanceof StoreUnavailableError ? "warn" : "error";
      log[level]({ err: error }, "could not learn; trying again");
    });
  };
  const learn = withRest(async () => {
    if (await learnWhatIsNew(options)) await watch.refresh();
  });
  const run = async () => {
    while (await slept(everyMs, stop.signal)) {
      await round(async () => {
        await watch.refresh();
        await learn();
      });
    }
  };
  await round(() => watch.refresh());
  const running = run();
  return {
    model: watch.current,
    async close() {
      stop.abort();
      await running;
    },
  };
}

/** The work, but not before it has rested from the last time. */
function withRest(work: () => Promise<void>): () => Promise<void> {
  let restUntil = 0;
  return async () => {
    const startedAt = performance.now();
    if (startedAt < restUntil) return;
    await work();
    const endedAt = performance.now();
    restUntil = endedAt + (endedAt - startedAt) * REST;
  };
}

/** False: it was stopped meanwhile. */
async function slept(ms: number, signal: AbortSignal): Promise<boolean> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
  return !signal.aborted;
}

/** @returns Whether there was something to train on; another worker may have been at it. */
async function learnWhatIsNew(options: LearningOptions): Promise<boolean> {
  const { store } = options;
  const [pending, view] = await Promise.all([store.pendingCorrections(1), store.learningView()]);
  if (pending.length === 0 && !isDue(view, options)) return false;
  const done = await store.trainAlone(async () => {
    await describeCorrections(options);
    const fresh = await store.learningView();
    if (isDue(fresh, options)) await trainAndTell(fresh, options);
  });
  return done !== "busy";
}

function isDue({ wanted, trained, trainedAt }: LearningView, { config, now }: LearningOptions): boolean {
  if (wanted > trained) return true;
  return trainedAt !== undefined && now().getTime() - trainedAt.getTime() >= config.everyHours * HOUR_MS;
}

/** A training that fails is not tried before there is something new, or its time has come. */
async function trainAndTell({ wanted }: LearningView, options: LearningOptions): Promise<void> {
  const { store, metrics, log, now } = options;
  const training = await trainModel(options).catch((error: unknown): Training => {
    if (error instanceof StoreUnavailableError) throw error;
    log.error({ err: error }, "training failed");
    return { outcome: "failed", why: error instanceof Error ? error.message : String(error) };
  });
  const { outcome, why, version } = training;
  await store.finishTraining({ wanted, outcome, why, at: now() });
  metrics.trainings.inc({ outcome });
  const level = outcome === "refused" || outcome === "failed" ? "warn" : "info";
  log[level]({ outcome, why, ...(version !== undefined && { version }) }, "trained on corrections");
}
