/**
 * The deliver job: brings one message, whose route is `human`, to every human that it is for.
 *
 * At least once. What each human has is recorded, and decides who is left; a crash between handing over and recording
 * gives the human the same mail (same Message-ID) twice. What cannot be delivered becomes a dead letter: visible, kept, and
 * released by a person. The service never answers the sender. docs/decisions/0014 has the table of states.
 */
import { type Classification, type DeliveryPart, type MessageJob, parsePart } from "@triage/contracts";
import { readMessage } from "@triage/message";
import { type HumanConfig, type Log, TriageError } from "@triage/runtime";
import { type Assignment, type Store, type StoredMessage, StoreUnavailableError } from "@triage/store";
import { composeMail } from "./compose/compose-mail.ts";
import type { LinkMaker } from "./compose/link-maker.ts";
import { findLoop } from "./compose/loop-guard.ts";
import type { MailIds } from "./compose/mail-ids.ts";
import type { MessageLinks, OutboundMail } from "./compose/outbound-mail.ts";
import type { AddressBook, Addressee } from "./humans/address-book.ts";
import { factsOfMessage } from "./humans/choose-humans.ts";
import { deliverToHuman, type HumanDeliveryParts, type HumanOutcome } from "./humans/deliver-to-human.ts";
import { laneOf } from "./humans/delivery-lane.ts";
import { headerTo } from "./humans/without-address.ts";

export interface DeliverParts extends HumanDeliveryParts {
  readonly store: HumanDeliveryParts["store"] &
    Pick<
      Store,
      | "message"
      | "notice"
      | "digest"
      | "raw"
      | "assign"
      | "dropAssignments"
      | "giveUpAssignments"
      | "settle"
      | "nextPutOff"
    >;
  readonly addresses: AddressBook;
  /** Adds deliver jobs. */
  readonly enqueue: (messageIds: readonly string[]) => Promise<void>;
  /** Header From of our mail. */
  readonly from: string;
  readonly mailIds: MailIds;
  /** undefined: mails carry no links. */
  readonly links?: LinkMaker | undefined;
  /** Where people reach the API; undefined: they know. */
  readonly publicUrl?: string | undefined;
  /** The API gives the bytes of messages out (`privacy.addresses.api: full`). Default true. */
  readonly givesBytes?: boolean;
  /** The configuration says which domains or relays are ours. Default true. */
  readonly isSiteNamed?: boolean;
  readonly hopLimit: number;
  /** Whether a Message-ID is one that we signed. */
  readonly isOurMailId: (messageId: string) => boolean;
  /** A dead letter was made: somebody should hear of it. */
  readonly onDeadLetter: () => Promise<void>;
  /** How often a job is tried. */
  readonly attempts: number;
}

/** The outlet could not hand the mail over now; the queue tries again later. */
export class DeliveryError extends TriageError {
  readonly code = "DELIVERY_ERROR";
  readonly retryable = true;
}

/** Our own mistake with this message: trying again would make it again. */
class CompositionError extends TriageError {
  readonly code = "COMPOSITION_FAILED";
  readonly retryable = false;
}

/** Trying again would not change it: the message loops, or its bytes are gone. */
class UndeliverableError extends TriageError {
  readonly code = "UNDELIVERABLE";
  readonly retryable = false;
}

/**
 * Handles one job.
 *
 * @throws {DeliveryError} at least one recipient answered with something temporary; nothing is lost, the job is retried.
 */
export async function deliverMessage({ messageId: jobId }: MessageJob, parts: DeliverParts): Promise<void> {
  const part = parsePart(jobId);
  const message = await assigned(part, parts);
  if (message?.classification === undefined) return;
  const addressees = pendingAddressees(message, part, parts);
  if (addressees.length > 0) await deliverToAll(message, message.classification, addressees, parts);
  await settle(part.id, parts);
}

/**
 * Called when the queue has given the job up, after the last retry.
 *
 * Who waits for it gets it no more, unless they came late to it: then the sweeper brings it back. When only the database was
 * away, nothing is given up.
 */
export async function giveUpDelivery(
  { messageId: jobId }: MessageJob,
  error: Error,
  parts: DeliverParts,
): Promise<void> {
  const part = parsePart(jobId);
  if (error instanceof StoreUnavailableError) return;
  const minAttempts = error instanceof DeliveryError ? Math.ceil(parts.attempts / 2) : 0;
  await parts.store.giveUpAssignments(part, { error: error.message, minAttempts, at: parts.now() });
  await settle(part.id, parts);
}

/** @returns The message with those who are to get it; undefined when there is nothing to deliver. */
async function assigned({ id, human: only }: DeliveryPart, parts: DeliverParts): Promise<StoredMessage | undefined> {
  const { store, addresses, log, now } = parts;
  const message = await store.message(id);
  if (message === undefined) return nothing(id, "no such message (retention dropped it)", log);
  const { state, classification, assignments } = message;
  if (state === "received" || state === "archived") return nothing(id, `its state is ${state}`, log);
  const waiting = assignments.filter((one) => one.state === "pending" || one.state === "held");
  const at = now();
  const lost = waiting.map(({ human }) => human).filter((human) => addresses.find(human, at) === undefined);
  if (lost.length > 0) await forgetHumans(message, lost, parts);
  if (waiting.length > lost.length || (lost.length > 0 && state !== "classified")) return message;
  if (only !== undefined) return nothing(id, `${only} is not to get it any more`, log);
  if (state !== "classified" || classification === undefined) return nothing(id, `its state is ${state}`, log);
  const humans = addresses.humansFor(factsOfMessage(message, classification)).map(({ id: human, escalation }) => ({
    human,
    escalateAt: escalation && new Date(at.getTime() + escalation.afterMs),
  }));
  const taken = await store.assign(id, humans, at);
  // Nobody was there before, and no other worker was faster: nothing else can stand in the database.
  if (message.assignments.length === 0 && taken.length === humans.length) {
    return { ...message, assignments: taken.map((human) => newAssignment(human, at)) };
  }
  return store.message(id);
}

