/**
 * What a human reads when there is more mail for them than they get in an hour: how many wait and why, each letter with its author
 * and subject, the rest by verdict and cause in the remote's words, and how to have each whole.
 *
 * Nothing of it was thrown away. Words of strangers are cleaned, short and quoted. However much waits, the mail stays below 64 kB:
 * of many letters the later ones get one line each, and what has no room is counted, with the call that lists it. Pure.
 */
import type { FloodFacts, NoticeStep } from "@triage/contracts";
import { countFitting, encodedSize } from "../compose/encoded-size.ts";
import type { LinkMaker } from "../compose/link-maker.ts";
import { cleanLine, LINE_COLUMNS, QUOTE_MARK, wrapLine } from "../compose/plain-text.ts";

export interface FloodText {
  readonly incidentId: string;
  readonly step: NoticeStep;
  readonly firstSeen: Date;
  readonly at: Date;
  readonly facts: FloodFacts;
}

/** How its reader reaches this service. */
export interface Reach {
  /** undefined: mails carry no links, and say the calls of the API instead. */
  readonly links?: LinkMaker | undefined;
  /** Without a slash at its end; undefined: people know. */
  readonly publicUrl?: string | undefined;
}

type Group = FloodFacts["groups"][number];
type Letters = NonNullable<FloodFacts["letters"]>;
type Letter = Letters["listed"][number];

const MAX_QUOTED_CHARS = 66;
/** LIMIT: code points of what a remote said; three lines. */
const MAX_WORDS_CHARS = 200;
const ID_INDENT = "      ";
/** LIMIT: octets of all letters, and of these and the groups together, as they are sent; the rest of the mail is 2 kB. */
const MAX_LETTERS_OCTETS = 48_000;
const MAX_LIST_OCTETS = 60_000;
/** LIMIT: code points of an author in a line. */
const MAX_AUTHOR_CHARS = 20;

export function formatFloodSubject({ facts }: FloodText): string {
  const letters = facts.letters?.messages ?? 0;
  const among = [
    ...(letters > 0 ? [countLetters(letters)] : []),
    ...(facts.groups.some((group) => group.urgent) ? ["urgent ones"] : []),
  ];
  const mark = among.length > 0 ? `, ${among.join(" and ")} among them` : "";
  return `[triage] ${countMessages(facts.waiting)} not sent one by one${mark}`;
}

