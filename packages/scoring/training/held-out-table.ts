/** What `npm run train` prints: what scoring would do with each held-out message, by its words alone and by all that it shows. */
import { addUp } from "../src/add-up.ts";
import { decideVerdict } from "../src/decide.ts";
import { priorOf } from "../src/report-contributions.ts";
import { textContribution } from "../src/text-contribution.ts";
import type { HeldOut } from "../src/text-model/cross-validate.ts";
import type { Calibration, TextClass } from "../src/text-model/text-model-data.ts";
import type { VerdictId } from "../src/verdict.ts";
import { DEFAULT_THRESHOLDS } from "../src/weights.ts";
import { formatRanking } from "./ranking.ts";
import { formatReliability } from "./reliability.ts";
import { formatRows } from "./text-table.ts";
import type { LabelledSample, Structure } from "./training-set.ts";

/** Newsletters that somebody asked for: mail to be shown, but no letter of a person. */
const NEWSLETTERS = "hard-ham-1";

/** One held-out message with what a model that never saw it says. */
export interface Judged {
  readonly group: string;
  readonly language: string;
  readonly label: TextClass;
  /** Calibrated log-odds of spam, for equal numbers of both classes. */
  readonly logOdds: number;
  /** By the words alone, as if it were a plain message from a person. */
  readonly verdict: VerdictId;
  /** With what kind, traits and structure of the real message add. */
  readonly whole: VerdictId;
  readonly isNewsletter: boolean;
}

const PLAIN: Structure = { contributions: [priorOf("person")], asksText: true };

function verdictOf(logOdds: number, { contributions, asksText }: Structure): VerdictId {
  const text = asksText ? [textContribution({ logOdds, telling: [] })] : [];
  return decideVerdict(addUp([...contributions, ...text]), DEFAULT_THRESHOLDS);
}

function judge(
  samples: readonly LabelledSample[],
  heldOut: readonly HeldOut[],
  { slope, intercept }: Calibration,
): Judged[] {
  return heldOut.flatMap(({ index, label, score }) => {
    const sample = samples[index];
    if (sample === undefined) return [];
    const logOdds = slope * score + intercept;
    const { group, language, structure } = sample;
    const verdict = verdictOf(logOdds, PLAIN);
    const whole = verdictOf(logOdds, structure);
    return [{ group, language, label, logOdds, verdict, whole, isNewsletter: group === NEWSLETTERS }];
  });
}

function groupBy(judged: readonly Judged[], nameOf: (one: Judged) => string | undefined): Map<string, Judged[]> {
  const groups = new Map<string, Judged[]>();
  for (const one of judged) {
    const name = nameOf(one);
    if (name === undefined) continue;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [one]);
    else group.push(one);
  }
  return new Map([...groups].sort(([left], [right]) => (left < right ? -1 : 1)));
}

const COLUMNS: readonly VerdictId[] = ["spam", "undecided", "user-report"];

/** What keeps a message from the human; the rest of the verdicts shows it. */
const HIDING: readonly VerdictId[] = ["spam", "automated", "backscatter"];

function verdictRow(name: string, judged: readonly Judged[]): string[] {
  const shareOf = (holds: (one: Judged) => boolean) =>
    `${((100 * judged.filter(holds).length) / judged.length).toFixed(2)} %`;
  return [
    name,
    String(judged.length),
    ...COLUMNS.map((column) => shareOf(({ verdict }) => verdict === column)),
    shareOf(({ whole }) => whole === "spam"),
    shareOf(({ whole }) => HIDING.includes(whole)),
  ];
}

function formatVerdicts(judged: readonly Judged[]): string {
  const people = judged.filter(({ label, isNewsletter }) => label === "letter" && !isNewsletter);
  return formatRows([
    ["held-out group", "messages", ...COLUMNS, "whole: spam", "whole: hidden"],
    verdictRow("letter: of people", people),
    ...[...groupBy(judged, ({ label, group }) => `${label}: ${group}`)].map(([name, group]) => verdictRow(name, group)),
    verdictRow(
      "spam: all",
      judged.filter(({ label }) => label === "spam"),
    ),
  ]);
}

/** The written messages by language: how many letters would be hidden, how many look-alikes recognised. */
function formatLanguages(judged: readonly Judged[]): string {
  const written = judged.filter(({ group }) => group.endsWith("letters") || group.endsWith("look-alikes"));
  const rows = [...groupBy(written, ({ language }) => language)].map(([language, group]) => {
    const letters = group.filter(({ label }) => label === "letter");
    const lookAlikes = group.filter(({ label }) => label === "spam");
    const spam = (list: readonly Judged[]) => String(list.filter(({ verdict }) => verdict === "spam").length);
    return [language, String(letters.length), spam(letters), String(lookAlikes.length), spam(lookAlikes)];
  });
  return formatRows([["language", "letters", "hidden", "look-alikes", "recognised"], ...rows]);
}

export function formatTable(
  samples: readonly LabelledSample[],
  heldOut: readonly HeldOut[],
  calibration: Calibration,
): string {
  const judged = judge(samples, heldOut, calibration);
  return [formatVerdicts(judged), formatRanking(judged), formatLanguages(judged), formatReliability(judged)].join(
    "\n\n",
  );
}
