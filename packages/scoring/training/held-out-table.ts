/** The table that `npm run train` prints: what the whole model would do with each group, words alone and never seen. */
import { addUp } from "../src/add-up.ts";
import { decideVerdict } from "../src/decide.ts";
import { priorOf } from "../src/report-contributions.ts";
import { textContribution } from "../src/text-contribution.ts";
import type { HeldOut } from "../src/text-model/cross-validate.ts";
import type { Calibration } from "../src/text-model/text-model-data.ts";
import { DEFAULT_THRESHOLDS } from "../src/weights.ts";
import type { LabelledSample } from "./training-set.ts";

/** As if each were a plain letter to the postmaster: no trait speaks for or against it. */
function isHidden(meanWeight: number, { slope, intercept }: Calibration): boolean {
  const text = textContribution({ logOdds: slope * meanWeight + intercept, telling: [] });
  const verdict = decideVerdict(addUp([priorOf("person", ""), text]), DEFAULT_THRESHOLDS);
  return verdict !== "undecided" && verdict !== "user-report";
}

function row(name: string, hidden: readonly boolean[]): string {
  const count = hidden.filter(Boolean).length;
  const share = ((100 * count) / hidden.length).toFixed(2);
  return `${name.padEnd(24)}${String(hidden.length).padStart(8)}${String(count).padStart(10)}${share.padStart(10)} %`;
}

export function formatTable(
  samples: readonly LabelledSample[],
  heldOut: readonly HeldOut[],
  calibration: Calibration,
): string {
  const groups = new Map<string, boolean[]>();
  const add = (name: string, hidden: boolean) => groups.set(name, [...(groups.get(name) ?? []), hidden]);
  for (const { index, label, meanWeight } of heldOut) {
    const sample = samples[index];
    if (sample === undefined) continue;
    const hidden = isHidden(meanWeight, calibration);
    add(`${label}: ${sample.group}`, hidden);
    add(`${label}: all`, hidden);
    if (sample.group === "letters" && hidden) add(`letter hidden in: ${sample.language}`, hidden);
  }
  const names = [...groups.keys()].sort();
  const head = `${"held-out group".padEnd(24)}${"messages".padStart(8)}${"hidden".padStart(10)}${"share".padStart(10)}`;
  return [head, ...names.map((name) => row(name, groups.get(name) ?? []))].join("\n");
}
