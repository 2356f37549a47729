/** Which groups of phrases stand in a text, found in one pass over it for all groups together. */
import { PhraseIndex } from "../reasons/phrase-index.ts";

export class PhraseGroups<Name extends string> {
  readonly #index: PhraseIndex;
  /** Group of each phrase number. */
  readonly #names: readonly Name[];

  /** @param groups  Lower-case phrases; `*` in one stands for a short gap. */
  constructor(groups: Readonly<Record<Name, readonly string[]>>) {
    const entries = Object.entries(groups) as [Name, readonly string[]][];
    this.#names = entries.flatMap(([name, phrases]) => phrases.map(() => name));
    this.#index = new PhraseIndex(entries.flatMap(([, phrases]) => phrases));
  }

  /** @param text  Lower-cased; for phrases of several words with single blanks. */
  foundIn(text: string): ReadonlySet<Name> {
    const found = new Set<Name>();
    for (const number of this.#index.matches(text)) found.add(this.#names[number] as Name);
    return found;
  }
}
