/** What corrections taught, ready to score: the text model with the learned counts, and the index of near-duplicates. Pure. */
import { MODEL_DATA } from "../text-model/model-data.ts";
import type { TextModelData } from "../text-model/text-model-data.ts";
import { HIDDEN_CLASSES, SHOWN_CLASSES } from "./choose-corrections.ts";
import type { LearnedData, NearDuplicateEntry } from "./learned-data.ts";
import { LearnedTextModel } from "./learned-text-model.ts";
import { NearDuplicateIndex } from "./near-duplicate-index.ts";

/** Made once per version and thread (some 20 ms), then shared by all messages: scoring leaves it as it is. */
export class LearnedModel {
  readonly text: LearnedTextModel;
  /** Corrected messages whose near-duplicates are to be shown, and those whose are to be hidden. */
  readonly shown: NearDuplicateIndex<NearDuplicateEntry>;
  readonly hidden: NearDuplicateIndex<NearDuplicateEntry>;

  constructor({ words, nearDuplicates }: LearnedData, base: TextModelData = MODEL_DATA) {
    this.text = new LearnedTextModel(base, words);
    this.shown = new NearDuplicateIndex(nearDuplicates.filter(({ verdict }) => SHOWN_CLASSES.has(verdict)));
    this.hidden = new NearDuplicateIndex(nearDuplicates.filter(({ verdict }) => HIDDEN_CLASSES.has(verdict)));
  }
}
