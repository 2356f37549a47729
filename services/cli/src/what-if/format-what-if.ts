/** What would have changed, for a person at a terminal: what would be hidden first. Colours only when asked for. */
import { styleText } from "node:util";
import { wrapText } from "../why/wrap-text.ts";
import type { ChangeCount, ChangedList, ChangedMessage, Decision, WhatIf } from "./what-if.ts";

/** LIMIT: messages of each list that a person is shown; the JSON has more. */
const MAX_SHOWN = 25;
const WIDTH = 80;

/** Controls: mail must not be able to drive the terminal. */
const clean = (text: string): string => text.replace(/\p{Cc}/gu, "·");

/** @returns Lines that end with a line break. */
export function formatWhatIf(result: WhatIf, colours: boolean): string {
  const bold = (text: string) => (colours ? styleText("bold", text, { validateStream: false }) : text);
  const lines = [
    ...headLines(result),
    ...listLines("Newly hidden from the human", result.newlyHidden, bold),
    ...listLines("Newly shown to the human", result.newlyShown, bold),
    ...tableLines(result.changes, bold),
    ...correctionLines(result),
  ];
  return `${lines.join("\n")}\n`;
}

function headLines({ days, supposed, messages, withoutBytes, failed, changed, changedAnyway }: WhatIf): string[] {
  const what =
    supposed.length === 0 ? "judged again as they would be today" : `judged again with ${supposed.join(", ")}`;
  const changes = `${count(changed)} would be decided otherwise than ${changed === 1 ? "it was" : "they were"}`;
  const since = "weights, model, ledger or configuration have changed since";
  return [
    ...wrapText(`${count(messages)} of the last ${days === 1 ? "day" : `${days} days`}, ${what}.`, WIDTH),
    ...wrapText(`${changes}${whence(changed, changedAnyway, since)}.`, WIDTH),
    ...(supposed.length === 0 && changed > 0 ? [`(${since})`] : []),
    ...(withoutBytes > 0 ? [`${count(withoutBytes)} could not be judged: retention has dropped the bytes.`] : []),
    ...(failed > 0 ? [`The classifier fails on ${count(failed)}: undecided, to the human.`] : []),
  ];
}

function whence(changed: number, anyway: number | undefined, since: string): string {
  if (anyway === undefined || changed === 0) return "";
  return anyway === 0 ? ", all because of that" : `, ${anyway} of them also without that (${since})`;
}

function listLines(title: string, { messages, list }: ChangedList, bold: (text: string) => string): string[] {
  const more = messages - Math.min(list.length, MAX_SHOWN);
  return [
    "",
    bold(`${title}: ${messages}`),
    ...list.slice(0, MAX_SHOWN).flatMap(messageLines),
    ...(more > 0 ? [`  and ${more} more (--format json lists ${list.length})`] : []),
  ];
}

function messageLines({
  id,
  fromDomain,
  subject,
  before,
  after,
  why,
  alsoWithout,
  corrected,
}: ChangedMessage): string[] {
  const person = corrected === undefined ? "" : `; a person says ${corrected}`;
  const anyway = alsoWithout === true ? "; also without that" : "";
  return [
    `  ${id}  ${clean(fromDomain ?? "(no sender)")}  "${clean(subject)}"`,
    `    ${decisionWords(before)} -> ${decisionWords(after)}${person}${anyway}`,
    ...wrapText(clean(why), WIDTH - 4).map((line) => `    ${line}`),
  ];
}

function tableLines(changes: readonly ChangeCount[], bold: (text: string) => string): string[] {
  if (changes.length === 0) return [];
  const width = Math.max(...changes.map(({ before }) => decisionWords(before).length), "as decided".length);
  const other = Math.max(...changes.map(({ after }) => decisionWords(after).length), "as it would be".length);
  const row = (before: string, after: string, messages: string) =>
    `  ${before.padEnd(width)}    ${after.padEnd(other)}  ${messages.padStart(8)}`;
  return [
    "",
    bold(row("as decided", "as it would be", "messages")),
    ...changes.map(({ before, after, messages }) => row(decisionWords(before), decisionWords(after), String(messages))),
  ];
}

function correctionLines({ corrections: { messages, rightBefore, rightAfter } }: WhatIf): string[] {
  if (messages === 0) return ["", "Nobody has corrected any of them."];
  const corrected = `Of ${count(messages).replace(/ messages?$/, "")} corrected ${messages === 1 ? "message" : "messages"}`;
  return ["", `${corrected} ${rightAfter} would now be right (${rightBefore} before).`];
}

const decisionWords = ({ verdict, route }: Decision): string => `${verdict}, ${route}`;
const count = (messages: number): string =>
  `${messages.toLocaleString("en")} ${messages === 1 ? "message" : "messages"}`;
