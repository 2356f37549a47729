/**
 * The classify job: raw message and envelope from the store, five stages, verdict and route back into the store, a
 * deliver job when a human has to see it.
 *
 * At least once: a job may come twice, or after the verdict was saved but before the deliver job was added. The state
 * in the store decides what is left to do.
 */
import type { MessageJob } from "@triage/contracts";
import type { Envelope } from "@triage/message";
import { type Log, type Metrics, TriageError } from "@triage/runtime";
import { type SaveOutcome, type Store, StoreUnavailableError } from "@triage/store";
import { type Classified, type ClassifyContext, classify } from "./classify.ts";
import type { CauseWatch } from "./incidents/cause-watch.ts";
import { groupMessage } from "./incidents/group-message.ts";
import { belongsToStorm } from "./incidents/group-report.ts";
import type { OwnMailReturn } from "./own-mail.ts";
import type { StormWatch, WatchedStorm } from "./storm-watch.ts";
import { undecidedClassification } from "./undecided.ts";

export interface ClassifyParts {
  readonly store: Pick<
    Store,
    | "messageSource"
    | "message"
    | "saveClassification"
    | "saveFailure"
    | "saveStormReport"
    | "markFailed"
    | "noteOwnBounce"
    | "watchDeadLetters"
  >;
  /** Adds a deliver job. */
  readonly enqueueDelivery: (messageId: string) => Promise<void>;
  /** Adds notify jobs; when it rejects, the sweeper of delivery adds them later. */
  readonly enqueueNotices: (noticeIds: readonly string[]) => Promise<void>;
  readonly context: ClassifyContext;
  /** Counts the reports of a message among all others; undefined: each message is judged alone. */
  readonly storms?: Pick<StormWatch, "watch">;
  /** Counts failures by their cause; undefined: the policy asks nothing of it. */
  readonly causes?: Pick<CauseWatch, "note">;
  /** How failures with one cause are grouped; undefined: each one is delivered. */
  readonly incidents?: { readonly addressesShown: number };
  readonly metrics: Pick<Metrics, "verdicts" | "evidence" | "classifyDurationSeconds" | "alerts">;
  readonly log: Log;
  readonly now: () => Date;
}

/** The raw bytes are not in the store any more; a second attempt cannot find them either. */
export class RawMessageGoneError extends TriageError {
  readonly code = "RAW_MESSAGE_GONE";
  readonly retryable = false;
}

/**
 * Handles one job.
 *
 * @throws {RawMessageGoneError} retention dropped the bytes before the message was classified.
 * @throws whatever the store or the queue throws; the job is retried.
 */
export async function classifyMessage({ messageId }: MessageJob, parts: ClassifyParts): Promise<void> {
  const { store, metrics, log } = parts;
  const source = await store.messageSource(messageId);
  if (source === undefined) {
    if ((await store.message(messageId)) !== undefined)
      throw new RawMessageGoneError("Retention dropped the raw bytes");
    log.warn({ messageId }, "no such message: retention has dropped it");
    return;
  }
  if (source.state !== "received") {
    if (source.state === "classified") await parts.enqueueDelivery(messageId);
    return;
  }
  const stop = metrics.classifyDurationSeconds.startTimer();
  const storm = parts.storms?.watch(messageId);
  const classified = await classify(source.raw, source.envelope, contextOf(messageId, storm, parts));
  stop();
  const { ownMail } = classified;
  // Before the verdict: were we to die in between, the job would come again, and the report count once.
  if (ownMail?.kind === "bounced") await noteBounce(messageId, ownMail, parts);
  await save(messageId, source.envelope, classified, parts, storm);
}

/**
 * Called when the queue has given the job up, after the last retry: the message goes to the human as `undecided`, and a
 * dead letter says what went wrong with us. When only the database was away, nothing is wrong with the message:
 * it stays `received`, and the sweeper brings it back.
 */
export async function giveUpClassification(
  { messageId }: MessageJob,
  error: Error,
  parts: ClassifyParts,
): Promise<void> {
  if (error instanceof StoreUnavailableError) return;
  const message = await parts.store.message(messageId);
  if (message === undefined || message.state !== "received") return;
  // The dead letter first: were the process to die in between, the sweeper would bring the message back here.
  await parts.store.markFailed(messageId, {
    stage: "classify",
    error: `${error.name}: ${error.message}`,
    at: parts.now(),
  });
  parts.log.error({ messageId, err: error }, "classification given up: undecided, to the human");
  const classification = undecidedClassification(error);
  await save(messageId, message.envelope, { classification, evidence: [] }, parts);
  await tell(await parts.store.watchDeadLetters(), "dead-letters", parts);
}

