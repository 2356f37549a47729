/** What a mail about one message says of the incident that the message belongs to. Pure. */
import type { MessageIncident } from "@triage/store";
import { wrapLine } from "./plain-text.ts";

/** What happens to the others of an incident, and when the human hears of them. */
const WHAT_NOW =
  "Further messages with the same cause are counted and kept, and not sent one by one. " +
  "You hear of it again at 10, 100, 1,000, ... messages, and when it is over.";

/** @param messageId  Id of the message that the mail is about. */
export function incidentLines(incident: MessageIncident | undefined, messageId: string): string[] {
  if (incident === undefined) return [];
  return [...wrapLine(describe(incident, messageId), "  "), `  GET /v1/incidents/${incident.id}/messages lists them.`];
}

function describe({ id, kind, role, firstMessageId }: MessageIncident, messageId: string): string {
  if (role === "grouped") {
    return `This message belongs to incident ${id}; its notices told you of it together with others.`;
  }
  if (kind !== "failure") {
    return (
      `This message belongs to incident ${id}, which is over, and you get it whole because its last notice could not be ` +
      "delivered. The others are kept; nobody was told of them."
    );
  }
  if (firstMessageId === messageId) return `This message begins incident ${id}. ${WHAT_NOW}`;
  return (
    `This message belongs to incident ${id}, and you get it whole because the one before it could not be delivered, ` +
    `was not about this cause, or reported a delay where this one reports a failure. ${WHAT_NOW}`
  );
}
