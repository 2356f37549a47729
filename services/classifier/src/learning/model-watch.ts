/**
 * The learned model that this process scores with: the active version of the store, taken over while messages go
 * through, without a restart. What cannot be read leaves the one before in place.
 */
import { setImmediate } from "node:timers/promises";
import type { Log, Metrics } from "@triage/runtime";
import { LearnedModel } from "@triage/scoring";
import type { Store } from "@triage/store";
import { readLearnedData } from "./learned-data.ts";

export interface ModelWatchOptions {
  readonly store: Pick<Store, "activeModelVersion" | "modelVersion">;
  readonly metrics: Pick<Metrics, "modelVersion">;
  readonly log: Log;
}

export class ModelWatch {
  readonly #options: ModelWatchOptions;
  #model: LearnedModel | undefined;
  #version = 0;
  /** A version that cannot be used is reported once. */
  #unusable: number | undefined;

  constructor(options: ModelWatchOptions) {
    this.#options = options;
    options.metrics.modelVersion.set(0);
  }

  /** Undefined: the service judges as it was shipped. */
  readonly current = (): LearnedModel | undefined => this.#model;

  /** One cheap question when nothing has changed. @throws whatever the store throws; the model stays as it is. */
  async refresh(): Promise<void> {
    const { store, log } = this.#options;
    const version = await store.activeModelVersion();
    if (version === this.#version || version === this.#unusable) return;
    const stored = version === 0 ? undefined : await store.modelVersion(version);
    const data = stored && readLearnedData(stored.data);
    if (version !== 0 && data === undefined) {
      this.#unusable = version;
      log.error({ version, inUse: this.#version }, "cannot use this version of the model; train to make a new one");
      return;
    }
    this.#model = data && (await LearnedModel.open(data, setImmediate));
    this.#version = version;
    this.#unusable = undefined;
    this.#options.metrics.modelVersion.set(version);
    log.info({ version }, "model taken over");
  }
}