/** The human does not have what we sent: somebody else has to hear of it. */
async function noteBounce(
  reportId: string,
  { mail, failures }: Extract<OwnMailReturn, { kind: "bounced" }>,
  parts: ClassifyParts,
): Promise<void> {
  const { store, log, now } = parts;
  const noticeIds = await store.noteOwnBounce({ reportId, mail, failures, at: now() });
  log.error(
    { messageId: reportId, about: mail.id, reasons: failures.map(({ reason }) => reason) },
    "our own mail bounces",
  );
  await tell(noticeIds, "own-mail-bounced", parts);
}

async function tell(
  noticeIds: readonly string[],
  kind: "own-mail-bounced" | "dead-letters",
  { enqueueNotices, metrics, log }: ClassifyParts,
): Promise<void> {
  if (noticeIds.length === 0) return;
  metrics.alerts.inc({ kind, outcome: "raised" }, noticeIds.length);
  await enqueueNotices(noticeIds).catch((error: unknown) => {
    log.warn({ err: error }, "cannot add notices to the queue; the sweeper will");
  });
}

function contextOf(
  messageId: string,
  storm: WatchedStorm | undefined,
  { context, causes }: ClassifyParts,
): ClassifyContext {
  return {
    ...context,
    ...(causes !== undefined && { causes: (fingerprint) => causes.note({ messageId, fingerprint }) }),
    ...(storm !== undefined && { ports: () => ({ ...context.ports(), storms: storm.port }) }),
  };
}

type Judged = Pick<Classified, "classification" | "evidence">;

async function save(
  messageId: string,
  envelope: Envelope,
  judged: Judged,
  parts: ClassifyParts,
  storm?: WatchedStorm,
): Promise<void> {
  const { metrics, log } = parts;
  const { outcome, delivers } = await keep(messageId, envelope, judged, parts, storm);
  if (outcome === "unknown-message") {
    log.warn({ messageId }, "no such message: retention has dropped it");
    return;
  }
  if (outcome === "saved") {
    const { verdict, route, rule, score, report, evidence } = judged.classification;
    metrics.verdicts.inc({ verdict, route });
    for (const { check, outcome: found } of evidence) metrics.evidence.inc({ check, outcome: found });
    const grouped = route === "human" && !delivers;
    log.info({ messageId, verdict, score, route, rule, kind: report.kind, grouped }, "classified");
  }
  // Also when another worker saved it first: it may have died before it added the job, and adding twice is harmless.
  if (delivers) await parts.enqueueDelivery(messageId);
}

interface Kept {
  readonly outcome: SaveOutcome;
  /** A human gets it as itself. */
  readonly delivers: boolean;
}

/** Alone, or together with what it does to an incident. */
async function keep(
  messageId: string,
  envelope: Envelope,
  { classification, evidence }: Judged,
  { store, context, incidents, enqueueNotices, log }: ClassifyParts,
  storm: WatchedStorm | undefined,
): Promise<Kept> {
  const { answer, incidentId, keys } = storm?.finding() ?? {};
  if (incidentId !== undefined && belongsToStorm({ classification, evidence, storm: answer }, context.site)) {
    const { outcome, state } = await store.saveStormReport(messageId, classification, incidentId);
    return { outcome, delivers: state === "classified" };
  }
  const domains = envelope.forwardPaths.map(({ domain }) => domain.toLowerCase());
  const group = incidents && groupMessage(classification, domains, incidents.addressesShown);
  if (group === undefined) {
    const outcome = await store.saveClassification(messageId, classification, keys);
    return { outcome, delivers: classification.route === "human" };
  }
  const { outcome, state, noticeIds } = await store.saveFailure(messageId, classification, group);
  if (noticeIds.length > 0) {
    await enqueueNotices(noticeIds).catch((error: unknown) => {
      log.warn({ err: error }, "cannot add notices to the queue; the sweeper will");
    });
  }
  return { outcome, delivers: state === "classified" };
}
