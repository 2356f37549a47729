/** The ladder of one message for a person at a terminal, in columns. Colours only when asked for. */
import { styleText } from "node:util";
import { VERDICT_CLASSES, type VerdictClass } from "@triage/scoring";
import type { Explanation, Rung } from "./explain-message.ts";
import type { Change } from "./find-changes.ts";
import { wrapText } from "./wrap-text.ts";

type Style = Parameters<typeof styleText>[0];

export interface Page {
  /** Characters in a line; MIN_WIDTH_CHARS at least. */
  readonly width: number;
  readonly colours: boolean;
}

/** LIMIT: below this, the sentences would have no room beside the columns. */
const MIN_WIDTH_CHARS = 76;
/** Of the column of names: the longest is `returned-sender-domain`. */
const CHECK_CHARS = 23;
const SENTENCE_INDENT = 2 + CHECK_CHARS + 1 + 9 + 1 + 6 + 2;
const HIDING: readonly VerdictClass[] = ["backscatter", "automated", "spam"];
const OUTCOME_STYLES: Readonly<Record<Rung["outcome"], Style>> = {
  pass: "green",
  fail: "red",
  neutral: "gray",
  skip: "gray",
  temperror: "yellow",
};

/** Controls and invisible formatting: mail must not be able to drive the terminal, nor to reverse what stands there. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const clean = (text: string): string => text.replace(UNPRINTABLE, "·");

export function formatWhy(explanation: Explanation, { width, colours }: Page): string {
  const room = Math.max(width, MIN_WIDTH_CHARS);
  const paint = (style: Style, text: string) => (colours ? styleText(style, text, { validateStream: false }) : text);
  const lines = [
    ...headLines(explanation, room, paint),
    "",
    ...ladderLines(explanation, room, paint),
    "",
    ...sumLines(explanation, room, paint),
    "",
    ...routeLines(explanation, room, paint),
    "",
    ...changeLines(explanation, room, paint),
  ];
  return `${lines.join("\n")}\n`;
}

type Paint = (style: Style, text: string) => string;

/** A block of wrapped lines, all of them indented alike. */
function block(text: string, indent: number, room: number): string[] {
  return wrapText(clean(text), room - indent).map((line) => " ".repeat(indent) + line);
}

function headLines({ path, verdict, score, route, why }: Explanation, room: number, paint: Paint): string[] {
  const head = `  ${paint("bold", `${verdict} ${score.toFixed(3)}`)} -> ${paint("bold", route)}`;
  return [paint("bold", clean(path)), head, ...block(why, 2, room)];
}

function ladderLines({ ladder, verdict, score, sums }: Explanation, room: number, paint: Paint): string[] {
  const leading = leadingOf(sums);
  const title = `  ${"check".padEnd(CHECK_CHARS)} ${"outcome".padEnd(9)} weight  what was found`;
  const odds = Math.log(score / (1 - score));
  const total = `  ${"sum".padEnd(CHECK_CHARS)} ${"".padEnd(9)} ${signed(odds)}  ${
    verdict === "undecided" ? `${leading} ${score.toFixed(3)}, not enough` : `${leading} ${score.toFixed(3)}`
  }`;
  return [paint("bold", title), ...ladder.flatMap((rung) => rungLines(rung, room, paint)), paint("bold", total)];
}

function rungLines({ check, outcome, weight, detail }: Rung, room: number, paint: Paint): string[] {
  const [first = "", ...rest] = wrapText(clean(detail), room - SENTENCE_INDENT);
  const name = check.padEnd(CHECK_CHARS);
  const said = paint(OUTCOME_STYLES[outcome], outcome.padEnd(9));
  return [
    `  ${name} ${said} ${signed(weight)}  ${first}`.trimEnd(),
    ...rest.map((line) => `${" ".repeat(SENTENCE_INDENT)}${line}`),
  ];
}

/** Six characters: sign and two decimals. A weight that rounds to nothing has no sign. */
function signed(value: number): string {
  const text = Math.abs(value).toFixed(2);
  const sign = Number(text) === 0 ? "" : value < 0 ? "-" : "+";
  return `${sign}${text}`.padStart(6);
}

function sumLines({ sums, verdict }: Explanation, room: number, paint: Paint): string[] {
  const together = HIDING.reduce((sum, name) => sum + sums[name].score, 0);
  const title = `  ${"class".padEnd(CHECK_CHARS)} ${"log-odds".padEnd(9)}  score  threshold`;
  const rows = VERDICT_CLASSES.map((name) => {
    const { logOdds, score, threshold } = sums[name];
    const row = `  ${name.padEnd(CHECK_CHARS)} ${signed(logOdds).padEnd(9)}  ${score.toFixed(3)}  ${threshold}`;
    return name === verdict ? paint("bold", row) : row;
  });
  const note = `${HIDING.join(" + ")} = ${together.toFixed(3)}, which their thresholds are compared with`;
  return [paint("bold", title), ...rows, ...block(note, 2, room)];
}

function routeLines({ route, urgency, rule, because, advice }: Explanation, room: number, paint: Paint): string[] {
  const soon = urgency === undefined || urgency === "normal" ? "" : `, urgency ${urgency}`;
  return [
    `  ${paint("bold", "route")} ${route}${soon}, by the policy row ${rule}`,
    ...(because === undefined ? [] : block(because, 2, room)),
    ...(advice === undefined ? [] : block(`To do: ${advice}`, 2, room)),
  ];
}

function changeLines({ changes }: Explanation, room: number, paint: Paint): string[] {
  const title = paint("bold", "  What would change the verdict");
  if (changes.length === 0) return [title, ...block("no one or two things that could be supposed here", 2, room)];
  return [title, ...changes.flatMap((change) => oneChange(change, room))];
}

function oneChange({ conditions, verdict, score, route, rule }: Change, room: number): string[] {
  const [first = "", ...rest] = block(`if ${conditions.join(", and ")}:`, 4, room);
  return [`  -${first.slice(3)}`, ...rest, `    ${verdict} ${score.toFixed(3)} -> ${route} (${rule})`];
}

function leadingOf(sums: Explanation["sums"]): VerdictClass {
  return VERDICT_CLASSES.reduce((best, name) => (sums[name].score > sums[best].score ? name : best));
}
