/** The twins as text: a table of verdicts per kind, and the ladder of each that is not right. */
import { table } from "../format-evaluation.ts";
import { TWIN_KINDS, type Twin, type TwinKind } from "./evaluate-twins.ts";
import { shareRight, TWIN_GOALS } from "./twin-goals.ts";

const VERDICTS = ["genuine-dsn", "undecided", "backscatter"] as const;

export function formatTwins(twins: readonly Twin[]): string {
  const misses = twins.filter(({ kind, verdict }) => !TWIN_GOALS[kind].isRight(verdict));
  return `${[
    "Twins: each bounce judged for sites that sent the returned message, and for sites that did not",
    table([
      ["twin", "mails", "twins", ...VERDICTS, "other", "right", "goal", "right is"],
      ...TWIN_KINDS.map((kind) => cellsOf(kind, twins)),
    ]),
    "",
    `Misses: ${misses.length}`,
    ...misses.map(formatLadder),
  ].join("\n")}\n`;
}

function cellsOf(kind: TwinKind, all: readonly Twin[]): string[] {
  const twins = all.filter((twin) => twin.kind === kind);
  const counts = VERDICTS.map((name) => twins.filter(({ verdict }) => verdict.verdict === name).length);
  const other = twins.length - counts.reduce((sum, count) => sum + count, 0);
  const mails = new Set(twins.map(({ path }) => path)).size;
  const share = shareRight(all, kind);
  const { minimum, means } = TWIN_GOALS[kind];
  const percents = [share === undefined ? "-" : `${share.toFixed(1)} %`, minimum === undefined ? "-" : `${minimum} %`];
  return [kind, ...[mails, twins.length, ...counts, other].map(String), ...percents, means];
}

function formatLadder({ path, kind, variant, verdict }: Twin): string {
  const rungs = verdict.evidence
    .filter(({ weight, outcome }) => weight !== 0 || outcome === "neutral")
    .map(
      ({ check, outcome, weight, detail }) => `      ${weight.toFixed(2).padStart(6)} ${check} ${outcome}: ${detail}`,
    );
  const about = variant === "" ? kind : `${kind} (${variant})`;
  return [`  ${path} ${about}: ${verdict.verdict} ${verdict.score.toFixed(3)}`, ...rungs].join("\n");
}