/**
 * The configuration has changed: whom it names now gets what was for somebody that it does not know any more. Where a person or
 * an escalation had chosen that human, nobody takes their place: a dead letter says so.
 */
async function forgetHumans({ id, state }: StoredMessage, humans: readonly string[], { store, now }: DeliverParts) {
  if (state === "classified") return store.dropAssignments(id, humans);
  const attempt = { deliveries: [], state: "failed", error: "not in the configuration any more", at: now() } as const;
  for (const human of humans) await store.recordAttempt(id, { human, ...attempt });
}

function newAssignment(human: string, at: Date): Assignment {
  return { human, state: "pending", at, assignedAt: at, refused: [], isPutOff: false, isApart: false, isAlone: false };
}

function nothing(messageId: string, why: string, log: Log): undefined {
  log.debug({ messageId, why }, "nothing to deliver");
}

/** Whom this job is about: who gets it after somebody else, or had to wait for room, has one of their own. */
function pendingAddressees(
  { assignments }: StoredMessage,
  { human: only }: DeliveryPart,
  { addresses, now }: DeliverParts,
): readonly Addressee[] {
  const at = now();
  return assignments
    .filter(({ state, human, isApart }) => state === "pending" && (isApart ? human === only : only === undefined))
    .map(({ human }) => addresses.find(human, at))
    .filter((addressee) => addressee !== undefined);
}

/** All humans at the same time: a slow outlet keeps nobody else waiting. By then, what became of each part is recorded. */
async function deliverToAll(
  message: StoredMessage,
  classification: Classification,
  addressees: readonly Addressee[],
  parts: DeliverParts,
): Promise<void> {
  const raw = once(() => loadRaw(message.id, parts));
  const compose = async (addressee: Addressee) => composeFor(addressee, message, classification, await raw(), parts);
  const lane = laneOf(classification);
  const deliverOne = async (addressee: Addressee) => {
    try {
      const isFree = isFreeOfLimit(message, addressee);
      return await deliverToHuman({ message, addressee, lane, isFree, compose }, parts);
    } finally {
      await takeUp(addressee.outlet, addressee.line.room, parts);
    }
  };
  throwErrors(await Promise.allSettled(addressees.map(deliverOne)));
}

async function composeFor(
  { human, outlet: { lineEnd }, to }: Addressee,
  message: StoredMessage,
  classification: Classification,
  raw: Buffer,
  parts: DeliverParts,
): Promise<OutboundMail> {
  const { id, receivedAt, incident } = message;
  const { form, maxBytes } = human;
  const { from, mailIds, publicUrl, givesBytes = true, isSiteNamed = true } = parts;
  const original = { id, raw, receivedAt, classification, incident };
  const reach = { publicUrl, givesBytes, links: linksFor(human, message, parts.links) };
  const wanted = { to: headerTo(to), form, maxBytes, lineEnd, awaitsAcknowledgement: human.escalation !== undefined };
  return composeMail({ ...original, ...reach, ...wanted, from, mailIds, isSiteNamed }).catch((error: unknown) => {
    throw new CompositionError(`The mail to ${human.id} could not be composed`, { cause: error });
  });
}

/** A person asked for it, or it goes in the place of a notice. */
function isFreeOfLimit({ releasedAt, assignments }: StoredMessage, { human }: Addressee): boolean {
  return releasedAt !== undefined || assignments.some((one) => one.human === human.id && one.isAlone);
}

/** "I see to it", where it makes a difference: somebody else would be asked. */
function linksFor(human: HumanConfig, message: StoredMessage, links: LinkMaker | undefined): MessageLinks | undefined {
  if (links === undefined || human.escalation === undefined) return undefined;
  const from = message.releasedAt ?? message.classifiedAt ?? message.receivedAt;
  return { acknowledge: links.linkTo("acknowledge", message.id, from) };
}

/** Gives those who were put off the room that there is now. Several may do so for the same ones: they get one job. */
async function takeUp(outlet: Addressee["outlet"], room: number, { addresses, store, enqueue }: DeliverParts) {
  if (room <= 0) return;
  const ids = await store.nextPutOff(addresses.sharing(outlet), room);
  if (ids.length > 0) await enqueue(ids);
}

function throwErrors(results: readonly PromiseSettledResult<HumanOutcome>[]): void {
  for (const result of results) if (result.status === "rejected") throw result.reason;
  for (const result of results) {
    if (result.status === "fulfilled" && result.value.kind === "error") throw new DeliveryError(result.value.detail);
  }
}

async function loadRaw(id: string, { store, hopLimit, isOurMailId }: DeliverParts): Promise<Buffer> {
  const raw = await store.raw(id);
  if (raw === undefined) throw new UndeliverableError("The raw message is gone: retention dropped it");
  const isOurs = async (other: string) =>
    ((await store.message(other)) ?? (await store.notice(other)) ?? (await store.digest(other))) !== undefined;
  const loop = await findLoop(readMessage(raw).root.headers, { hopLimit, isOurs, isOurMailId });
  if (loop !== undefined) throw new UndeliverableError(loop);
  return raw;
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

async function settle(messageId: string, { store, log, now, onDeadLetter }: DeliverParts): Promise<void> {
  for (const { state, missing } of await store.settle([messageId], now())) {
    if (missing === undefined) log.info({ messageId, state }, "delivered");
    else {
      log.error({ messageId, state }, "not delivered to everybody: dead letter");
      await onDeadLetter();
    }
  }
}
