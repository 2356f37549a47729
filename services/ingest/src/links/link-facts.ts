/** What a person needs to know of a message before they press the button. */
import { describeReversePath } from "@triage/contracts";
import { readMessage, redactAddresses, type WriteLocalPart } from "@triage/message";
import type { StoredMessage } from "@triage/store";

/** LIMIT: the header of a message is shown, not its megabytes. */
const MAX_HEADER_BYTES = 65_536;
/** LIMIT: code points of a line that a stranger wrote. */
const MAX_VALUE_CHARS = 200;

/** Direction marks and the like, by which a line looks like another one, and controls. */
const UNSEEN = /[\p{Cf}\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * @param write  How local parts of addresses are written (`privacy.addresses.api`): whoever has the link sees the page, and
 *               the mail that it came in may have been passed on.
 */
export function describeLinkedMessage(
  message: StoredMessage,
  raw: Buffer,
  write: WriteLocalPart | undefined,
): readonly (readonly [string, string])[] {
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
  return facts.flatMap(([name, value]) => (value === undefined ? [] : [[name, showLine(value, write)] as const]));
}

/** What is unseen goes first, so that nothing hides an address; what is too long goes last, so that no half of one is left. */
function showLine(text: string, write: WriteLocalPart | undefined): string {
  const seen = text.slice(0, MAX_VALUE_CHARS * 4).replace(UNSEEN, " ");
  const points = [...(write === undefined ? seen : redactAddresses(seen, write))];
  return points.length <= MAX_VALUE_CHARS ? points.join("") : `${points.slice(0, MAX_VALUE_CHARS).join("")}…`;
}
