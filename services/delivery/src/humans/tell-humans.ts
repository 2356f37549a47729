/**
 * Brings a notice or a digest to every human that it is for, as a message is brought: each has a part of their own, a place in
 * the line of their outlet, their own retries and their own next human. What hangs or refuses is known of one human alone.
 */
import type { Log } from "@triage/runtime";
import type { Delivery, MailQueue, NoticeAssignment, NoticeDelivery, NoticeStore } from "@triage/store";
import type { OutboundMail } from "../compose/outbound-mail.ts";
import { DeliveryError } from "../deliver-message.ts";
import type { OutletResult } from "../outlets/outlet.ts";
import type { Addressee } from "./address-book.ts";

export interface TellingParts {
  readonly store: Pick<
    NoticeStore,
    "noticeAssignments" | "assignNotice" | "dropNoticeAssignments" | "putOffNotice" | "recordNoticeAttempt"
  >;
  readonly log: Log;
  readonly now: () => Date;
}

/** One mail to all who are to have it. */
export interface Telling {
  readonly id: string;
  /** Who is told after somebody else, or had to wait for room, by a job of their own; undefined: all others. */
  readonly only: string | undefined;
  readonly queue: MailQueue;
  /** What the addresses have answered until now. */
  readonly deliveries: readonly Delivery[];
  /** Who is to be told, where nobody was thought of yet. */
  readonly choose: () => Promise<readonly Addressee[]>;
  /** undefined: the human is not in the configuration any more, or must not be told. */
  readonly find: (human: string) => Addressee | undefined;
  readonly compose: (addressee: Addressee) => Promise<OutboundMail>;
  readonly record: (delivery: NoticeDelivery) => Promise<void>;
}

/**
 * One attempt at all who have neither got it nor refused it.
 *
 * @returns  `nobody`: there is no human who could be told.
 * @throws {DeliveryError} At least one address answered with something temporary; the parts of the others are recorded.
 */
export async function tellHumans(telling: Telling, parts: TellingParts): Promise<"told" | "nobody"> {
  const assignments = await assigned(telling, parts);
  if (assignments.length === 0) return "nobody";
  const { only } = telling;
  const results = await Promise.allSettled(
    assignments
      .filter(({ state, human, isApart }) => state === "pending" && (isApart ? human === only : only === undefined))
      .flatMap(({ human }) => telling.find(human) ?? [])
      .map((addressee) => tellInTurn(telling, addressee, parts)),
  );
  for (const result of results) if (result.status === "rejected") throw result.reason;
  for (const result of results) {
    if (result.status === "fulfilled" && result.value !== undefined) throw new DeliveryError(result.value);
  }
  return "told";
}

/** Whom the configuration names now takes the place of those that it does not know any more. */
async function assigned(telling: Telling, { store, now }: TellingParts): Promise<readonly NoticeAssignment[]> {
  const { id, queue, find, choose } = telling;
  const known = await store.noticeAssignments(id);
  const lost = known.filter(({ human, state }) => state === "pending" && find(human) === undefined);
  const humans = lost.map(({ human }) => human);
  if (lost.length > 0) await store.dropNoticeAssignments(id, humans);
  if (known.length > lost.length) return known.filter(({ human }) => !humans.includes(human));
  const at = now();
  const chosen = (await choose()).map(({ human: { id: human, escalation } }) => ({
    human,
    escalateAt: escalation && new Date(at.getTime() + escalation.afterMs),
  }));
  if (chosen.length > 0) await store.assignNotice({ id, queue }, chosen, at);
  return store.noticeAssignments(id);
}

/** Who finds the line full waits for the sweeper. @returns The sentence of what was temporary. */
async function tellInTurn(telling: Telling, addressee: Addressee, parts: TellingParts): Promise<string | undefined> {
  const turn = addressee.line.enter();
  if (turn === undefined) {
    await parts.store.putOffNotice(telling.id, addressee.human.id);
    return undefined;
  }
  await turn;
  try {
    return await tell(telling, addressee, parts);
  } finally {
    addressee.line.leave();
  }
}

async function tell(
  telling: Telling,
  addressee: Addressee,
  { store, log, now }: TellingParts,
): Promise<string | undefined> {
  const { id, deliveries, compose, record } = telling;
  const { human, outlet, to } = addressee;
  /** The last word: what was taken may have come back since. */
  const settled = (address: string) =>
    deliveries.findLast((one) => one.outlet === outlet.id && one.recipient === address && one.outcome !== "error");
  const left = to.filter((address) => settled(address) === undefined);
  const results: readonly OutletResult[] =
    left.length === 0 ? [] : await outlet.deliver(await compose(addressee), left);
  for (const { recipient, outcome, detail } of results) {
    await record({ human: human.id, outlet: outlet.id, recipient, outcome, detail });
  }
  const reached =
    to.some((address) => settled(address)?.outcome === "delivered") ||
    results.some(({ outcome }) => outcome === "delivered");
  const error = results.find(({ outcome }) => outcome === "error");
  const state = error !== undefined ? "pending" : reached ? "delivered" : "failed";
  await store.recordNoticeAttempt(id, { human: human.id, state, reached, at: now() });
  if (state === "failed")
    log.error({ noticeId: id, human: human.id, next: human.escalation?.to }, "refused to be told");
  return error === undefined ? undefined : `${outlet.id}: ${error.detail}`;
}
