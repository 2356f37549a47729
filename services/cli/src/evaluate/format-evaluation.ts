/** The evaluation as text: a table per source and kind, the totals, the confusion table, and every miss. */
import { FIELDS } from "./compare.ts";
import type { Evaluation, Row } from "./evaluate-corpus.ts";
import { countFalseBounces, MEASURE_NAMES, MEASURES, measure } from "./thresholds.ts";

export function formatEvaluation(evaluation: Evaluation): string {
  const { wrong, total } = countFalseBounces(evaluation);
  return `${[
    "Found of what is labelled, per source and kind",
    table([["source", "kind", "mails", ...FIELDS], ...evaluation.rows.map(cellsOf)]),
    "",
    "Totals",
    table([...totals(evaluation), ["false-bounces", `${wrong} of ${total}`, "mail that is no bounce, called one"]]),
    "",
    "Labelled (row), read as (column)",
    confusionTable(evaluation),
    "",
    `Misses: ${evaluation.misses.length}`,
    ...evaluation.misses.map(
      ({ path, field, expected, got }) => `  ${path} ${field}: expected ${expected}, got ${got || "(nothing)"}`,
    ),
    "",
    `Median time to read one message: ${evaluation.medianMicros.toFixed(0)} µs, the first pass of a cold process`,
  ].join("\n")}\n`;
}

function totals(evaluation: Evaluation): string[][] {
  return MEASURE_NAMES.map((name) => {
    const percent = measure(evaluation, name);
    return [name, percent === undefined ? "-" : `${percent.toFixed(2)} %`, MEASURES[name].means];
  });
}

function cellsOf(row: Row): string[] {
  const fields = FIELDS.map((field) => {
    const tally = row.fields[field];
    return tally === undefined ? "" : `${tally.right}/${tally.total}`;
  });
  return [row.source, row.kind, String(row.messages), ...fields];
}

function confusionTable({ confusion }: Evaluation): string {
  const labels = [...new Set(confusion.map((entry) => entry.label))].sort();
  const reports = [...new Set(confusion.map((entry) => entry.report))].sort();
  const count = (label: string, report: string) =>
    confusion.find((entry) => entry.label === label && entry.report === report)?.count ?? 0;
  return table([
    ["", ...reports],
    ...labels.map((label) => [label, ...reports.map((to) => `${count(label, to) || "."}`)]),
  ]);
}

export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
  return rows.map((row) => `  ${line(row).trimEnd()}`).join("\n");
}
