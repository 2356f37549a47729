/** Adds up what came of each message, in bounded memory however many there are. */
import type { Judged } from "./judge-again.ts";
import type { ChangeCount, ChangedList, ChangedMessage, WhatIf } from "./what-if.ts";

/** LIMIT: messages that are named in each list; the others are counted. */
const MAX_LISTED = 1_000;

/** Those that the options change, apart from those that would change anyway: the first matter, the others fill up. */
class Listing {
  #messages = 0;
  readonly #caused: ChangedMessage[] = [];
  readonly #anyway: ChangedMessage[] = [];

  add(changed: ChangedMessage): void {
    this.#messages += 1;
    const list = changed.alsoWithout === true ? this.#anyway : this.#caused;
    if (list.length < MAX_LISTED) list.push(changed);
  }

  get result(): ChangedList {
    return { messages: this.#messages, list: [...this.#caused, ...this.#anyway].slice(0, MAX_LISTED) };
  }
}

export class Tally {
  #messages = 0;
  #failed = 0;
  #changed = 0;
  #anyway = 0;
  #corrected = 0;
  #rightBefore = 0;
  #rightAfter = 0;
  readonly #changes = new Map<string, { -readonly [Key in keyof ChangeCount]: ChangeCount[Key] }>();
  readonly #hidden = new Listing();
  readonly #shown = new Listing();

  get messages(): number {
    return this.#messages;
  }

  add({ before, after, corrected, failed, changed }: Judged): void {
    this.#messages += 1;
    if (failed) this.#failed += 1;
    if (corrected !== undefined) {
      this.#corrected += 1;
      if (before.verdict === corrected) this.#rightBefore += 1;
      if (after.verdict === corrected) this.#rightAfter += 1;
    }
    if (changed !== undefined) this.#addChange(changed);
  }

  #addChange(changed: ChangedMessage): void {
    const { before, after } = changed;
    this.#changed += 1;
    if (changed.alsoWithout === true) this.#anyway += 1;
    const key = [before.verdict, before.route, after.verdict, after.route].join(" ");
    const count = this.#changes.get(key) ?? { before, after, messages: 0 };
    count.messages += 1;
    this.#changes.set(key, count);
    if (before.route === "human" && after.route !== "human") this.#hidden.add(changed);
    if (before.route !== "human" && after.route === "human") this.#shown.add(changed);
  }

  /** @param canTell  Whether it was asked what would change without the options. */
  result(canTell: boolean): Omit<WhatIf, "since" | "days" | "supposed" | "withoutBytes"> {
    return {
      messages: this.#messages,
      failed: this.#failed,
      changed: this.#changed,
      ...(canTell && { changedAnyway: this.#anyway }),
      changes: [...this.#changes.values()].sort((a, b) => b.messages - a.messages),
      newlyHidden: this.#hidden.result,
      newlyShown: this.#shown.result,
      corrections: { messages: this.#corrected, rightBefore: this.#rightBefore, rightAfter: this.#rightAfter },
    };
  }
}
