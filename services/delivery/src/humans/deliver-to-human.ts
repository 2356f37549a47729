/**
 * One human's part of a message: a place in the line of the outlet, a place in the hour, the mail, and the record of it.
 *
 * What went wrong for one human is known of that human alone: the others neither wait nor get it twice.
 */
import type { DeliveryLane } from "@triage/contracts";
import { isRetryable, type Log, type Metrics } from "@triage/runtime";
import type { Allowance, AssignmentStore, Delivery, StoredMessage } from "@triage/store";
import type { OutboundMail } from "../compose/outbound-mail.ts";
import { deliverFitting } from "../outlets/deliver-fitting.ts";
import type { OutletResult } from "../outlets/outlet.ts";
import type { Addressee } from "./address-book.ts";

export interface HumanDeliveryParts {
  readonly store: Pick<AssignmentStore, "recordAttempt" | "takeAllowance" | "giveBackAllowance" | "hold" | "putOff">;
  readonly metrics: Pick<Metrics, "deliveries">;
  readonly log: Log;
  readonly now: () => Date;
}

export interface HumanDelivery {
  readonly message: StoredMessage;
  readonly addressee: Addressee;
  readonly lane: DeliveryLane;
  /** It does not count for the human's hour, and does not wait. */
  readonly isFree: boolean;
  /** An error that is not retryable is recorded, and nobody tries again. */
  readonly compose: (addressee: Addressee) => Promise<OutboundMail>;
}

/**
 * `put-off`: no room at the outlet. `held`: the human has had enough in the last hour. `error`: something temporary, with the
 * sentence that says so.
 */
export type HumanOutcome =
  | { readonly kind: "put-off" | "held" | "delivered" | "failed" }
  | { readonly kind: "error"; readonly detail: string };

/** Rejects with what the store throws, or `compose` where it is retryable. */
export async function deliverToHuman(delivery: HumanDelivery, parts: HumanDeliveryParts): Promise<HumanOutcome> {
  const { message, addressee } = delivery;
  const turn = addressee.line.enter();
  if (turn === undefined) {
    await parts.store.putOff(message.id, addressee.human.id, true);
    return { kind: "put-off" };
  }
  const handed = await handOverInTurn(turn, delivery, parts);
  switch (handed.kind) {
    case "held":
      return handed;
    case "impossible":
      return recordImpossible(delivery, handed.error, parts);
    case "answered":
      return record(delivery, handed.results, parts);
  }
}

type Handed =
  | { readonly kind: "held" }
  | { readonly kind: "impossible"; readonly error: Error }
  | { readonly kind: "answered"; readonly results: readonly OutletResult[] };

/** The next one need not wait until what became of this one is written down. */
async function handOverInTurn(
  turn: Promise<void>,
  delivery: HumanDelivery,
  parts: HumanDeliveryParts,
): Promise<Handed> {
  const [, noted] = await Promise.allSettled([turn, noteThatItHasAPlace(delivery, parts)]);
  try {
    if (noted.status === "rejected") throw noted.reason;
    return await handOver(delivery, parts);
  } finally {
    delivery.addressee.line.leave();
  }
}

/** Else it would be counted among those that still wait for one. */
async function noteThatItHasAPlace(
  { message, addressee }: HumanDelivery,
  { store }: HumanDeliveryParts,
): Promise<void> {
  const { id } = addressee.human;
  const wasPutOff = message.assignments.some(({ human, isPutOff }) => human === id && isPutOff);
  if (wasPutOff) await store.putOff(message.id, id, false);
}

async function handOver(delivery: HumanDelivery, parts: HumanDeliveryParts): Promise<Handed> {
  const { message, addressee, lane, isFree, compose } = delivery;
  const { human, outlet } = addressee;
  const left = addressesLeft(message, addressee);
  if (left.length === 0) return { kind: "answered", results: [] };
  const limit = isFree ? undefined : human.maxPerHour;
  const allowance: Allowance = { human: human.id, lane, at: parts.now() };
  if (limit !== undefined && !(await parts.store.takeAllowance(allowance, limit))) {
    await parts.store.hold(message.id, allowance);
    return { kind: "held" };
  }
  const giveBack = async () => {
    if (limit !== undefined) await parts.store.giveBackAllowance(allowance);
  };
  const mail = await compose(addressee).catch(finalError);
  if (mail instanceof Error) {
    await giveBack();
    return { kind: "impossible", error: mail };
  }
  const results = await deliverFitting(outlet, mail, left);
  if (!results.some(({ outcome }) => outcome === "delivered")) await giveBack();
  return { kind: "answered", results };
}

