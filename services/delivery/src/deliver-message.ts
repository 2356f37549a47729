/**
 * The deliver job: brings one message, whose route is `human`, to every human.
 *
 * At least once. The state in the store says whether there is anything left to do, the recorded deliveries say for
 * whom; a crash between handing over and recording gives the human the same mail (same Message-ID) twice. What cannot be
 * delivered becomes a dead letter: visible, kept, and released by a person. The service never answers the sender.
 */
import type { Classification, MessageJob } from "@triage/contracts";
import { readMessage } from "@triage/message";
import { type Log, type Metrics, TriageError } from "@triage/runtime";
import { type Store, type StoredMessage, StoreUnavailableError } from "@triage/store";
import { composeMail } from "./compose/compose-mail.ts";
import type { AddressBook, Addressee } from "./humans/address-book.ts";
import type { AddressedFacts } from "./humans/choose-humans.ts";
import { findLoop } from "./loop-guard.ts";
import type { OutletResult } from "./outlets/outlet.ts";

export interface DeliverParts {
  readonly store: Pick<Store, "message" | "notice" | "raw" | "recordDelivery" | "markDelivered" | "markFailed">;
  readonly addresses: AddressBook;
  /** Header From of our mail. */
  readonly from: string;
  readonly hopLimit: number;
  readonly metrics: Pick<Metrics, "deliveries">;
  readonly log: Log;
  readonly now: () => Date;
}

/** The outlet could not hand the mail over now; the queue tries again later. */
export class DeliveryError extends TriageError {
  readonly code = "DELIVERY_ERROR";
  readonly retryable = true;
}

/** Our own mistake with this message: trying again would make it again. */
export class CompositionError extends TriageError {
  readonly code = "COMPOSITION_FAILED";
  readonly retryable = false;
}

type Pending =
  | {
      readonly kind: "deliver";
      readonly message: StoredMessage;
      readonly classification: Classification;
      readonly raw: Buffer;
    }
  | { readonly kind: "give-up"; readonly error: string }
  | { readonly kind: "nothing-to-do"; readonly why: string };

/**
 * Handles one job.
 *
 * @throws {DeliveryError} at least one recipient answered with something temporary; nothing is lost, the job is retried.
 * @throws {CompositionError} a defect of ours; the job fails at once, and becomes a dead letter.
 */
export async function deliverMessage({ messageId }: MessageJob, parts: DeliverParts): Promise<void> {
  const pending = await loadPending(messageId, parts);
  switch (pending.kind) {
    case "nothing-to-do":
      parts.log.debug({ messageId, why: pending.why }, "nothing to deliver");
      return;
    case "give-up":
      await giveUp(messageId, pending.error, parts);
      return;
    case "deliver":
      await deliverPending(messageId, pending, parts);
      return;
    default:
      return pending satisfies never;
  }
}

/**
 * Called when the queue has given the job up, after the last retry.
 *
 * A message that at least one human has is delivered, whatever became of the others. When only the database was away,
 * the message stays `classified`, and the sweeper brings it back.
 */
export async function giveUpDelivery({ messageId }: MessageJob, error: Error, parts: DeliverParts): Promise<void> {
  if (error instanceof StoreUnavailableError) return;
  const message = await parts.store.message(messageId);
  if (message === undefined || message.state !== "classified") return;
  if (message.deliveries.some(({ outcome }) => outcome === "delivered")) {
    await parts.store.markDelivered(messageId);
    parts.log.error({ messageId, error: error.message }, "delivered, but not to every human");
    return;
  }
  await giveUp(messageId, error.message, parts);
}

async function loadPending(id: string, { store, hopLimit }: DeliverParts): Promise<Pending> {
  const message = await store.message(id);
  if (message === undefined) return { kind: "nothing-to-do", why: "no such message (retention dropped it)" };
  if (message.state !== "classified") return { kind: "nothing-to-do", why: `its state is ${message.state}` };
  const raw = await store.raw(id);
  if (raw === undefined) return { kind: "give-up", error: "The raw message is gone: retention dropped it" };
  if (message.classification === undefined) return { kind: "give-up", error: "Classified, but without a verdict" };
  const known = async (other: string) => ((await store.message(other)) ?? (await store.notice(other))) !== undefined;
  const loop = await findLoop(readMessage(raw).root.headers, hopLimit, known);
  if (loop !== undefined) return { kind: "give-up", error: loop };
  return { kind: "deliver", message, classification: message.classification, raw };
}

/**
 * Every human that does not have it yet gets it, at every address that did not take it yet. A temporary error of one
 * keeps nobody else from getting it.
 */
async function deliverPending(
  id: string,
  pending: Extract<Pending, { kind: "deliver" }>,
  parts: DeliverParts,
): Promise<void> {
  const { store, log } = parts;
  const { message, classification } = pending;
  const done = message.deliveries.filter(({ outcome }) => outcome === "delivered");
  const results: OutletResult[] = [];
  for (const addressee of parts.addresses.addresseesFor(factsOf(message, classification))) {
    const { to, outlet } = addressee;
    const left = to.filter((address) => !done.some((d) => d.outlet === outlet.id && d.recipient === address));
    if (left.length > 0) results.push(...(await deliverTo(addressee, left, id, pending, parts)));
  }
  const error = results.find(({ outcome }) => outcome === "error");
  if (error !== undefined) throw new DeliveryError(error.detail);
  if (done.length === 0 && results.every(({ outcome }) => outcome === "failed")) {
    await giveUp(id, describeFailure(results), parts);
    return;
  }
  await store.markDelivered(id);
  log.info({ messageId: id, verdict: classification.verdict }, "delivered");
  const failed = results.filter(({ outcome }) => outcome === "failed").length;
  if (failed > 0) log.error({ messageId: id, failed }, "delivered, but not to every human");
}

/** @returns What became of it, recorded; each detail names the outlet. */
async function deliverTo(
  { human, outlet }: Addressee,
  to: readonly string[],
  id: string,
  { message, classification, raw }: Extract<Pending, { kind: "deliver" }>,
  { store, from, metrics }: DeliverParts,
): Promise<readonly OutletResult[]> {
  const { receivedAt } = message;
  const input = { id, raw, receivedAt, classification, from, to: human.to, lineEnd: outlet.lineEnd };
  const mail = await composeMail(input).catch((error: unknown) => {
    throw new CompositionError("The mail to the human could not be composed", { cause: error });
  });
  const results = await outlet.deliver(mail, to);
  for (const { recipient, outcome, detail } of results) {
    metrics.deliveries.inc({ outlet: outlet.id, outcome });
    await store.recordDelivery(id, { outlet: outlet.id, recipient, outcome, detail });
  }
  return results.map((result) => ({ ...result, detail: `${outlet.id}: ${result.detail}` }));
}

function factsOf({ envelope }: StoredMessage, { verdict, report }: Classification): AddressedFacts {
  return {
    verdict,
    reasons: (report.recipients ?? []).map(({ reason }) => reason),
    forwardPathDomains: envelope.forwardPaths.map(({ domain }) => domain.toLowerCase()),
  };
}

function describeFailure(results: readonly OutletResult[]): string {
  return `refused for good: ${[...new Set(results.map(({ detail }) => detail))].join("; ")}`;
}

async function giveUp(id: string, error: string, { store, log, now }: DeliverParts): Promise<void> {
  await store.markFailed(id, { stage: "deliver", error, at: now() });
  log.error({ messageId: id, error }, "delivery given up: dead letter");
}
