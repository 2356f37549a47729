/** What became of the day: per true class, per problem, and whether that is good enough. Pure. */
import { TRUE_CLASSES, type TrueClass } from "./compose-day.ts";
import type { Found, Ran } from "./run-day.ts";

export interface ClassRow {
  readonly truth: TrueClass;
  readonly messages: number;
  readonly human: number;
  readonly digest: number;
  readonly archive: number;
}

export interface ProblemRow {
  readonly problem: string;
  readonly messages: number;
  readonly human: number;
  /** Which of its messages, in the order of arrival and from 1, was the first that the human got; 0 when none was. */
  readonly noticedWith: number;
}

export interface Assessment {
  readonly classes: readonly ClassRow[];
  readonly problems: readonly ProblemRow[];
  /** Human messages that are neither letters nor feedback reports nor about a problem. */
  readonly besides: number;
  /** What the human was told about storms. */
  readonly notices: number;
  /** What is not good enough; empty when all is. */
  readonly misses: readonly string[];
}

export interface Demands {
  /** Most human messages besides letters, feedback reports and problems. */
  readonly maxBesides: number;
  /** A problem must be noticed within so many of its messages. */
  readonly noticedWithin: number;
  /** Most notices about storms. */
  readonly maxNotices: number;
}

export function assessDay({ found, notices }: Ran, demands: Demands): Assessment {
  const classes = TRUE_CLASSES.map((truth) => countClass(truth, found));
  const problems = countProblems(found);
  const besides = classes
    .filter(({ truth }) => truth === "joe job" || truth === "nuisance")
    .reduce((sum, { human }) => sum + human, 0);
  const counted = { classes, problems, besides, notices: notices.length };
  return { ...counted, misses: missesOf(counted, demands) };
}

function countClass(truth: TrueClass, found: readonly Found[]): ClassRow {
  const routes = found.filter(({ message }) => message.truth === truth).map(({ route }) => route);
  const count = (wanted: string) => routes.filter((route) => route === wanted).length;
  return { truth, messages: routes.length, human: count("human"), digest: count("digest"), archive: count("archive") };
}

function countProblems(found: readonly Found[]): ProblemRow[] {
  const routes = new Map<string, string[]>();
  for (const { message, route } of found) {
    if (message.problem === undefined) continue;
    routes.set(message.problem, [...(routes.get(message.problem) ?? []), route]);
  }
  return [...routes].map(([problem, all]) => ({
    problem,
    messages: all.length,
    human: all.filter((route) => route === "human").length,
    noticedWith: all.indexOf("human") + 1,
  }));
}

function missesOf(
  { classes, problems, besides, notices }: Omit<Assessment, "misses">,
  { maxBesides, noticedWithin, maxNotices }: Demands,
): string[] {
  const hidden = classes
    .filter(({ truth, human, messages }) => (truth === "letter" || truth === "feedback report") && human < messages)
    .map(({ truth, human, messages }) => `${human} of ${messages} messages of the class ${truth} reached the human`);
  const late = problems
    .filter(({ noticedWith }) => noticedWith === 0 || noticedWith > noticedWithin)
    .map(({ problem }) => `"${problem}" was not noticed within its first ${noticedWithin} messages`);
  const noise = besides > maxBesides ? [`${besides} other messages reached the human, ${maxBesides} are allowed`] : [];
  const chatty = notices > maxNotices ? [`${notices} notices about storms, ${maxNotices} are allowed`] : [];
  return [...hidden, ...late, ...noise, ...chatty];
}

export function formatAssessment({ classes, problems, besides, notices, misses }: Assessment): string {
  const rows = [
    ["what it really is", "messages", "human", "digest", "archive"],
    ...classes.map(({ truth, messages, human, digest, archive }) =>
      [truth, messages, human, digest, archive].map(String),
    ),
  ];
  const noticed = [
    ["problem", "messages", "human", "noticed with"],
    ...problems.map(({ problem, messages, human, noticedWith }) => [
      ...[problem, String(messages), String(human)],
      noticedWith === 0 ? "never" : `message ${noticedWith}`,
    ]),
  ];
  return [
    ...alignColumns(rows),
    "",
    ...alignColumns(noticed),
    "",
    `human messages besides letters, feedback reports and problems: ${besides}`,
    `notices about storms: ${notices}`,
    ...misses.map((miss) => `MISSED: ${miss}`),
  ].join("\n");
}

function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}