/** A value, when trying again would not help. An allowance that is lost with the others comes back in an hour. */
function finalError(error: unknown): Error {
  if (error instanceof Error && !isRetryable(error)) return error;
  throw error;
}

/**
 * Who is on duty and has neither got it nor refused it for good. When the duty has changed since somebody got it, nobody is
 * left: the one who was on duty has it.
 */
function addressesLeft(
  { deliveries, assignments }: StoredMessage,
  { human, outlet, to }: Addressee,
): readonly string[] {
  const got = standing(deliveries)
    .filter((one) => (one.human ?? human.id) === human.id && one.outlet === outlet.id)
    .map(({ recipient }) => recipient);
  if (got.length > 0 && !got.some((address) => to.includes(address))) return [];
  const refused = assignments.find((one) => one.human === human.id)?.refused ?? [];
  return to.filter((address) => !got.includes(address) && !refused.includes(address));
}

/** Those of which nothing came back: a bounce after the fact is recorded as `failed` behind them. */
function standing(deliveries: StoredMessage["deliveries"]): StoredMessage["deliveries"] {
  const isBounceOf = (one: Delivery, later: Delivery) =>
    later.outcome === "failed" && later.outlet === one.outlet && later.recipient === one.recipient;
  return deliveries.filter(
    (one, index) => one.outcome === "delivered" && !deliveries.slice(index + 1).some((later) => isBounceOf(one, later)),
  );
}

async function record(
  { message, addressee }: HumanDelivery,
  results: readonly OutletResult[],
  { store, metrics, now }: HumanDeliveryParts,
): Promise<HumanOutcome> {
  const { human, outlet } = addressee;
  for (const { outcome } of results) metrics.deliveries.inc({ outlet: outlet.id, outcome });
  const deliveries = results.map((result) => ({ ...result, outlet: outlet.id }));
  const had = standing(message.deliveries).some((one) => one.human === human.id);
  const state = stateAfter(results, had);
  const missing = results.filter(({ outcome }) => outcome !== "delivered");
  const error =
    missing.length === 0
      ? refusedBefore(message, human.id)
      : missing.map(({ recipient, detail }) => `${recipient} by ${outlet.id}: ${detail}`).join("; ");
  await store.recordAttempt(message.id, { human: human.id, deliveries, state, error, at: now() });
  return state === "pending" ? { kind: "error", detail: error ?? "" } : { kind: state };
}

async function recordImpossible(
  { message, addressee }: HumanDelivery,
  error: Error,
  { store, log, now }: HumanDeliveryParts,
): Promise<HumanOutcome> {
  const { human } = addressee;
  log.error({ messageId: message.id, human: human.id, err: error }, "cannot be delivered, now or later");
  const attempt = { human: human.id, deliveries: [], state: "failed", error: error.message, at: now() } as const;
  await store.recordAttempt(message.id, attempt);
  return { kind: "failed" };
}

function stateAfter(results: readonly OutletResult[], had: boolean): "pending" | "delivered" | "failed" {
  if (results.some(({ outcome }) => outcome === "error")) return "pending";
  return had || results.some(({ outcome }) => outcome === "delivered") ? "delivered" : "failed";
}

/** What an earlier attempt said of addresses that refused it; it is still what the dead letter has to say. */
function refusedBefore({ assignments, deliveries }: StoredMessage, human: string): string | undefined {
  const refused = assignments.find((one) => one.human === human)?.refused ?? [];
  if (refused.length === 0) return undefined;
  return refused
    .map((address) => {
      const last = deliveries.findLast((one) => one.recipient === address && one.outcome === "failed");
      return last === undefined ? address : `${address} by ${last.outlet}: ${last.detail}`;
    })
    .join("; ");
}
