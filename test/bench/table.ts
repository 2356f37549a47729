/** One row of a bench print-out. All sides of a comparison are measured in turn, round by round, in one run. */
export interface BenchRow {
  readonly side: string;
  /** Median over the rounds, already formatted with its unit. */
  readonly figure: string;
  /** What it is compared with, or the goal. */
  readonly note: string;
}

export interface BenchTable {
  readonly title: string;
  readonly rows: readonly BenchRow[];
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? at(sorted, middle) : (at(sorted, middle - 1) + at(sorted, middle)) / 2;
}

function at(values: readonly number[], index: number): number {
  const value = values[index];
  if (value === undefined) throw new Error("nothing was measured");
  return value;
}

/** Lowest to highest, for a note. */
export function spreadOf(values: readonly number[]): string {
  return `${whole(Math.min(...values))} to ${whole(Math.max(...values))}`;
}

/** @param share  From 0 to 1: the value that so many are not above. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return at(sorted, Math.max(0, Math.ceil(sorted.length * share) - 1));
}

export function printTable(table: BenchTable): void {
  const side = Math.max(...table.rows.map((row) => row.side.length));
  const figure = Math.max(...table.rows.map((row) => row.figure.length));
  console.log(`\n${table.title}`);
  for (const row of table.rows) {
    console.log(`  ${row.side.padEnd(side)}  ${row.figure.padStart(figure)}  ${row.note}`.trimEnd());
  }
}

export const perSecond = (count: number, ms: number): number => (count / ms) * 1000;
export const whole = (value: number): string => Math.round(value).toLocaleString("en-US");
