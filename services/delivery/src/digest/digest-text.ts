/** A digest as plain text: 76 columns, bars of letters, strangers' words quoted. Pure. */
import { LINE_COLUMNS, QUOTE_MARK, wrapLine } from "../compose/plain-text.ts";
import type { CausePage, DigestPage, EntryPage, KeptRow, TimelinePage } from "./digest-page.ts";
import { formatCount } from "./wall-clock.ts";

const BAR_COLUMNS = 28;
/** Eighths of a line, from nothing to all of it (Unicode block elements). */
const LEVELS = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/** @returns Lines joined by LF, none longer than 76 columns unless a single word is. */
export function formatDigestText(page: DigestPage): string {
  const sections = [
    [page.heading, ...wrapLine(page.lead, "")],
    page.attention.length === 0
      ? []
      : ["Needs a look:", ...page.attention.flatMap((line) => wrapLine(line, "  - ", "    "))],
    page.kept.length === 0 ? [] : ["Kept:", ...keptLines(page.kept)],
    page.timeline === undefined ? [] : timelineLines(page.timeline),
    ...causeSections("UNDECIDED: please look at these", page.undecided),
    ...causeSections("WHAT WAS KEPT, AND WHY", page.causes),
    page.others === undefined ? [] : wrapLine(page.others, ""),
    page.senders.length === 0 ? [] : ["Most came from:", ...page.senders.map(senderLine)],
    page.learning === undefined ? [] : wrapLine(page.learning, ""),
    page.footer.flatMap((line) => wrapLine(line, "")),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function keptLines(rows: readonly KeptRow[]): string[] {
  const most = Math.max(...rows.map(({ messages }) => messages));
  return rows.map(({ name, route, messages }) => {
    const bar = "#".repeat(Math.max(1, Math.round((messages / most) * BAR_COLUMNS)));
    return `  ${name.padEnd(22)} ${route.padEnd(12)} ${formatCount(messages).padStart(7)} ${bar}`;
  });
}

function timelineLines({ messages, words }: TimelinePage): string[] {
  const most = Math.max(...messages);
  const bars = messages.map((count) => LEVELS[count === 0 ? 0 : Math.max(1, Math.round((count / most) * 8))] ?? "");
  return [`When: |${bars.join("")}|`, ...wrapLine(words, "      ")];
}

function causeSections(title: string, causes: readonly CausePage[]): string[][] {
  if (causes.length === 0) return [];
  return [[title, "-".repeat(Math.min(title.length, LINE_COLUMNS))], ...causes.map(causeLines)];
}

function causeLines({ title, messages, why, words, call, entries, more }: CausePage): string[] {
  return [
    ...wrapLine(`${formatCount(messages)} x ${title}`, "", "  "),
    ...wrapLine(why, "  "),
    ...(words === undefined ? [] : wrapLine(words, `  ${QUOTE_MARK}`)),
    ...(call === undefined ? [] : [`  ${call}`]),
    ...entries.flatMap(entryLines),
    ...(more > 0 && entries.length > 0 ? [`  and ${formatCount(more)} more`] : []),
  ];
}

function entryLines({ id, when, sureness, from, subject, recipient, link }: EntryPage): string[] {
  const field = (name: string, value: string | undefined) =>
    value === undefined ? [] : wrapLine(value, `    ${name.padEnd(8)} ${QUOTE_MARK}`);
  return [
    `  * ${when}, ${sureness} sure`,
    ...field("From", from),
    ...field("Subject", subject),
    ...field("About", recipient),
    link === undefined ? `    ${"Id".padEnd(8)}   ${id}` : `    ${"Release".padEnd(8)} ${link}`,
  ];
}

function senderLine({ name, messages }: { readonly name: string; readonly messages: number }): string {
  return `  ${formatCount(messages).padStart(7)}  ${QUOTE_MARK}${name}`;
}
