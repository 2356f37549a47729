/** What waits, by verdict and cause: what the notice of a flood lists. Pure. */
import type { Classification, FloodFacts } from "@triage/contracts";
import type { HeldMessage } from "@triage/store";
import { laneOf } from "./delivery-lane.ts";

/** LIMIT: groups and examples of one notice; all messages are counted, and `/v1/incidents/ID/messages` lists them. */
const MAX_GROUPS = 20;
const MAX_EXAMPLES = 5;

type Group = FloodFacts["groups"][number];

export function summariseFlood(
  human: { readonly id: string; readonly maxPerHour: number },
  waiting: readonly HeldMessage[],
): FloodFacts {
  const groups = new Map<string, Group>();
  for (const message of waiting) {
    const key = keyOf(message.classification);
    groups.set(key, withMessage(groups.get(key), message));
  }
  const sorted = [...groups.values()].sort((a, b) => Number(b.urgent) - Number(a.urgent) || b.messages - a.messages);
  return {
    human: human.id,
    maxPerHour: human.maxPerHour,
    waiting: waiting.length,
    groups: sorted.slice(0, MAX_GROUPS),
    moreGroups: Math.max(0, sorted.length - MAX_GROUPS),
  };
}

function keyOf(classification: Classification): string {
  return JSON.stringify([isUrgent(classification), classification.verdict, causeOf(classification)]);
}

function withMessage(group: Group | undefined, { id, classification }: HeldMessage): Group {
  const examples = group?.examples ?? [];
  const room = examples.length < MAX_EXAMPLES;
  return {
    urgent: isUrgent(classification),
    verdict: classification.verdict,
    cause: causeOf(classification),
    messages: (group?.messages ?? 0) + 1,
    examples: room ? [...examples, { messageId: id, text: describe(classification) }] : examples,
  };
}

function isUrgent(classification: Classification): boolean {
  return laneOf(classification) !== "ordinary";
}

function causeOf({ report }: Classification): string {
  return report.recipients?.[0]?.reason ?? report.kind;
}

/** Whom it is about, else what came back, else why it is for the human. */
function describe({ report, returned, why }: Classification): string {
  const [recipient] = report.recipients ?? [];
  if (recipient === undefined) return returned.subject ?? why;
  return recipient.diagnostic === undefined ? recipient.address : `${recipient.address}: ${recipient.diagnostic}`;
}
