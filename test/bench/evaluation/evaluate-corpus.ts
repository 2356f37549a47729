/** Reads every labelled message of a corpus and counts, per source and kind, what was found of what is labelled. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Envelope, readMessage } from "@triage/message";
import { readReport } from "@triage/reports";
import { type Comparison, compare, type Field } from "./compare.ts";
import { labelNoBounces, readLabels } from "./labels.ts";

export interface Tally {
  readonly right: number;
  readonly total: number;
}

export interface Row {
  readonly source: string;
  readonly kind: string;
  readonly messages: number;
  readonly fields: Partial<Record<Field, Tally>>;
}

export interface Miss extends Comparison {
  readonly path: string;
  readonly kind: string;
}

export interface Evaluation {
  readonly rows: readonly Row[];
  /** Label kind, report kind, number of messages. */
  readonly confusion: readonly { readonly label: string; readonly report: string; readonly count: number }[];
  readonly misses: readonly Miss[];
  /** Time of readMessage and readReport alone, per message: the median of the corpus. */
  readonly medianMicros: number;
}

/** The labels tell nothing of the envelope; readers then go by Return-Path. */
const UNKNOWN_ENVELOPE: Envelope = { reversePath: undefined, forwardPaths: [] };

/** @param noBounces  Folders of further mail, none of which is a bounce. */
export function evaluateCorpus(
  corpus: string,
  noBounces: readonly string[],
  progress?: (done: number, total: number) => void,
): Evaluation {
  const labels = [...readLabels(corpus), ...noBounces.flatMap(labelNoBounces)];
  const rows = new Map<
    string,
    { source: string; kind: string; messages: number; fields: Partial<Record<Field, Tally>> }
  >();
  const confusion = new Map<string, number>();
  const misses: Miss[] = [];
  const micros: number[] = [];
  for (const [index, label] of labels.entries()) {
    const raw = readFileSync(resolve(corpus, label.path));
    const started = process.hrtime.bigint();
    const report = readReport(readMessage(raw), UNKNOWN_ENVELOPE);
    micros.push(Number(process.hrtime.bigint() - started) / 1_000);
    const key = `${label.source}\t${label.kind}`;
    const row = rows.get(key) ?? { source: label.source, kind: label.kind, messages: 0, fields: {} };
    rows.set(key, row);
    row.messages += 1;
    const pair = `${label.kind}\t${report.kind}`;
    confusion.set(pair, (confusion.get(pair) ?? 0) + 1);
    for (const compared of compare(label, report)) {
      const tally = row.fields[compared.field] ?? { right: 0, total: 0 };
      row.fields[compared.field] = { right: tally.right + Number(compared.matches), total: tally.total + 1 };
      if (!compared.matches) misses.push({ path: label.path, kind: label.kind, ...compared });
    }
    progress?.(index + 1, labels.length);
  }
  return {
    rows: [...rows.values()].sort((one, other) =>
      `${one.source}${one.kind}`.localeCompare(`${other.source}${other.kind}`),
    ),
    confusion: [...confusion].map(([pair, count]) => {
      const [label = "", report = ""] = pair.split("\t");
      return { label, report, count };
    }),
    misses,
    medianMicros: median(micros),
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}
