/**
 * What a human reads when there is more mail for them than they get in an hour: how many wait and why, what they are by verdict
 * and cause, and how to read each.
 *
 * Nothing of it was thrown away. Words of strangers are cleaned, short and quoted. Pure.
 */
import type { FloodFacts, NoticeStep } from "@triage/contracts";
import { cleanLine, QUOTE_MARK, wrapLine } from "../compose/plain-text.ts";

export interface FloodText {
  readonly incidentId: string;
  readonly step: NoticeStep;
  readonly firstSeen: Date;
  readonly at: Date;
  readonly facts: FloodFacts;
}

type Group = FloodFacts["groups"][number];

const MAX_EXAMPLE_CHARS = 66;
const ID_INDENT = "      ";

export function formatFloodSubject({ facts }: FloodText): string {
  const urgent = facts.groups.some((group) => group.urgent) ? ", some of them urgent" : "";
  return `[triage] ${countMessages(facts.waiting)} not sent one by one${urgent}`;
}

/** @returns Lines joined by LF, none longer than 76 columns unless a single word is. */
export function formatFloodText({ facts, incidentId, firstSeen, at }: FloodText): string {
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
    ...facts.groups.map(groupLines),
    facts.moreGroups > 0 ? [`  and ${facts.moreGroups} more kinds, counted above.`] : [],
    [
      "All of them, one of them, and how to have it whole:",
      `  GET /v1/incidents/${incidentId}/messages`,
      "  GET /v1/messages/ID",
      "  POST /v1/messages/ID/release",
    ],
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

function groupLines({ urgent, verdict, cause, messages, examples }: Group): string[] {
  const mark = urgent ? " (urgent)" : "";
  return [
    `  ${String(messages).padStart(6)}  ${verdict}, ${cleanLine(cause, MAX_EXAMPLE_CHARS).replaceAll("-", " ")}${mark}`,
    ...examples.flatMap(({ messageId, text }) => [
      `${ID_INDENT}${messageId}`,
      ...(text === "" ? [] : [`${ID_INDENT}${QUOTE_MARK}${cleanLine(text, MAX_EXAMPLE_CHARS)}`]),
    ]),
    ...(messages > examples.length ? [`${ID_INDENT}and ${messages - examples.length} more`] : []),
  ];
}

function countMessages(count: number): string {
  return count === 1 ? "1 message" : `${count} messages`;
}

/** `2026-11-22 12:05 UTC` */
function formatTime(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
