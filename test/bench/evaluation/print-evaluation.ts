/** The evaluation as text: a table per source and kind, the totals, the confusion table, and every miss. */
import { FIELDS } from "./compare.ts";
import type { Evaluation, Row } from "./evaluate-corpus.ts";
import { measureAll } from "./thresholds.ts";

export function printEvaluation(evaluation: Evaluation, failures: readonly string[]): string {
  return `${[
    "Found of what is labelled, per source and kind",
    table([["source", "kind", "mails", ...FIELDS], ...evaluation.rows.map(cellsOf)]),
    "Totals",
    table(
      measureAll(evaluation).map(({ name, percent }) => [
        name.replace("min-", ""),
        percent === undefined ? "-" : `${percent.toFixed(2)} %`,
      ]),
    ),
    "Label (row) read as (column)",
    confusionTable(evaluation),
    `Misses: ${evaluation.misses.length}`,
    ...evaluation.misses.map(
      (miss) =>
        `  ${miss.path} ${miss.field}: expected ${miss.expected || "(nothing)"}, got ${miss.got || "(nothing)"}`,
    ),
    `Median time to read one message: ${evaluation.medianMicros.toFixed(0)} µs, the first pass of a cold process`,
    ...failures.map((failure) => `MISSED ${failure}`),
  ].join("\n")}\n`;
}

function cellsOf(row: Row): string[] {
  const fields = FIELDS.map((field) => {
    const tally = row.fields[field];
    return tally === undefined ? "" : `${tally.right}/${tally.total}`;
  });
  return [row.source, row.kind, String(row.messages), ...fields];
}

function confusionTable(evaluation: Evaluation): string {
  const labels = [...new Set(evaluation.confusion.map((entry) => entry.label))].sort();
  const reports = [...new Set(evaluation.confusion.map((entry) => entry.report))].sort();
  const count = (label: string, report: string) =>
    evaluation.confusion.find((entry) => entry.label === label && entry.report === report)?.count ?? 0;
  const rows = labels.map((label) => [label, ...reports.map((report) => String(count(label, report) || "."))]);
  return table([["", ...reports], ...rows]);
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(
      (row) =>
        `  ${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join("  ")
          .trimEnd()}`,
    )
    .join("\n");
}
