/** The way of one message through the policy, for a person at a terminal: one block a row. Colours only when asked for. */
import { styleText } from "node:util";
import type { ExplainedRow, FailedCondition } from "@triage/routing";
import { wrapText } from "../why/wrap-text.ts";
import type { ExplainedRoute } from "./explain-route.ts";

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, text: string) => string;

export interface Page {
  /** Characters in a line; MIN_WIDTH_CHARS at least. */
  readonly width: number;
  readonly colours: boolean;
}

/** LIMIT: below this, the sentences would have no room beside the names. */
const MIN_WIDTH_CHARS = 60;
const INDENT = 6;

/** Controls and invisible formatting: mail must not be able to drive the terminal, nor to reverse what stands there. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const clean = (text: string): string => text.replace(UNPRINTABLE, "·");

export function formatRoute(explained: ExplainedRoute, { width, colours }: Page): string {
  const room = Math.max(width, MIN_WIDTH_CHARS);
  const paint: Paint = (style, text) => (colours ? styleText(style, text, { validateStream: false }) : text);
  const decisive = explained.rows.findIndex((row) => row.decisive);
  const lines = [
    ...headLines(explained, room, paint),
    "",
    ...explained.rows.flatMap((row, index) => rowLines(row, index > decisive, room, paint)),
    ...noteLines(explained, room),
  ];
  return `${lines.join("\n")}\n`;
}

function headLines({ path, ...explained }: ExplainedRoute, room: number, paint: Paint): string[] {
  const { verdict, score, route, urgency = "normal", rule, why, because, advice } = explained;
  return [
    paint("bold", clean(path)),
    `  ${verdict} ${score.toFixed(3)} -> ${paint("bold", route)}, urgency ${urgency}, by the row ${paint("bold", rule)}`,
    ...block(why, 2, room),
    ...block(`Because: ${because}`, 2, room),
    ...(advice === undefined ? [] : block(`To do: ${advice}`, 2, room)),
  ];
}

function rowLines(row: ExplainedRow, isBelow: boolean, room: number, paint: Paint): string[] {
  const sign = row.decisive ? "=>" : row.matched ? " +" : " -";
  const head = `  ${sign} ${row.id} (${row.route}${row.urgency === "normal" ? "" : `, urgency ${row.urgency}`})`;
  if (row.decisive) return [paint("bold", `${head}: decides`)];
  if (row.matched) return [paint("gray", `${head}: ${isBelow ? "would match, a row above decides" : "matches"}`)];
  return [paint("gray", head), ...row.failed.flatMap((failed) => failedLines(failed, room, paint))];
}

function failedLines({ condition, wanted, saw, recipient }: FailedCondition, room: number, paint: Paint): string[] {
  const whose = recipient === undefined ? "" : ` of recipient ${recipient}`;
  return block(`${condition}${whose} is ${saw}; wanted: ${wanted}`, INDENT, room).map((line) => paint("gray", line));
}

/** Said only where it may have made a difference. */
function noteLines({ rows }: ExplainedRoute, room: number): string[] {
  const isUnknown = ({ condition }: FailedCondition) => condition === "volume" || condition === "novelty";
  const alone = rows.filter(({ failed }) => failed.length > 0 && failed.every(isUnknown)).map(({ id }) => id);
  if (alone.length === 0) return [];
  const note = `Other messages with the same cause are not known here. In the service they are: then ${alone.join(" or ")} may match.`;
  return ["", ...block(note, 2, room)];
}

/** A block of wrapped lines, all of them indented alike. */
function block(text: string, indent: number, room: number): string[] {
  return wrapText(clean(text), room - indent).map((line) => " ".repeat(indent) + line);
}