/** @returns Lines joined by LF, none longer than 76 columns unless a single word is. */
export function formatFloodText(flood: FloodText, reach: Reach = {}): string {
  const { facts, incidentId, firstSeen, at } = flood;
  const letters = letterSections(facts.letters, flood, reach);
  const groups = facts.groups.map((group) => groupLines(group, flood, reach));
  const shown = countFitting(groups, MAX_LIST_OCTETS - encodedSize(letters.flat()));
  const moreGroups = facts.moreGroups + groups.length - shown;
  const sections = [
    wrapLine(
      `There was more for you than ${facts.maxPerHour} mails an hour, so ${countMessages(facts.waiting)} ` +
        "came to you as this list instead. They are kept whole; nothing was thrown away. Letters, what is urgent and " +
        "everything else are counted apart: a flood of one does not hold back the others.",
      "",
    ),
    [
      `  since:       ${formatTime(firstSeen)}`,
      `  this notice: ${formatTime(at)}`,
      `  your limit:  ${facts.maxPerHour} an hour (humans, maxPerHour)`,
    ],
    ...letters,
    ...groups.slice(0, shown),
    moreGroups > 0 ? [`  and ${moreGroups} more ${moreGroups === 1 ? "kind" : "kinds"}, counted above.`] : [],
    howToRead(incidentId, reach),
    wrapLine(
      `Incident ${incidentId}. While more comes than you get, such a list comes once an hour at most; without one, what ` +
        "waits a moment is sent as soon as there is room.",
      "",
    ),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function letterSections(letters: Letters | undefined, flood: FloodText, reach: Reach): string[][] {
  if (letters === undefined || letters.messages === 0) return [];
  const whole = letters.listed.map((letter) => letterLines(letter, flood, reach));
  const short = letters.listed.map((letter) => [shortLetterLine(letter)]);
  const listed = countFitting(short, MAX_LETTERS_OCTETS);
  const asWhole = countWhole(whole, short.slice(0, listed));
  const left = letters.messages - listed;
  const later = letters.later ?? 0;
  return [
    [`  ${String(letters.messages).padStart(6)}  written by people, the oldest first:`],
    ...whole.slice(0, asWhole),
    ...(listed > asWhole
      ? [
          [
            ...wrapLine("The others, each in a line; triage release ID sends one to you:", ID_INDENT),
            ...short.slice(asWhole, listed).flat(),
          ],
        ]
      : []),
    ...(left > 0 ? [wrapLine(`and ${left} more letters, which the call below lists`, ID_INDENT)] : []),
    ...(later > 0 ? [wrapLine(`${later} more letters still wait: each is sent, or listed next time.`, "  ")] : []),
  ];
}

function letterLines({ messageId, from, subject }: Letter, flood: FloodText, reach: Reach): string[] {
  return [
    `${ID_INDENT}${QUOTE_MARK}From: ${cleanLine(from ?? "(nobody named)", MAX_QUOTED_CHARS - 6)}`,
    `${ID_INDENT}${QUOTE_MARK}Subject: ${cleanLine(subject ?? "(none)", MAX_QUOTED_CHARS - 9)}`,
    ...wayTo(messageId, flood, reach),
    ...(reach.links === undefined
      ? []
      : [`${ID_INDENT}I see to it: ${reach.links.linkTo("acknowledge", messageId, flood.at)}`]),
  ];
}

function shortLetterLine({ messageId, from = "(nobody named)", subject = "(none)" }: Letter): string {
  const begin = `${messageId} ${QUOTE_MARK}`;
  const words = `${cleanLine(from, MAX_AUTHOR_CHARS)}: ${subject}`;
  return `${begin}${cleanLine(words, LINE_COLUMNS - begin.length)}`;
}

/** How many of the first can be shown whole, while all of them have their line at least. */
function countWhole(whole: readonly string[][], short: readonly string[][]): number {
  let octets = encodedSize(short.flat());
  for (const [index, line] of short.entries()) {
    octets += encodedSize(["", ...(whole[index] ?? [])]) - encodedSize(line);
    if (octets > MAX_LETTERS_OCTETS) return index;
  }
  return short.length;
}

function groupLines({ urgent, verdict, cause, messages, words, examples }: Group, flood: FloodText, reach: Reach) {
  const mark = urgent ? " (urgent)" : "";
  return [
    `  ${String(messages).padStart(6)}  ${verdict}, ${cleanLine(cause, MAX_QUOTED_CHARS).replaceAll("-", " ")}${mark}`,
    ...(words ?? []).flatMap(wordLines),
    ...examples.flatMap(({ messageId, text }) => [
      ...(text === "" ? [] : [`${ID_INDENT}${QUOTE_MARK}${cleanLine(text, MAX_QUOTED_CHARS)}`]),
      ...wayTo(messageId, flood, reach),
    ]),
    ...(messages > examples.length ? [`${ID_INDENT}and ${messages - examples.length} more`] : []),
  ];
}

/** Who said it and how often, then what. */
function wordLines({ remote, text, messages }: NonNullable<Group["words"]>[number]): string[] {
  const who = remote === undefined ? "the other side" : cleanLine(remote, MAX_QUOTED_CHARS - 20);
  const often = messages === 1 ? "once" : `${messages} times`;
  return [
    `${ID_INDENT}${often} from ${who}:`,
    ...wrapLine(cleanLine(text, MAX_WORDS_CHARS), `${ID_INDENT}${QUOTE_MARK}`),
  ];
}

/** How to have one of them whole: a link, else the id for the call below. */
function wayTo(messageId: string, { at }: FloodText, { links }: Reach): string[] {
  return [
    links === undefined
      ? `${ID_INDENT}${messageId}`
      : `${ID_INDENT}Send it to me: ${links.linkTo("release", messageId, at)}`,
  ];
}

function howToRead(incidentId: string, { links, publicUrl = "" }: Reach): string[] {
  const list = `  GET ${publicUrl}/v1/incidents/${incidentId}/messages`;
  if (links !== undefined) {
    return [`The links work for ${links.days} days, and ask before they do anything. All of them:`, list];
  }
  return [
    "All of them, one of them, how to have it whole, and that you see to it:",
    list,
    `  GET ${publicUrl}/v1/messages/ID`,
    `  POST ${publicUrl}/v1/messages/ID/release`,
    `  POST ${publicUrl}/v1/messages/ID/acknowledge`,
  ];
}

function countLetters(count: number): string {
  return count === 1 ? "1 letter" : `${count} letters`;
}

function countMessages(count: number): string {
  return count === 1 ? "1 message" : `${count} messages`;
}

/** `2026-11-22 12:05 UTC` */
function formatTime(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
