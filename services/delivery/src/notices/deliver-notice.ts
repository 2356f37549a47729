/**
 * The notify job: brings one notice of an incident to every human.
 *
 * At least once, like the deliver job: what each human has is recorded, and decides who is left (humans/tell-humans.ts). Who does
 * not get it in time has a next human, as for messages. A notice that nobody takes is `failed`, and an alert
 * says so to somebody else; an alert that nobody takes is in the list of incidents, the metrics and the log.
 */
import { type MessageJob, parsePart } from "@triage/contracts";
import type { Log, Metrics } from "@triage/runtime";
import { type Notice, type Store, StoreUnavailableError } from "@triage/store";
import type { MailIds } from "../compose/mail-ids.ts";
import { DeliveryError } from "../deliver-message.ts";
import type { AddressBook, Addressee } from "../humans/address-book.ts";
import { type TellingParts, tellHumans } from "../humans/tell-humans.ts";
import { headerTo } from "../humans/without-address.ts";
import { composeNotice } from "./compose-notice.ts";
import type { Reach } from "./flood-text.ts";

export interface NotifyParts extends TellingParts {
  readonly store: TellingParts["store"] &
    Pick<
      Store,
      | "notice"
      | "message"
      | "recordNoticeDelivery"
      | "giveUpNoticeAssignments"
      | "noticeOutcome"
      | "noteNoticeFailure"
      | "closeNotice"
      | "sendLoneHeld"
    >;
  readonly addresses: Pick<AddressBook, "addresseesForNotice" | "findForNotice">;
  readonly from: string;
  readonly mailIds: MailIds;
  readonly reach?: Reach;
  /** When it rejects, the sweeper adds them later. */
  readonly addJobs: (queue: "notify" | "deliver", ids: readonly string[]) => Promise<void>;
  readonly metrics: Pick<Metrics, "notices" | "alerts">;
  readonly log: Log;
  /** How often a job is tried. */
  readonly attempts: number;
}

/**
 * Handles one job.
 *
 * @throws {DeliveryError} at least one recipient answered with something temporary; the job is retried.
 */
export async function deliverNotice({ messageId: jobId }: MessageJob, parts: NotifyParts): Promise<void> {
  const { id: noticeId, human: only } = parsePart(jobId);
  const notice = await parts.store.notice(noticeId);
  if (notice === undefined || notice.state !== "pending") return;
  if (notice.kind === "flood" && notice.facts.waiting === 1) return sendLoneMessage(notice, parts);
  const { addresses, from, mailIds, reach = {}, store, metrics, now } = parts;
  const told = await tellHumans(
    {
      id: notice.id,
      only,
      queue: "notify",
      deliveries: notice.deliveries,
      choose: async () => addresses.addresseesForNotice(notice, now(), await whoHasTheFirst(notice, store)),
      find: (human) => addresses.findForNotice(human, notice, now()),
      compose: ({ outlet, to }: Addressee) =>
        composeNotice({ notice, from, to: headerTo(to), mailIds, reach, lineEnd: outlet.lineEnd }),
      record: async (delivery) => {
        metrics.notices.inc({ kind: notice.kind, step: notice.step, outcome: delivery.outcome });
        await store.recordNoticeDelivery(notice.id, delivery);
      },
    },
    parts,
  );
  if (told === "nobody") await tellNobody(notice, parts);
  else await finish(notice, parts);
}

async function sendLoneMessage(
  { id: noticeId, incidentId }: Notice,
  { store, addJobs, log, now }: NotifyParts,
): Promise<void> {
  const jobs = await store.sendLoneHeld(noticeId, now());
  log.info({ noticeId, incidentId, messages: jobs.length }, "sent in the place of a summary of one");
  if (jobs.length > 0) await addJobs("deliver", jobs);
}

/** By the urgency of that message, or because the first human did not take it, others may have it than the facts would name. */
async function whoHasTheFirst(notice: Notice, store: NotifyParts["store"]): Promise<readonly string[]> {
  if (notice.kind !== "failure") return [];
  const opener = await store.message(notice.facts.openerId);
  return (opener?.assignments ?? []).filter(({ state }) => state !== "failed").map(({ human }) => human);
}

/** Called when the queue has given the job up, after the last retry. Who came late to it, or found no room, goes on waiting. */
export async function giveUpNotice({ messageId: jobId }: MessageJob, error: Error, parts: NotifyParts): Promise<void> {
  if (error instanceof StoreUnavailableError) return;
  const part = parsePart(jobId);
  const { id: noticeId } = part;
  const notice = await parts.store.notice(noticeId);
  if (notice === undefined || notice.state !== "pending") return;
  parts.log.error({ noticeId, err: error }, "notice given up");
  const minAttempts = error instanceof DeliveryError ? Math.ceil(parts.attempts / 2) : 0;
  await parts.store.giveUpNoticeAssignments(part, { minAttempts, at: parts.now() });
  await finish(notice, parts);
}

/** Of an alert: the trouble is about everybody. It stays in the list of incidents, in the metrics and in the log. */
async function tellNobody(notice: Notice, { store, metrics, log, now }: NotifyParts): Promise<void> {
  const { id: noticeId, incidentId, kind } = notice;
  await store.closeNotice(noticeId, { at: now(), otherwise: "failed" });
  const trouble = notice.kind === "alert" ? notice.facts.trouble : undefined;
  if (trouble !== undefined) metrics.alerts.inc({ kind: trouble, outcome: "nobody" });
  // Its facts hold addresses, and words of strangers: GET /v1/incidents/ID has them.
  log.error({ noticeId, incidentId, kind, trouble }, "an alert, and no human who could be told");
}

/** When nobody is left to be told, and nobody waits for the next human. */
async function finish(notice: Notice, parts: NotifyParts): Promise<void> {
  const { store, metrics, log, now } = parts;
  const { id: noticeId, incidentId, kind, step } = notice;
  if ((await store.noticeOutcome(noticeId, now())) === "failed") await tellOfFailure(noticeId, parts);
  const state = await store.closeNotice(noticeId, { at: now(), otherwise: "failed" });
  if (state === "pending") return;
  if (notice.kind === "alert") metrics.alerts.inc({ kind: notice.facts.trouble, outcome: state });
  if (state === "failed") log.error({ noticeId, incidentId, kind, step }, "no human could be told");
  else log.info({ noticeId, incidentId, kind, step }, "notice");
}

/** Read again: what was answered just now is part of what the alert says. */
async function tellOfFailure(id: string, { store, addJobs, metrics, log }: NotifyParts): Promise<void> {
  const notice = await store.notice(id);
  const ids = notice === undefined ? [] : await store.noteNoticeFailure(notice);
  if (ids.length === 0) return;
  metrics.alerts.inc({ kind: "notice-failed", outcome: "raised" }, ids.length);
  await addJobs("notify", ids).catch((error: unknown) => log.warn({ err: error }, "the sweeper tells of it"));
}
