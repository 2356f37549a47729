/**
 * Whether a probability means what it says: of the messages that are called spam with 0.8, are 8 of 10 spam?
 *
 * Both classes weigh the same, as the calibration has it: the words are evidence, the prior comes from elsewhere.
 */
import type { Judged } from "./held-out-table.ts";
import { formatRows } from "./text-table.ts";

const BINS = 10;

interface Bin {
  weight: number;
  /** Sums of weight times probability, and of the weight of spam. */
  predicted: number;
  spam: number;
}

function fillBins(judged: readonly Judged[]): Bin[] {
  const spams = judged.filter(({ label }) => label === "spam").length;
  const weightOf = { spam: 0.5 / spams, letter: 0.5 / (judged.length - spams) };
  const bins = Array.from({ length: BINS }, (): Bin => ({ weight: 0, predicted: 0, spam: 0 }));
  for (const { label, logOdds } of judged) {
    const probability = 1 / (1 + Math.exp(-logOdds));
    const bin = bins[Math.min(Math.floor(probability * BINS), BINS - 1)];
    if (bin === undefined) continue;
    bin.weight += weightOf[label];
    bin.predicted += weightOf[label] * probability;
    if (label === "spam") bin.spam += weightOf[label];
  }
  return bins;
}

/** The table, and the expected calibration error: the mean distance of both columns. */
export function formatReliability(judged: readonly Judged[]): string {
  const bins = fillBins(judged);
  const error = bins.reduce((sum, { predicted, spam }) => sum + Math.abs(predicted - spam), 0);
  const rows = bins.map(({ weight, predicted, spam }, index) => [
    `${(index / BINS).toFixed(1)} to ${((index + 1) / BINS).toFixed(1)}`,
    weight.toFixed(3),
    weight === 0 ? "-" : (predicted / weight).toFixed(3),
    weight === 0 ? "-" : (spam / weight).toFixed(3),
  ]);
  return [
    formatRows([["probability of spam", "share", "said", "is"], ...rows]),
    `expected calibration error ${error.toFixed(4)}`,
  ].join("\n");
}
