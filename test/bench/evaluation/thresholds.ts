/** Arguments of the evaluation, and the thresholds that its numbers are held against. */
import { parseArgs } from "node:util";
import type { Field } from "./compare.ts";
import type { Evaluation } from "./evaluate-corpus.ts";

/** Each `--min-NAME PERCENT`: which label kinds and which field it is about. */
const THRESHOLDS = {
  "min-recognised": { field: "recognised", kinds: ["dsn-rfc3464", "dsn-nonstandard"], sources: undefined },
  "min-delays": { field: "recognised", kinds: ["delayed"], sources: undefined },
  "min-feedback": { field: "recognised", kinds: ["arf", "arf-dmarc-failure"], sources: undefined },
  "min-autoreply": { field: "recognised", kinds: ["autoreply"], sources: undefined },
  "min-ham": { field: "recognised", kinds: ["ham", "no-bounce"], sources: undefined },
  "min-recipients": { field: "recipients", kinds: undefined, sources: ["flufl"] },
  "min-final-recipients": { field: "finalRecipients", kinds: undefined, sources: undefined },
  "min-status": { field: "status", kinds: undefined, sources: ["sisimai"] },
  "min-reply-code": { field: "replyCode", kinds: undefined, sources: ["sisimai"] },
  "min-reason": { field: "reason", kinds: undefined, sources: ["sisimai"] },
} as const satisfies Record<
  string,
  { field: Field; kinds: readonly string[] | undefined; sources: readonly string[] | undefined }
>;

type ThresholdName = keyof typeof THRESHOLDS;

export interface EvaluationOptions {
  readonly corpus: string;
  /** Folders in which no bounce is. */
  readonly noBounces: readonly string[];
  readonly json: boolean;
  /** True when progress can be shown on stderr. */
  readonly isTerminal: boolean;
  readonly thresholds: Partial<Record<ThresholdName, number>>;
}

/** @throws {TypeError} for an unknown option, with the option's name (node:util parseArgs). */
export function parseArguments(args: readonly string[]): EvaluationOptions {
  const names = Object.keys(THRESHOLDS) as ThresholdName[];
  const percentages: Record<string, { type: "string" }> = Object.fromEntries(
    names.map((name) => [name, { type: "string" }]),
  );
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { ...percentages, json: { type: "boolean" }, "no-bounces": { type: "string", multiple: true } },
  });
  const thresholds: Partial<Record<ThresholdName, number>> = {};
  for (const name of names) {
    const value = (values as Readonly<Record<string, unknown>>)[name];
    if (typeof value !== "string") continue;
    const percent = Number(value);
    if (!(percent >= 0 && percent <= 100)) throw new TypeError(`--${name} takes a percentage, not ${value}`);
    thresholds[name] = percent;
  }
  return {
    corpus: positionals[0] ?? "../shared/corpus",
    noBounces: values["no-bounces"] ?? [],
    json: values.json === true,
    isTerminal: process.stderr.isTTY === true,
    thresholds,
  };
}

/** Percentage for one threshold; undefined when no label is about it. */
export function measure(evaluation: Evaluation, name: ThresholdName): number | undefined {
  const { field, kinds, sources } = THRESHOLDS[name];
  let right = 0;
  let total = 0;
  for (const row of evaluation.rows) {
    if (kinds !== undefined && !(kinds as readonly string[]).includes(row.kind)) continue;
    if (sources !== undefined && !(sources as readonly string[]).includes(row.source)) continue;
    right += row.fields[field]?.right ?? 0;
    total += row.fields[field]?.total ?? 0;
  }
  return total === 0 ? undefined : (100 * right) / total;
}

/** Every number that thresholds can be set on. */
export function measureAll(
  evaluation: Evaluation,
): readonly { readonly name: string; readonly percent: number | undefined }[] {
  return (Object.keys(THRESHOLDS) as ThresholdName[]).map((name) => ({ name, percent: measure(evaluation, name) }));
}

/** One sentence for each threshold that is missed. */
export function checkThresholds(
  evaluation: Evaluation,
  thresholds: EvaluationOptions["thresholds"],
): readonly string[] {
  const failures: string[] = [];
  for (const [name, minimum] of Object.entries(thresholds) as [ThresholdName, number][]) {
    const percent = measure(evaluation, name);
    if (percent === undefined) failures.push(`--${name}: the corpus has no label for it`);
    else if (percent < minimum) failures.push(`--${name}: ${percent.toFixed(2)} % is below ${minimum} %`);
  }
  return failures;
}
