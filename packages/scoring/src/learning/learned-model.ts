/** What corrections taught, ready to score: the text model with the learned counts, and the index of near-duplicates. Pure. */
import { MODEL_DATA } from "../text-model/model-data.ts";
import type { TextModelData } from "../text-model/text-model-data.ts";
import { HIDDEN_CLASSES, SHOWN_CLASSES } from "./choose-corrections.ts";
import type { LearnedData, NearDuplicateEntry } from "./learned-data.ts";
import { LearnedTextModel } from "./learned-text-model.ts";
import { NearDuplicateIndex } from "./near-duplicate-index.ts";
import { inSlices, type Pause } from "./slices.ts";

/** Entries between two pauses: some 10 ms. */
const SLICE = 500;

/** Made once per version and thread (some 100 ms for the most corrections), then shared by all messages: scoring leaves it as it is. */
export class LearnedModel {
  readonly text: LearnedTextModel;
  /** Corrected messages whose near-duplicates are to be shown, and those whose are to be hidden. */
  readonly shown = new NearDuplicateIndex<NearDuplicateEntry>();
  readonly hidden = new NearDuplicateIndex<NearDuplicateEntry>();

  constructor({ words, nearDuplicates }: LearnedData, base: TextModelData = MODEL_DATA) {
    this.text = new LearnedTextModel(base, words);
    this.#know(nearDuplicates);
  }

  /** The same as the constructor, for a thread that has other work. */
  static async open(data: LearnedData, pause: Pause): Promise<LearnedModel> {
    const model = new LearnedModel({ ...data, nearDuplicates: [] });
    await pause();
    for await (const slice of inSlices(data.nearDuplicates, SLICE, pause)) model.#know(slice);
    return model;
  }

  #know(entries: readonly NearDuplicateEntry[]): void {
    this.shown.add(entries.filter(({ verdict }) => SHOWN_CLASSES.has(verdict)));
    this.hidden.add(entries.filter(({ verdict }) => HIDDEN_CLASSES.has(verdict)));
  }
}
