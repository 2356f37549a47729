/** What waits: letters one by one, the rest by verdict and cause. It is what the notice of a flood lists. Pure. */
import type { FloodFacts } from "@triage/contracts";
import type { HeldMessage, ToldOf } from "@triage/store";
import { laneOf } from "./delivery-lane.ts";

/** LIMIT: of one notice; all messages are counted, and `/v1/incidents/ID/messages` lists them. Letters are listed each. */
const MAX_GROUPS = 20;
const MAX_EXAMPLES = 3;
const MAX_WORDS = 3;

type Group = FloodFacts["groups"][number];
type Words = NonNullable<Group["words"]>[number];

/** @param lettersLater  Letters that wait, and are not among these. */
export function summariseFlood(
  human: { readonly id: string; readonly maxPerHour: number },
  waiting: readonly HeldMessage[],
  lettersLater = 0,
): FloodFacts {
  const isLetter = ({ classification }: HeldMessage) => laneOf(classification) === "letter";
  const letters = waiting.filter(isLetter);
  const groups = groupByCause(waiting.filter((message) => !isLetter(message)));
  return {
    human: human.id,
    maxPerHour: human.maxPerHour,
    waiting: waiting.length,
    letters: { messages: letters.length, listed: letters.map(toLetter), later: lettersLater },
    groups: groups.slice(0, MAX_GROUPS),
    moreGroups: Math.max(0, groups.length - MAX_GROUPS),
  };
}

function toLetter({ id, receivedAt, header }: HeldMessage): NonNullable<FloodFacts["letters"]>["listed"][number] {
  return { messageId: id, receivedAt: receivedAt.toISOString(), ...header };
}

/** What is urgent first, then the largest. */
function groupByCause(messages: readonly HeldMessage[]): readonly Group[] {
  const members = new Map<string, HeldMessage[]>();
  for (const message of messages) {
    const { classification } = message;
    const key = JSON.stringify([isUrgent(classification), classification.verdict, causeOf(classification)]);
    const group = members.get(key);
    if (group === undefined) members.set(key, [message]);
    else group.push(message);
  }
  return [...members.values()]
    .flatMap(toGroup)
    .sort((a, b) => Number(b.urgent) - Number(a.urgent) || b.messages - a.messages);
}

function toGroup(messages: readonly HeldMessage[]): readonly Group[] {
  const [first] = messages;
  if (first === undefined) return [];
  const { classification } = first;
  return [
    {
      urgent: isUrgent(classification),
      verdict: classification.verdict,
      cause: causeOf(classification),
      messages: messages.length,
      words: wordsOf(messages),
      examples: messages
        .slice(0, MAX_EXAMPLES)
        .map((message) => ({ messageId: message.id, text: describe(message.classification) })),
    },
  ];
}

/** The same words with another address or queue id in them have the same fingerprint. */
function wordsOf(messages: readonly HeldMessage[]): readonly Words[] {
  const known = new Map<string, Words>();
  for (const { classification } of messages) {
    const recipient = classification.report.recipients?.[0];
    const text = recipient?.diagnostic;
    if (text === undefined) continue;
    const key = classification.fingerprint ?? text;
    const { remote, text: words } = known.get(key) ?? { remote: recipient?.remoteMta, text };
    const count = (known.get(key)?.messages ?? 0) + 1;
    known.set(key, { ...(remote !== undefined && { remote }), text: words, messages: count });
  }
  return [...known.values()].sort((a, b) => b.messages - a.messages).slice(0, MAX_WORDS);
}

function isUrgent(classification: ToldOf): boolean {
  return laneOf(classification) === "urgent";
}

function causeOf({ report }: ToldOf): string {
  return report.recipients?.[0]?.reason ?? report.kind;
}

/** Whom it is about, else what came back, else why it is for the human. */
function describe({ report, returned, why }: ToldOf): string {
  return report.recipients?.[0]?.address ?? returned.subject ?? why;
}
