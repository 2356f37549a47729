/** Reads every labelled message and counts, per source and kind, what was found of what is labelled. */
import { readFileSync } from "node:fs";
import { type Envelope, readMessage } from "@triage/message";
import { type Report, readReport } from "@triage/reports";
import { type Comparison, compare, type Field } from "./compare.ts";
import { describeFileError } from "./file-error.ts";
import type { Label } from "./labels.ts";

export interface Tally {
  readonly right: number;
  readonly total: number;
}

export interface Row {
  readonly source: string;
  readonly kind: string;
  readonly messages: number;
  readonly fields: Partial<Readonly<Record<Field, Tally>>>;
}

export interface Miss extends Comparison {
  readonly path: string;
  readonly source: string;
  readonly kind: string;
}

/** So many messages of that label kind were read as that report kind. */
export interface Confusion {
  readonly label: string;
  readonly report: Report["kind"];
  readonly count: number;
}

export interface Evaluation {
  /** In the order of source and kind. */
  readonly rows: readonly Row[];
  readonly confusion: readonly Confusion[];
  /** In the order of the labels. */
  readonly misses: readonly Miss[];
  /** Time of readMessage and readReport alone, per message: the median. */
  readonly medianMicros: number;
}

/** The labels tell nothing of the envelope; the reader then goes by Return-Path. */
const UNKNOWN_ENVELOPE: Envelope = { reversePath: undefined, forwardPaths: [] };

/**
 * @param progress  Called after each message with the number of those done.
 * @throws {Error}  A message that cannot be read from its file: the numbers would be about something else.
 */
export function evaluateCorpus(
  labels: readonly Label[],
  progress: (done: number) => void = () => undefined,
): Evaluation {
  const rows = new Map<string, MutableRow>();
  const confusion = new Map<string, { label: string; report: Report["kind"]; count: number }>();
  const misses: Miss[] = [];
  const micros: number[] = [];
  for (const [index, label] of labels.entries()) {
    const raw = readMail(label);
    const started = performance.now();
    const report = readReport(readMessage(raw), UNKNOWN_ENVELOPE);
    micros.push((performance.now() - started) * 1_000);
    const compared = compare(label, report);
    countRow(rows, label, compared);
    const pair = `${label.kind}\t${report.kind}`;
    const known = confusion.get(pair);
    if (known === undefined) confusion.set(pair, { label: label.kind, report: report.kind, count: 1 });
    else known.count += 1;
    const { path, source, kind } = label;
    misses.push(...compared.filter((one) => !one.matches).map((one) => ({ path, source, kind, ...one })));
    progress(index + 1);
  }
  const order = ({ source, kind }: Row): string => `${source}\t${kind}`;
  return {
    rows: [...rows.values()].sort((one, other) => (order(one) < order(other) ? -1 : 1)),
    confusion: [...confusion.values()],
    misses,
    medianMicros: median(micros),
  };
}

interface MutableRow extends Row {
  messages: number;
  readonly fields: Partial<Record<Field, Tally>>;
}

function countRow(rows: Map<string, MutableRow>, { source, kind }: Label, compared: readonly Comparison[]): void {
  const key = `${source}\t${kind}`;
  const row = rows.get(key) ?? { source, kind, messages: 0, fields: {} };
  rows.set(key, row);
  row.messages += 1;
  for (const { field, matches } of compared) {
    const tally = row.fields[field] ?? { right: 0, total: 0 };
    row.fields[field] = { right: tally.right + Number(matches), total: tally.total + 1 };
  }
}

function readMail({ file }: Label): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Error(`${file}: ${describeFileError(error)}, but the labels tell of it`, { cause: error });
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}
