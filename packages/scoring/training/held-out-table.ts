/** The table that `npm run train` prints: what the whole model would do with each group, words alone and never seen. */
import { addUp } from "../src/add-up.ts";
import { decideVerdict } from "../src/decide.ts";
import { priorOf } from "../src/report-contributions.ts";
import { textContribution } from "../src/text-contribution.ts";
import type { HeldOut } from "../src/text-model/cross-validate.ts";
import type { Calibration } from "../src/text-model/text-model-data.ts";
import type { VerdictId } from "../src/verdict.ts";
import { DEFAULT_THRESHOLDS } from "../src/weights.ts";
import type { LabelledSample } from "./training-set.ts";

/** As if each were a plain message to the postmaster: no trait speaks for or against it. */
function verdictOf(score: number, { slope, intercept }: Calibration): VerdictId {
  const text = textContribution({ logOdds: slope * score + intercept, telling: [] });
  return decideVerdict(addUp([priorOf("person"), text]), DEFAULT_THRESHOLDS);
}

const COLUMNS: readonly VerdictId[] = ["spam", "undecided", "user-report"];

function row(name: string, verdicts: readonly VerdictId[]): string {
  const cells = COLUMNS.map((column) => {
    const share = (100 * verdicts.filter((verdict) => verdict === column).length) / verdicts.length;
    return `${share.toFixed(2)} %`.padStart(14);
  });
  return `${name.padEnd(24)}${String(verdicts.length).padStart(10)}${cells.join("")}`;
}

export function formatTable(
  samples: readonly LabelledSample[],
  heldOut: readonly HeldOut[],
  calibration: Calibration,
): string {
  const groups = new Map<string, VerdictId[]>();
  const add = (name: string, verdict: VerdictId) => {
    const verdicts = groups.get(name);
    if (verdicts === undefined) groups.set(name, [verdict]);
    else verdicts.push(verdict);
  };
  for (const { index, label, score } of heldOut) {
    const sample = samples[index];
    if (sample === undefined) continue;
    const verdict = verdictOf(score, calibration);
    add(`${label}: ${sample.group}`, verdict);
    add(`${label}: all`, verdict);
    if (sample.group === "letters" && verdict === "spam") add(`hidden letter in ${sample.language}`, verdict);
  }
  const names = [...groups.keys()].sort();
  const head = ["held-out group".padEnd(24), "messages".padStart(10), ...COLUMNS.map((name) => name.padStart(14))].join(
    "",
  );
  return [head, ...names.map((name) => row(name, groups.get(name) ?? []))].join("\n");
}
