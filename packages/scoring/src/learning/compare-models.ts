/**
 * Whether a model that has learned may replace the one that is live. Both score a fixed set of letters and look-alikes,
 * and what the corrections say about themselves. A model that hides a letter of the set is never let in. Pure.
 */
import { scoreMessage } from "../score-message.ts";
import { readMessageText } from "../text-model/message-text.ts";
import type { Thresholds } from "../verdict.ts";
import { NEAR_DUPLICATE_WEIGHTS } from "../weights.ts";
import { type CheckMessage, UNKNOWN_ENVELOPE } from "./check-set.ts";
import { HIDDEN_CLASSES, SHOWN_CLASSES } from "./choose-corrections.ts";
import type { Correction } from "./correction.ts";
import { judgeFeatures } from "./judge-features.ts";
import type { LearnedModel } from "./learned-model.ts";
import { printWords } from "./print-words.ts";
import { withoutRevised } from "./revised-corrections.ts";
import { filterInSlices, NO_PAUSE, type Pause } from "./slices.ts";

export interface ComparisonInput {
  /** Undefined: the service runs on what it was shipped with. */
  readonly live: LearnedModel | undefined;
  readonly candidate: LearnedModel;
  readonly checkSet: readonly CheckMessage[];
  readonly corrections: readonly Correction[];
  /** Those that the site has configured. */
  readonly thresholds?: Partial<Thresholds>;
  /** Awaited every some 5 ms. */
  readonly pause?: Pause;
}

/** How many of a group each model gets wrong: a letter that it hides, a look-alike or corrected spam that it shows. */
export interface GroupComparison {
  readonly group: "letters" | "look-alikes" | "corrected-to-shown" | "corrected-to-hidden";
  readonly messages: number;
  readonly wrongLive: number;
  readonly wrongCandidate: number;
}

export interface Comparison {
  readonly notWorse: boolean;
  /** One sentence for the log and the operator. */
  readonly reason: string;
  readonly groups: readonly GroupComparison[];
  /** Ids of letters of the check set that the candidate hides and the untaught service does not. */
  readonly lettersSuppressed: readonly string[];
}

/** Messages between two pauses: some 5 ms. */
const SLICE = 10;

/** Of the look-alikes a candidate may miss so many more than the untaught service: one letter taught may cost one of them. */
const TOLERATED_SHARE = 0.02;

const HIDING: ReadonlySet<string> = new Set(["backscatter", "automated", "spam"]);

function isHidden(checked: CheckMessage, learned: LearnedModel | undefined, thresholds: Partial<Thresholds>): boolean {
  const { message, report } = checked;
  const { verdict } = scoreMessage({ message, report, envelope: UNKNOWN_ENVELOPE, evidence: [], thresholds, learned });
  return HIDING.has(verdict);
}

/** Compares on one group. `isWrong` gets undefined for the service as it was shipped. */
async function compareGroup<Item>(
  group: GroupComparison["group"],
  items: readonly Item[],
  { live, candidate, pause = NO_PAUSE }: ComparisonInput,
  isWrong: (item: Item, model: LearnedModel | undefined) => boolean,
): Promise<GroupComparison> {
  const wrongOf = async (model: LearnedModel | undefined) =>
    (await filterInSlices(items, (item) => isWrong(item, model), SLICE, pause)).length;
  return { group, messages: items.length, wrongLive: await wrongOf(live), wrongCandidate: await wrongOf(candidate) };
}

interface Groups {
  readonly letters: GroupComparison;
  readonly lookAlikes: GroupComparison;
  readonly shown: GroupComparison;
  readonly hidden: GroupComparison;
}

/** What speaks against the candidate, or undefined. */
function reasonAgainst({ lookAlikes, shown, hidden }: Groups, suppressed: number, missedUntaught: number) {
  if (suppressed > 0) return `it hides ${suppressed} of the letters of the check set`;
  const tolerated = Math.max(lookAlikes.wrongLive, missedUntaught + Math.ceil(TOLERATED_SHARE * lookAlikes.messages));
  if (lookAlikes.wrongCandidate > tolerated)
    return `it shows ${lookAlikes.wrongCandidate} look-alikes of the check set`;
  const better = shown.wrongLive - shown.wrongCandidate;
  if (better < 0) return `it hides ${-better} more of the messages that humans want to see`;
  // What a human wants to see may look like what another called spam: then both are shown.
  if (better === 0 && hidden.wrongCandidate > hidden.wrongLive) {
    return `it shows ${hidden.wrongCandidate - hidden.wrongLive} more of the messages that humans have called spam`;
  }
  return undefined;
}

/** A human has said that what is nearly the same is to be shown: then it is no mistake of the model to show it. */
function isVouchedFor({ message }: CheckMessage, { shown }: LearnedModel): boolean {
  const print = shown.size === 0 ? undefined : printWords(readMessageText(message));
  return print !== undefined && shown.near(print, NEAR_DUPLICATE_WEIGHTS.similarity.least).length > 0;
}

/** Takes about half a millisecond for each message of the check set and each correction. */
export async function compareModels(input: ComparisonInput): Promise<Comparison> {
  const { candidate, checkSet, corrections, thresholds = {}, pause = NO_PAUSE } = input;
  const select = <Item>(items: readonly Item[], isWanted: (item: Item) => boolean) =>
    filterInSlices(items, isWanted, SLICE, pause);
  const hides = (item: CheckMessage, model: LearnedModel | undefined) => isHidden(item, model, thresholds);
  const shows = (item: CheckMessage, model: LearnedModel | undefined) => !isHidden(item, model, thresholds);
  const hidesCorrected = ({ features }: Correction, model: LearnedModel | undefined) =>
    HIDING.has(judgeFeatures(features, model, thresholds));

  const letters = checkSet.filter(({ label }) => label === "letter");
  const lookAlikes = await select(checkSet, (item) => item.label === "spam" && !isVouchedFor(item, candidate));
  const meant = await withoutRevised(corrections, pause);
  const toShow = meant.filter(({ verdict }) => SHOWN_CLASSES.has(verdict));
  // Provenance alone knows backscatter: no model is better or worse at it.
  const toHide = meant.filter(({ verdict }) => HIDDEN_CLASSES.has(verdict));
  const groups: Groups = {
    letters: await compareGroup("letters", letters, input, hides),
    lookAlikes: await compareGroup("look-alikes", lookAlikes, input, shows),
    shown: await compareGroup("corrected-to-shown", toShow, input, hidesCorrected),
    hidden: await compareGroup("corrected-to-hidden", toHide, input, (item, model) => !hidesCorrected(item, model)),
  };
  const suppressed = await select(letters, (letter) => hides(letter, candidate) && !hides(letter, undefined));
  const missedUntaught = (await select(lookAlikes, (item) => shows(item, undefined))).length;
  const reason = reasonAgainst(groups, suppressed.length, missedUntaught);
  return {
    notWorse: reason === undefined,
    reason: reason ?? "it hides no letter of the check set and is nowhere worse than the live one",
    groups: Object.values(groups),
    lettersSuppressed: suppressed.map(({ id }) => id),
  };
}
