/**
 * What happens to the humans' mail with time: who has had enough gets more when there is room, else a summary; what nobody took
 * or saw to goes to the next human.
 *
 * Any number of processes may look at once, at any time: each step is one statement or one lock in PostgreSQL.
 */
import { DELIVERY_LANES, formatPart } from "@triage/contracts";
import type { HumanConfig, Log, Metrics } from "@triage/runtime";
import type { AssignmentStore, DigestStore, MailQueue, NoticeStore } from "@triage/store";
import { summariseFlood } from "./summarise-flood.ts";

/** Many come at once, and some may still go one by one: what waits is told of after this. */
const GATHER_MS = 300_000;
const HOUR_MS = 3_600_000;
/** Another process may know humans that this one does not: a new configuration is not everywhere at once. */
const ABANDONED_MS = 24 * HOUR_MS;
/**
 * What a digest said is kept so long for a next human: a server gives up after five days at most as a rule (RFC 5321 section 4.5.4.1),
 * and the one behind it that bounces may take as long as it likes.
 */
const BOUNCES_MS = 7 * 24 * HOUR_MS;
/** LIMIT: escalated at a time; the rest at the next look. */
const MAX_ESCALATED = 1_000;

export interface WatchParts {
  readonly store: Pick<
    AssignmentStore,
    | "freeHeld"
    | "freeAllHeld"
    | "freeHeldOfOthers"
    | "summariseHeld"
    | "closeQuietFloods"
    | "escalate"
    | "forgetEscalations"
  > &
    Pick<NoticeStore, "escalateNotices"> &
    Pick<DigestStore, "forgetToldDigests">;
  readonly humans: readonly HumanConfig[];
  /** Adds the job of a notice or a digest, or of one human's part of it. */
  readonly enqueueMail: (queue: MailQueue, id: string) => Promise<void>;
  readonly metrics: Pick<Metrics, "escalations">;
  readonly log: Log;
}

/** One look at all humans. @returns Jobs of the messages that go on now; what gets no job is found by the sweeper. */
export async function watchHumans(parts: WatchParts, at: Date): Promise<readonly string[]> {
  const { store, humans } = parts;
  const known = humans.map(({ id }) => id);
  const ids = [...(await store.freeHeldOfOthers(known, at))];
  const results = await Promise.allSettled(humans.map((human) => watchHuman(human, at, parts)));
  await store.closeQuietFloods(new Date(at.getTime() - HOUR_MS), at);
  const escalating = humans.filter(({ escalation }) => escalation !== undefined).map(({ id }) => id);
  await store.forgetToldDigests(new Date(at.getTime() - BOUNCES_MS));
  await store.forgetEscalations(escalating, new Date(at.getTime() - ABANDONED_MS));
  // What goes wrong for one human keeps nobody else waiting.
  for (const result of results) if (result.status === "rejected") throw result.reason;
  return [...ids, ...results.flatMap((result) => (result.status === "fulfilled" ? result.value : []))];
}

async function watchHuman(human: HumanConfig, at: Date, parts: WatchParts): Promise<readonly string[]> {
  const ids = await makeRoom(human, at, parts);
  await tellOfFlood(human, at, parts);
  return [...ids, ...(await escalateFrom(human, at, parts))];
}

async function makeRoom({ id: human, maxPerHour }: HumanConfig, at: Date, { store }: WatchParts) {
  if (maxPerHour === undefined) return store.freeAllHeld(human, at);
  const ids: string[] = [];
  for (const lane of DELIVERY_LANES) ids.push(...(await store.freeHeld({ human, lane, at }, maxPerHour)));
  return ids;
}

async function tellOfFlood({ id, maxPerHour }: HumanConfig, at: Date, { store, enqueueMail, log }: WatchParts) {
  if (maxPerHour === undefined) return;
  const noticeId = await store.summariseHeld({
    human: id,
    waitingSince: new Date(at.getTime() - GATHER_MS),
    toldSince: new Date(at.getTime() - HOUR_MS),
    at,
    describe: (waiting, lettersLater) => summariseFlood({ id, maxPerHour }, waiting, lettersLater),
  });
  if (noticeId === undefined) return;
  log.warn({ human: id, maxPerHour, noticeId }, "more than this human gets in an hour: summarised");
  await enqueueMail("notify", noticeId);
}

async function escalateFrom({ id: human, escalation }: HumanConfig, at: Date, parts: WatchParts) {
  if (escalation === undefined) return [];
  const { store, humans, metrics, log } = parts;
  const { to, unless } = escalation;
  const nextAfterMs = humans.find(({ id }) => id === to)?.escalation?.afterMs;
  const ids = await store.escalate({ human, to, unless, nextAfterMs, at, limit: MAX_ESCALATED });
  if (ids.length > 0) {
    metrics.escalations.inc({ unless }, ids.length);
    log.warn({ human, to, unless, messages: ids.length }, "escalated");
  }
  await escalateMail({ human, to, nextAfterMs, at }, parts);
  return ids;
}

/** Notices and digests: nobody acknowledges them, so that only what was not delivered goes on. */
async function escalateMail(
  step: Omit<Parameters<NoticeStore["escalateNotices"]>[0], "limit">,
  { store, enqueueMail, metrics, log }: WatchParts,
): Promise<void> {
  const escalated = await store.escalateNotices({ ...step, limit: MAX_ESCALATED });
  if (escalated.length === 0) return;
  metrics.escalations.inc({ unless: "delivered" }, escalated.length);
  log.warn({ human: step.human, to: step.to, notices: escalated.length }, "notices escalated");
  for (const { queue, id } of escalated) await enqueueMail(queue, formatPart({ id, human: step.to }));
}
