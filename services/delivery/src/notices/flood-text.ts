/**
 * What a human reads when there is more mail for them than they get in an hour: how many wait and why, each letter with its author
 * and subject, the rest by verdict and cause in the remote's words, and how to have each whole.
 *
 * Nothing of it was thrown away. Words of strangers are cleaned, short and quoted. Pure.
 */
import type { FloodFacts, NoticeStep } from "@triage/contracts";
import { cleanLine, QUOTE_MARK, wrapLine } from "../compose/plain-text.ts";
import type { LinkMaker } from "../links/link-maker.ts";

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

const MAX_QUOTED_CHARS = 66;
/** LIMIT: code points of what a remote said; three lines. */
const MAX_WORDS_CHARS = 200;
const ID_INDENT = "      ";

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
    ...letterSections(facts.letters, flood, reach),
    ...facts.groups.map((group) => groupLines(group, flood, reach)),
    facts.moreGroups > 0 ? [`  and ${facts.moreGroups} more kinds, counted above.`] : [],
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
  const left = letters.messages - letters.listed.length;
  const later = letters.later ?? 0;
  return [
    [`  ${String(letters.messages).padStart(6)}  written by people, the oldest first:`],
    ...letters.listed.map(({ messageId, from, subject }) => [
      `${ID_INDENT}${QUOTE_MARK}From: ${cleanLine(from ?? "(nobody named)", MAX_QUOTED_CHARS - 6)}`,
      `${ID_INDENT}${QUOTE_MARK}Subject: ${cleanLine(subject ?? "(none)", MAX_QUOTED_CHARS - 9)}`,
      ...wayTo(messageId, flood, reach),
      ...(reach.links === undefined
        ? []
        : [`${ID_INDENT}I see to it: ${reach.links.linkTo("acknowledge", messageId, flood.at)}`]),
    ]),
    ...(left > 0 ? [[`${ID_INDENT}and ${left} more letters`]] : []),
    ...(later > 0 ? [wrapLine(`${later} more letters still wait: each is sent, or listed next time.`, "  ")] : []),
  ];
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
