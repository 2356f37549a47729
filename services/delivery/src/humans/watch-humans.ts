/**
 * What happens to the humans' mail with time: who has had enough gets more when there is room, else a summary; what nobody took
 * or saw to goes to the next human.
 *
 * Any number of processes may look at once, at any time: each step is one statement or one lock in PostgreSQL.
 */
import { DELIVERY_LANES } from "@triage/contracts";
import type { HumanConfig, Log, Metrics } from "@triage/runtime";
import type { AssignmentStore } from "@triage/store";
import { summariseFlood } from "./summarise-flood.ts";

/** Many come at once, and some may still go one by one: what waits is told of after this. */
const GATHER_MS = 300_000;
const HOUR_MS = 3_600_000;
/** LIMIT: escalated at a time; the rest at the next look. */
const MAX_ESCALATED = 1_000;

export interface WatchParts {
  readonly store: Pick<AssignmentStore, "freeHeld" | "freeAllHeld" | "summariseHeld" | "closeQuietFloods" | "escalate">;
  readonly humans: readonly HumanConfig[];
  readonly enqueueNotice: (noticeId: string) => Promise<void>;
  readonly metrics: Pick<Metrics, "escalations">;
  readonly log: Log;
}

/** One look at all humans. @returns Ids of the messages that go on now; what gets no job is found by the sweeper. */
export async function watchHumans(parts: WatchParts, at: Date): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const human of parts.humans) {
    ids.push(...(await makeRoom(human, at, parts)));
    await tellOfFlood(human, at, parts);
    ids.push(...(await escalateFrom(human, at, parts)));
  }
  await parts.store.closeQuietFloods(new Date(at.getTime() - HOUR_MS), at);
  return ids;
}

async function makeRoom({ id: human, maxPerHour }: HumanConfig, at: Date, { store }: WatchParts) {
  if (maxPerHour === undefined) return store.freeAllHeld(human, at);
  const ids: string[] = [];
  for (const lane of DELIVERY_LANES) ids.push(...(await store.freeHeld({ human, lane, at }, maxPerHour)));
  return ids;
}

async function tellOfFlood({ id, maxPerHour }: HumanConfig, at: Date, { store, enqueueNotice, log }: WatchParts) {
  if (maxPerHour === undefined) return;
  const noticeId = await store.summariseHeld({
    human: id,
    waitingSince: new Date(at.getTime() - GATHER_MS),
    toldSince: new Date(at.getTime() - HOUR_MS),
    at,
    describe: (waiting) => summariseFlood({ id, maxPerHour }, waiting),
  });
  if (noticeId === undefined) return;
  log.warn({ human: id, maxPerHour, noticeId }, "more than this human gets in an hour: summarised");
  await enqueueNotice(noticeId);
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
  return ids;
}
