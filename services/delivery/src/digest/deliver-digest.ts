/**
 * The digest job: brings one digest to its humans.
 *
 * At least once, like the deliver job: what each human has is recorded, and decides who is left (humans/tell-humans.ts). What it
 * says was written down when it was made, so that a repeat is the same mail. A digest that nobody takes is `failed`:
 * everything in it is kept all the same, and the next one comes.
 */
import type { MessageJob } from "@triage/contracts";
import type { Log, Metrics } from "@triage/runtime";
import { type Digest, type Store, StoreUnavailableError } from "@triage/store";
import { DeliveryError } from "../deliver-message.ts";
import type { AddressBook, Addressee } from "../humans/address-book.ts";
import { type TellingParts, tellHumans } from "../humans/tell-humans.ts";
import { headerTo } from "../humans/without-address.ts";
import type { LinkMaker } from "../links/link-maker.ts";
import type { MailIds } from "../mail-ids.ts";
import { composeDigest } from "./compose-digest.ts";
import type { WallClock } from "./wall-clock.ts";

export interface DeliverDigestParts extends TellingParts {
  readonly store: TellingParts["store"] &
    Pick<Store, "digest" | "recordDigestDelivery" | "giveUpNoticeAssignments" | "noticeOutcome" | "markDigest">;
  readonly addresses: Pick<AddressBook, "find">;
  /** Ids of humans; at least one. */
  readonly to: readonly string[];
  /** Header From of our mail. */
  readonly from: string;
  readonly mailIds: MailIds;
  readonly links: LinkMaker | undefined;
  readonly clock: WallClock;
  readonly metrics: Pick<Metrics, "digests">;
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
export async function deliverDigest({ messageId: id }: MessageJob, parts: DeliverDigestParts): Promise<void> {
  const digest = await parts.store.digest(id);
  if (digest?.state !== "pending" || digest.facts === undefined) return;
  const { store, metrics, addresses, now } = parts;
  const full: FullDigest = { ...digest, facts: digest.facts };
  await tellHumans(
    {
      id: digest.id,
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
  await finish(digest.id, parts);
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
  { messageId: id }: MessageJob,
  error: Error,
  parts: DeliverDigestParts,
): Promise<void> {
  if (error instanceof StoreUnavailableError) return;
  const digest = await parts.store.digest(id);
  if (digest?.state !== "pending") return;
  parts.log.error({ digestId: id, err: error }, "digest given up");
  const minAttempts = error instanceof DeliveryError ? Math.ceil(parts.attempts / 2) : 0;
  await parts.store.giveUpNoticeAssignments(digest.id, { minAttempts, at: parts.now() });
  await finish(digest.id, parts);
}

/** When nobody is left to be told, and nobody waits for the next human: until then, what it says is not forgotten. */
async function finish(id: string, { store, log, now }: DeliverDigestParts): Promise<void> {
  const state = await store.noticeOutcome(id, now());
  if (state === "pending") return;
  await store.markDigest(id, state);
  if (state === "failed") log.error({ digestId: id }, "nobody took the digest");
  else log.info({ digestId: id }, "digest delivered");
}
