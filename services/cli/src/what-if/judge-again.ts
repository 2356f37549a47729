/** One stored message: what was decided about it, and what would be. */
import type { Replay } from "@triage/classifier";
import { type Message, parseAddress } from "@triage/message";
import type { ArchivedMessage } from "@triage/store";
import type { ChangedMessage, Decision } from "./what-if.ts";

/** LIMIT: of a subject, on a line for a person. UTF-16 units. */
const MAX_SUBJECT_CHARS = 60;

export interface Replays {
  readonly supposed: Replay;
  /** As the service judges today; undefined: nothing else is supposed, or it cannot be told. */
  readonly present: Replay | undefined;
}

/** What came of one message. */
export interface Judged {
  readonly before: Decision;
  readonly after: Decision;
  readonly corrected: ArchivedMessage["corrected"];
  readonly failed: boolean;
  /** undefined: it would be decided as it was. */
  readonly changed: ChangedMessage | undefined;
}

interface Answer extends Decision {
  readonly why: string;
  readonly message: Message | undefined;
}

export async function judgeAgain(archived: ArchivedMessage, { supposed, present }: Replays): Promise<Judged> {
  const { verdict, route } = archived.decided;
  const before: Decision = { verdict, route };
  const answer = await ask(supposed, archived);
  const after: Decision = { verdict: answer.verdict, route: answer.route };
  const failed = answer.message === undefined;
  const { corrected } = archived;
  if (isSame(before, after)) return { before, after, corrected, failed, changed: undefined };
  const alsoWithout = present && isSame(await ask(present, archived), after);
  const changed: ChangedMessage = {
    id: archived.id,
    receivedAt: archived.receivedAt.toISOString(),
    ...describe(answer.message),
    before,
    after,
    why: answer.why,
    ...(alsoWithout !== undefined && { alsoWithout }),
    ...(corrected !== undefined && { corrected }),
  };
  return { before, after, corrected, failed, changed };
}

function isSame(one: Decision, other: Decision): boolean {
  return one.verdict === other.verdict && one.route === other.route;
}

/** A message that the classifier fails on goes to the human, as in the service; the others are still judged. */
async function ask(replay: Replay, archived: ArchivedMessage): Promise<Answer> {
  try {
    const { message, classification } = await replay(archived);
    const { verdict, route, why } = classification;
    return { verdict, route, why, message };
  } catch (error) {
    if (isOfDatabase(error)) throw error;
    const detail = error instanceof Error ? error.message : String(error);
    return { verdict: "undecided", route: "human", why: `The classifier fails on it: ${detail}`, message: undefined };
  }
}

/** Those end the command: every further message would meet them, too. */
function isOfDatabase(error: unknown): boolean {
  return error instanceof Error && "code" in error && String(error.code).startsWith("STORE_");
}

function describe(message: Message | undefined): Pick<ChangedMessage, "fromDomain" | "subject"> {
  const headers = message?.root.headers;
  const fromDomain = parseAddress(headers?.value("from") ?? "")?.domain;
  const subject = headers?.text("subject") ?? "";
  const short = subject.length > MAX_SUBJECT_CHARS ? `${subject.slice(0, MAX_SUBJECT_CHARS - 1)}…` : subject;
  return { ...(fromDomain !== undefined && fromDomain !== "" && { fromDomain }), subject: short };
}
