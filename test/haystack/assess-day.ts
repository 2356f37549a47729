/** What became of the day: per true class, per problem, and whether that is good enough. Pure. */
import { alignColumns } from "./align-columns.ts";
import { TRUE_CLASSES, type TrueClass } from "./compose-day.ts";
import type { Found, Ran } from "./run-day.ts";

export interface ClassRow {
  readonly truth: TrueClass;
  readonly messages: number;
  /** Delivered as itself. */
  readonly human: number;
  /** For the human, but told of by notices only. */
  readonly grouped: number;
  readonly digest: number;
  readonly archive: number;
}

export interface ProblemRow {
  readonly problem: string;
  readonly messages: number;
  readonly human: number;
  readonly grouped: number;
  /** Which of its messages, in the order of arrival and from 1, was the first that the human got; 0 when none was. */
  readonly noticedWith: number;
}

export interface Assessment {
  readonly classes: readonly ClassRow[];
  readonly problems: readonly ProblemRow[];
  /** All mails that the human got: messages and notices. */
  readonly mails: number;
  /** Human messages that are neither letters nor feedback reports nor about a problem. */
  readonly besides: number;
  /** What the human was told about storms and about failures with one cause. */
  readonly notices: { readonly storm: number; readonly failure: number };
  /** What is not good enough; empty when all is. */
  readonly misses: readonly string[];
}

export interface Demands {
  /** Most human messages besides letters, feedback reports and problems. */
  readonly maxBesides: number;
  /** A problem must be noticed within so many of its messages. */
  readonly noticedWithin: number;
  /** Most notices. */
  readonly maxNotices: number;
}

export function assessDay({ found, notices }: Ran, demands: Demands): Assessment {
  const classes = TRUE_CLASSES.map((truth) => countClass(truth, found));
  const problems = countProblems(found);
  const besides = classes
    .filter(({ truth }) => truth === "joe job" || truth === "nuisance")
    .reduce((sum, { human }) => sum + human, 0);
  const ofKind = (wanted: string) => notices.filter(({ kind }) => kind === wanted).length;
  const counted = {
    classes,
    problems,
    mails: classes.reduce((sum, { human }) => sum + human, 0) + notices.length,
    besides,
    notices: { storm: ofKind("storm"), failure: ofKind("failure") },
  };
  return { ...counted, misses: missesOf(counted, demands) };
}

function countClass(truth: TrueClass, found: readonly Found[]): ClassRow {
  const routes = found.filter(({ message }) => message.truth === truth).map(({ route }) => route);
  const count = (wanted: string) => routes.filter((route) => route === wanted).length;
  return {
    truth,
    messages: routes.length,
    human: count("human"),
    grouped: count("grouped"),
    digest: count("digest"),
    archive: count("archive"),
  };
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
    grouped: all.filter((route) => route === "grouped").length,
    noticedWith: all.indexOf("human") + 1,
  }));
}

function missesOf(
  { classes, problems, besides, notices }: Omit<Assessment, "misses" | "mails">,
  { maxBesides, noticedWithin, maxNotices }: Demands,
): string[] {
  const hidden = classes
    .filter(({ truth, human, messages }) => (truth === "letter" || truth === "feedback report") && human < messages)
    .map(({ truth, human, messages }) => `${human} of ${messages} messages of the class ${truth} reached the human`);
  const late = problems
    .filter(({ noticedWith }) => noticedWith === 0 || noticedWith > noticedWithin)
    .map(({ problem }) => `"${problem}" was not noticed within its first ${noticedWithin} messages`);
  const noise = besides > maxBesides ? [`${besides} other messages reached the human, ${maxBesides} are allowed`] : [];
  const told = notices.storm + notices.failure;
  const chatty = told > maxNotices ? [`${told} notices, ${maxNotices} are allowed`] : [];
  return [...hidden, ...late, ...noise, ...chatty];
}

export function formatAssessment({ classes, problems, mails, besides, notices, misses }: Assessment): string {
  const rows = [
    ["what it really is", "messages", "human", "grouped", "digest", "archive"],
    ...classes.map(({ truth, messages, human, grouped, digest, archive }) =>
      [truth, messages, human, grouped, digest, archive].map(String),
    ),
  ];
  const noticed = [
    ["problem", "messages", "human", "grouped", "noticed with"],
    ...problems.map(({ problem, messages, human, grouped, noticedWith }) => [
      ...[problem, String(messages), String(human), String(grouped)],
      noticedWith === 0 ? "never" : `message ${noticedWith}`,
    ]),
  ];
  return [
    ...alignColumns(rows),
    "",
    ...alignColumns(noticed),
    "",
    `human messages besides letters, feedback reports and problems: ${besides}`,
    `notices: ${notices.storm} about storms, ${notices.failure} about failures with one cause`,
    `mails to the human in all: ${mails}`,
    ...misses.map((miss) => `MISSED: ${miss}`),
  ].join("\n");
}
