/** What a person needs to know of a message before they press the button. */
import { describeReversePath } from "@triage/contracts";
import { readMessage } from "@triage/message";
import type { StoredMessage } from "@triage/store";

/** LIMIT: the header of a message is shown, not its megabytes. */
const MAX_HEADER_BYTES = 65_536;
/** LIMIT: code points of a line that a stranger wrote. */
const MAX_VALUE_CHARS = 200;

/** Direction marks and the like, by which a line looks like another one, and controls. */
const UNSEEN = /[\p{Cf}\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/gu;

export function describeLinkedMessage(message: StoredMessage, raw: Buffer): readonly (readonly [string, string])[] {
  const { headers } = readMessage(raw.subarray(0, MAX_HEADER_BYTES)).root;
  const { classification, envelope, receivedAt } = message;
  const facts: [string, string | undefined][] = [
    ["Subject", headers.text("subject")],
    ["From", headers.text("from") ?? describeReversePath(envelope.reversePath)],
    ["Received", `${receivedAt.toISOString().slice(0, 16).replace("T", " ")} UTC`],
    ["Verdict", classification?.verdict],
    ["Why", classification?.why],
    ["Id", message.id],
  ];
  return facts.flatMap(([name, value]) => (value === undefined ? [] : [[name, showLine(value)] as const]));
}

function showLine(text: string): string {
  const points = [...text.slice(0, MAX_VALUE_CHARS * 4).replace(UNSEEN, " ")];
  return points.length <= MAX_VALUE_CHARS ? points.join("") : `${points.slice(0, MAX_VALUE_CHARS).join("")}…`;
}
