/** What corrections taught, ready to score: the text model with the learned counts, and the index of near-duplicates. Pure. */
import { MODEL_DATA } from "../text-model/model-data.ts";
import { TextModel } from "../text-model/text-model.ts";
import { formatCounts, parseCounts, type TextModelData } from "../text-model/text-model-data.ts";
import { SHOWN_CLASSES } from "./choose-corrections.ts";
import type { LearnedData, LearnedWords } from "./learned-data.ts";
import { NearDuplicateIndex } from "./near-duplicate-index.ts";

/** The base model as natural would have it, had it been trained on the corrections too; known tokens keep their factors. */
function addWords(base: TextModelData, { documents, counts }: LearnedWords): TextModelData {
  if (counts === "") return base;
  const tokens = new Map(parseCounts(base.counts).map((token) => [token.token, token]));
  for (const added of parseCounts(counts)) {
    const known = tokens.get(added.token);
    const sum = known && { ...known, letter: known.letter + added.letter, spam: known.spam + added.spam };
    tokens.set(added.token, sum ?? added);
  }
  return {
    ...base,
    documents: { letter: base.documents.letter + documents.letter, spam: base.documents.spam + documents.spam },
    counts: formatCounts([...tokens.values()]),
  };
}

/** Made once per version and thread (some 10 ms), then shared by all messages; holds no state of its own. */
export class LearnedModel {
  readonly text: TextModel;
  /** Corrected messages whose near-duplicates are to be shown, and those whose are to be hidden. */
  readonly shown: NearDuplicateIndex;
  readonly hidden: NearDuplicateIndex;

  constructor(data: LearnedData, base: TextModelData = MODEL_DATA) {
    this.text = new TextModel(addWords(base, data.words));
    this.shown = new NearDuplicateIndex(data.nearDuplicates.filter(({ verdict }) => SHOWN_CLASSES.has(verdict)));
    // Newest first: of a large campaign the last copies are kept. Backscatter is known by provenance alone.
    const hidden = data.nearDuplicates.filter(({ verdict }) => verdict === "spam" || verdict === "automated");
    this.hidden = new NearDuplicateIndex(hidden);
  }
}
