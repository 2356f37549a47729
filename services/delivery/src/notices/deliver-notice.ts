/**
 * The notify job: brings one notice of an incident to every human.
 *
 * At least once, like the deliver job: the state in the store says whether there is anything left to do, the recorded
 * deliveries say for whom. A notice that nobody takes is `failed`: it stays in the list of incidents and in the metrics,
 * and the next step of the incident tries again.
 */
import type { MessageJob } from "@triage/contracts";
import type { Log, Metrics } from "@triage/runtime";
import { type Notice, type Store, StoreUnavailableError } from "@triage/store";
import { DeliveryError } from "../deliver-message.ts";
import type { AddressBook } from "../humans/address-book.ts";
import { headerTo } from "../humans/without-address.ts";
import type { MailIds } from "../mail-ids.ts";
import type { OutletResult } from "../outlets/outlet.ts";
import { composeNotice } from "./compose-notice.ts";

export interface NotifyParts {
  readonly store: Pick<
    Store,
    "notice" | "message" | "recordNoticeDelivery" | "markNotice" | "finishFloodNotice" | "settle"
  >;
  readonly addresses: Pick<AddressBook, "addresseesForNotice">;
  readonly from: string;
  readonly mailIds: MailIds;
  readonly metrics: Pick<Metrics, "notices" | "alerts">;
  readonly log: Log;
  readonly now: () => Date;
}

/**
 * Handles one job.
 *
 * @throws {DeliveryError} at least one recipient answered with something temporary; the job is retried.
 */
export async function deliverNotice({ messageId: noticeId }: MessageJob, parts: NotifyParts): Promise<void> {
  const notice = await parts.store.notice(noticeId);
  if (notice === undefined || notice.state !== "pending") return;
  const { addresses, from, mailIds, store, metrics, log, now } = parts;
  const done = notice.deliveries.filter(({ outcome }) => outcome === "delivered");
  const results: OutletResult[] = [];
  const addressees = addresses.addresseesForNotice(notice, now(), await whoHasTheFirst(notice, store));
  if (addressees.length === 0) return tellNobody(notice, parts);
  for (const { outlet, to } of addressees) {
    const left = to.filter((address) => !done.some((d) => d.outlet === outlet.id && d.recipient === address));
    if (left.length === 0) continue;
    const mail = await composeNotice({ notice, from, to: headerTo(to), mailIds, lineEnd: outlet.lineEnd });
    for (const result of await outlet.deliver(mail, left)) {
      const { recipient, outcome, detail } = result;
      metrics.notices.inc({ kind: notice.kind, step: notice.step, outcome });
      await store.recordNoticeDelivery(noticeId, { outlet: outlet.id, recipient, outcome, detail });
      results.push({ ...result, detail: `${outlet.id}: ${detail}` });
    }
  }
  const error = results.find(({ outcome }) => outcome === "error");
  if (error !== undefined) throw new DeliveryError(error.detail);
  const delivered = done.length > 0 || results.some(({ outcome }) => outcome === "delivered");
  await finish(notice, delivered ? "delivered" : "failed", parts);
  log.info({ noticeId, incidentId: notice.incidentId, kind: notice.kind, step: notice.step, delivered }, "notice");
}

/** By the urgency of that message, or because the first human did not take it, others may have it than the facts would name. */
async function whoHasTheFirst(notice: Notice, store: NotifyParts["store"]): Promise<readonly string[]> {
  if (notice.kind !== "failure") return [];
  const opener = await store.message(notice.facts.openerId);
  return (opener?.assignments ?? []).filter(({ state }) => state !== "failed").map(({ human }) => human);
}

/** Called when the queue has given the job up, after the last retry. */
export async function giveUpNotice(
  { messageId: noticeId }: MessageJob,
  error: Error,
  parts: NotifyParts,
): Promise<void> {
  if (error instanceof StoreUnavailableError) return;
  const notice = await parts.store.notice(noticeId);
  if (notice === undefined || notice.state !== "pending") return;
  parts.log.error({ noticeId, err: error }, "notice given up");
  const delivered = notice.deliveries.some(({ outcome }) => outcome === "delivered");
  await finish(notice, delivered ? "delivered" : "failed", parts);
}

/** Of an alert: the trouble is about everybody. It stays in the list of incidents, in the metrics and in the log. */
async function tellNobody(notice: Notice, { store, metrics, log }: NotifyParts): Promise<void> {
  await store.markNotice(notice.id, "failed");
  if (notice.kind === "alert") metrics.alerts.inc({ kind: notice.facts.trouble, outcome: "nobody" });
  log.error(
    { noticeId: notice.id, kind: notice.kind, facts: notice.facts },
    "an alert, and no human who could be told",
  );
}

async function finish(notice: Notice, state: "delivered" | "failed", parts: NotifyParts): Promise<void> {
  const { store, log, now } = parts;
  // First what it lists: were we to die in between, the notice would come again and find that done.
  if (notice.kind === "flood") await store.settle(await store.finishFloodNotice(notice.id, state, now()), now());
  await store.markNotice(notice.id, state);
  if (notice.kind === "alert") parts.metrics.alerts.inc({ kind: notice.facts.trouble, outcome: state });
  if (state === "failed") log.error({ noticeId: notice.id, step: notice.step }, "no human could be told");
}
