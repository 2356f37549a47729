/**
 * The digest job: brings one digest to its humans.
 *
 * At least once, like the deliver job: what each human has is recorded, and decides who is left (humans/tell-humans.ts). What it
 * says was written down when it was made, so that a repeat is the same mail. A digest that nobody takes is `failed`, and an
 * alert says so to somebody else: everything in it is kept all the same, and its period can be asked for again.
 */
import { type MessageJob, parsePart } from "@triage/contracts";
import type { Log, Metrics } from "@triage/runtime";
import { type Digest, type Store, StoreUnavailableError } from "@triage/store";
import type { LinkMaker } from "../compose/link-maker.ts";
import type { MailIds } from "../compose/mail-ids.ts";
import { DeliveryError } from "../deliver-message.ts";
import type { AddressBook, Addressee } from "../humans/address-book.ts";
import { type TellingParts, tellHumans } from "../humans/tell-humans.ts";
import { headerTo } from "../humans/without-address.ts";
import { composeDigest } from "./compose-digest.ts";
import type { WallClock } from "./wall-clock.ts";

export interface DeliverDigestParts extends TellingParts {
  readonly store: TellingParts["store"] &
    Pick<
      Store,
      | "digest"
      | "recordDigestDelivery"
      | "giveUpNoticeAssignments"
      | "noticeOutcome"
      | "noteDigestOutcome"
      | "closeDigest"
    >;
  readonly addresses: Pick<AddressBook, "find">;
  /** Ids of humans; at least one. */
  readonly to: readonly string[];
  /** Header From of our mail. */
  readonly from: string;
  readonly mailIds: MailIds;
  readonly links: LinkMaker | undefined;
  readonly clock: WallClock;
  /** Adds notify jobs; when it rejects, the sweeper adds them later. */
  readonly enqueueNotices: (ids: readonly string[]) => Promise<void>;
  readonly metrics: Pick<Metrics, "digests" | "alerts">;
  readonly log: Log;
  /** How often a job is tried. */
  readonly attempts: number;
}

type FullDigest = Digest & { readonly facts: NonNullable<Digest["facts"]> };

/**
 * Handles one job.
 *
 * @throws {DeliveryError} at least one recipient answered with something temporary; the job is retried.
 */
export async function deliverDigest({ messageId: jobId }: MessageJob, parts: DeliverDigestParts): Promise<void> {
  const { id, human: only } = parsePart(jobId);
  const digest = await parts.store.digest(id);
  if (digest?.state !== "pending" || digest.facts === undefined) return;
  const { store, metrics, addresses, now } = parts;
  const full: FullDigest = { ...digest, facts: digest.facts };
  await tellHumans(
    {
      id: digest.id,
      only,
      queue: "digest",
      deliveries: digest.deliveries,
      choose: async () => parts.to.flatMap((human) => addresses.find(human, now()) ?? []),
      find: (human) => addresses.find(human, now()),
      compose: (addressee) => composeFor(addressee, full, parts),
      record: async (delivery) => {
        metrics.digests.inc({ outcome: delivery.outcome });
        await store.recordDigestDelivery(digest.id, delivery);
      },
    },
    parts,
  );
  await finish(digest, parts);
}

function composeFor(
  { outlet: { lineEnd }, to }: Addressee,
  { id, since, until, at, facts }: FullDigest,
  { from, mailIds, links, clock }: DeliverDigestParts,
) {
  return composeDigest({ id, since, until, at, facts, from, to: headerTo(to), mailIds, links, clock, lineEnd });
}

/** Called when the queue has given the job up, after the last retry. */
export async function giveUpDigest(
  { messageId: jobId }: MessageJob,
  error: Error,
  parts: DeliverDigestParts,
): Promise<void> {
  if (error instanceof StoreUnavailableError) return;
  const part = parsePart(jobId);
  const { id } = part;
  const digest = await parts.store.digest(id);
  if (digest?.state !== "pending") return;
  parts.log.error({ digestId: id, err: error }, "digest given up");
  const minAttempts = error instanceof DeliveryError ? Math.ceil(parts.attempts / 2) : 0;
  await parts.store.giveUpNoticeAssignments(part, { minAttempts, at: parts.now() });
  await finish(digest, parts);
}

/** When nobody is left to be told, and nobody waits for the next human: until then, what it says is not forgotten. */
async function finish(digest: Digest, parts: DeliverDigestParts): Promise<void> {
  const { store, log, now } = parts;
  const outcome = await store.noticeOutcome(digest.id, now());
  if (outcome === "pending") return;
  const state = outcome === "delivered" ? outcome : "failed";
  await tellOfOutcome(digest.id, state, parts);
  await store.closeDigest(digest.id, { at: now(), otherwise: state });
  if (state === "failed") log.error({ digestId: digest.id }, "nobody took the digest");
  else log.info({ digestId: digest.id }, "digest delivered");
}

/** Read again: what was answered just now is part of what the alert says. */
async function tellOfOutcome(
  id: string,
  state: "delivered" | "failed",
  { store, enqueueNotices, metrics, log }: DeliverDigestParts,
): Promise<void> {
  const digest = await store.digest(id);
  const ids = digest === undefined ? [] : await store.noteDigestOutcome(digest, state);
  if (ids.length === 0) return;
  metrics.alerts.inc({ kind: "digest-failed", outcome: "raised" }, ids.length);
  await enqueueNotices(ids).catch((error: unknown) => log.warn({ err: error }, "the sweeper tells of it"));
}
