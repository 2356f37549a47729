/**
 * The digest job: brings one digest to its humans.
 *
 * At least once, like the deliver job: the state in the store says whether there is anything left to do, the recorded
 * deliveries say for whom. What it says was written down when it was made, so that a repeat is the same mail. A digest that
 * nobody takes is `failed`: everything in it is kept all the same, and the next one comes.
 */
import type { MessageJob } from "@triage/contracts";
import type { Log, Metrics } from "@triage/runtime";
import { type Digest, type Store, StoreUnavailableError } from "@triage/store";
import { DeliveryError } from "../deliver-message.ts";
import type { AddressBook, Addressee } from "../humans/address-book.ts";
import { headerTo } from "../humans/without-address.ts";
import type { LinkMaker } from "../links/link-maker.ts";
import type { MailIds } from "../mail-ids.ts";
import type { OutletResult } from "../outlets/outlet.ts";
import { composeDigest } from "./compose-digest.ts";
import type { WallClock } from "./wall-clock.ts";

export interface DeliverDigestParts {
  readonly store: Pick<Store, "digest" | "recordDigestDelivery" | "markDigest">;
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
  readonly now: () => Date;
}

/**
 * Handles one job.
 *
 * @throws {DeliveryError} at least one recipient answered with something temporary; the job is retried.
 */
export async function deliverDigest({ messageId: id }: MessageJob, parts: DeliverDigestParts): Promise<void> {
  const digest = await parts.store.digest(id);
  if (digest?.state !== "pending" || digest.facts === undefined) return;
  const done = digest.deliveries.filter(({ outcome }) => outcome === "delivered");
  const results: OutletResult[] = [];
  for (const addressee of parts.to.flatMap((human) => parts.addresses.find(human, parts.now()) ?? [])) {
    const { outlet, to } = addressee;
    const left = to.filter((address) => !done.some((d) => d.outlet === outlet.id && d.recipient === address));
    if (left.length > 0) results.push(...(await deliverTo(addressee, left, { ...digest, facts: digest.facts }, parts)));
  }
  const error = results.find(({ outcome }) => outcome === "error");
  if (error !== undefined) throw new DeliveryError(error.detail);
  const delivered = done.length > 0 || results.some(({ outcome }) => outcome === "delivered");
  await finish(id, delivered ? "delivered" : "failed", parts);
}

type FullDigest = Digest & { readonly facts: NonNullable<Digest["facts"]> };

async function deliverTo(
  { outlet, to }: Addressee,
  left: readonly string[],
  { id, since, until, at, facts }: FullDigest,
  { store, from, mailIds, links, clock, metrics }: DeliverDigestParts,
): Promise<readonly OutletResult[]> {
  const { lineEnd } = outlet;
  const mail = await composeDigest({
    id,
    since,
    until,
    at,
    facts,
    from,
    to: headerTo(to),
    mailIds,
    links,
    clock,
    lineEnd,
  });
  const results = await outlet.deliver(mail, left);
  for (const { recipient, outcome, detail } of results) {
    metrics.digests.inc({ outcome });
    await store.recordDigestDelivery(id, { outlet: outlet.id, recipient, outcome, detail });
  }
  return results.map((result) => ({ ...result, detail: `${outlet.id}: ${result.detail}` }));
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
  const delivered = digest.deliveries.some(({ outcome }) => outcome === "delivered");
  await finish(id, delivered ? "delivered" : "failed", parts);
}

async function finish(id: string, state: "delivered" | "failed", { store, log }: DeliverDigestParts): Promise<void> {
  await store.markDigest(id, state);
  if (state === "failed") log.error({ digestId: id }, "nobody took the digest");
  else log.info({ digestId: id }, "digest delivered");
}
