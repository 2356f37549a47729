/**
 * How long things are kept: the bytes of mail by route and day, what is known of it for longer, the sent ledger.
 *
 * Never goes what is not finished, is a dead letter, waits to be learned from, or was released or corrected lately.
 * One run at a time in all processes; one that is cut short leaves nothing half done, and the next one goes on.
 */
import type { Classification } from "@triage/contracts";
import type { WriteLocalPart } from "@triage/message";
import { alone, type Lease } from "../alone.ts";
import type { Database, Session } from "../database.ts";
import type { Partition, Partitions } from "../partitions.ts";
import { uuidFloor, uuidTimeMs } from "../uuid-v7.ts";
import { type ClockGap, findClockGap } from "./clock-gap.ts";
import { countExpiredFacts, deleteExpiredFacts, type FactCounts } from "./expired-facts.ts";
import { redactFacts } from "./redact-facts.ts";
import { carryOutDay, type DayPlan, type DayRule, planDay } from "./thin-day.ts";

const DAY_MS = 86_400_000;
/** LIMIT: digests forgotten by one statement. */
const DIGEST_BATCH = 5_000;

type RouteId = Classification["route"];

/** Days. `facts` is at least as long as each of the others. */
export interface RetentionDays extends Readonly<Record<RouteId, number>> {
  readonly facts: number;
}

export interface RetentionResult {
  /** Days of mail that went, or shrank; oldest first. */
  readonly days: readonly DayPlan[];
  readonly facts: FactCounts;
  /** When the oldest message came in whose bytes are kept. */
  readonly oldest: Date | undefined;
}

/** `busy`: another process is at it. `doubtful`: the clock may have jumped, and nothing was dropped. */
export type RetentionOutcome =
  | { readonly kind: "done"; readonly result: RetentionResult }
  | { readonly kind: "busy" }
  | { readonly kind: "doubtful"; readonly gap: ClockGap };

export interface RetentionOptions {
  /** How addresses are written in what stays of a message without its bytes; default: as they are. */
  readonly redact?: WriteLocalPart | undefined;
  /** A person says that the clock is right. */
  readonly trustClock?: boolean;
}

export interface RetentionParts {
  readonly database: Database;
  readonly partitions: Partitions;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What a run would do now; changes nothing. */
export async function planRetention(parts: RetentionParts, keep: RetentionDays): Promise<RetentionResult> {
  const { database, now } = parts;
  const days: DayPlan[] = [];
  for (const { partition, rule } of await daysThatAreOver(parts, keep)) {
    const plan = await planDay(database, partition, rule);
    if (plan !== undefined) days.push(plan);
  }
  // Facts are kept as long as any bytes, or longer: what is older has none, once the days that are over have gone.
  const longest = Math.max(keep.human, keep.digest, keep.archive);
  const facts = await countExpiredFacts(database, new Date(now() - keep.facts * DAY_MS), {
    before: new Date(Math.floor((now() - longest * DAY_MS) / DAY_MS) * DAY_MS),
    touchedSince: new Date(now() - keep.human * DAY_MS),
  });
  return { days, facts, oldest: await oldestMessage(database) };
}

/** Drops what is over, unless the clock seems to have jumped. */
export async function runRetention(
  parts: RetentionParts,
  keep: RetentionDays,
  { redact, trustClock = false }: RetentionOptions = {},
): Promise<RetentionOutcome> {
  const outcome = await alone(parts.database, "retention", async (lease): Promise<RetentionResult | ClockGap> => {
    const gap = trustClock ? undefined : await findGap(parts, keep);
    return gap ?? dropWhatIsOver(parts, keep, { redact, lease });
  });
  if (outcome.kind === "busy") return outcome;
  const { result } = outcome;
  return "from" in result ? { kind: "doubtful", gap: result } : { kind: "done", result };
}

/** undefined also where nothing would go. */
async function findGap(parts: RetentionParts, keep: RetentionDays): Promise<ClockGap | undefined> {
  const { database, partitions, now } = parts;
  const days = (await partitions.list("message_raw")).map(({ day }) => day);
  const signs = { lastRun: await lastRetention(database), days, at: new Date(now()) };
  const gap = findClockGap(signs, shortest(keep));
  if (gap === undefined) return undefined;
  if ((await daysThatAreOver(parts, keep)).length > 0) return gap;
  const facts = await countExpiredFacts(database, new Date(now() - keep.facts * DAY_MS));
  return facts.messages > 0 ? gap : undefined;
}

async function dropWhatIsOver(
  parts: RetentionParts,
  keep: RetentionDays,
  { redact, lease }: Pick<RetentionOptions, "redact"> & { readonly lease: Lease },
): Promise<RetentionResult> {
  const { database, now } = parts;
  const days: DayPlan[] = [];
  for (const { partition, rule } of await daysThatAreOver(parts, keep)) {
    const plan = await planDay(database, partition, rule);
    if (plan === undefined) continue;
    await lease.assertHeld();
    await carryOutDay(database, plan, rule);
    if (plan.how === "drop") parts.partitions.forget(partition);
    days.push(plan);
  }
  await lease.assertHeld();
  await forgetDigests(database, new Date(now() - shortest(keep) * DAY_MS));
  if (redact !== undefined) await redactFacts(database, new Date(now() - shortest(keep) * DAY_MS), redact);
  await lease.assertHeld();
  const facts = await deleteExpiredFacts(database, new Date(now() - keep.facts * DAY_MS));
  await lease.assertHeld();
  await database.query(
    `INSERT INTO retention_run (ended_at) VALUES ($1)
       ON CONFLICT (single) DO UPDATE SET ended_at = excluded.ended_at`,
    [new Date(now())],
  );
  return { days, facts, oldest: await oldestMessage(database) };
}

/** When the last run ended that was not cut short. */
export async function lastRetention(database: Database): Promise<Date | undefined> {
  const [row] = await database.query("SELECT ended_at FROM retention_run");
  return row?.ended_at as Date | undefined;
}

/** @returns Names of the tables: days of the sent ledger that ended before this. */
export function dropSentDays(partitions: Partitions, before: Date): Promise<readonly string[]> {
  return partitions.dropBefore("sent", before.getTime(), forgetSentDay);
}

/** What is gone is no longer covered either. */
async function forgetSentDay(session: Session, fromMs: number): Promise<void> {
  await session.query("DELETE FROM sent_day WHERE day = $1", [new Date(fromMs).toISOString().slice(0, 10)]);
}

function shortest({ human, digest, archive }: RetentionDays): number {
  return Math.min(human, digest, archive);
}

async function daysThatAreOver(
  { partitions, now }: RetentionParts,
  keep: RetentionDays,
): Promise<readonly { readonly partition: Partition; readonly rule: DayRule }[]> {
  const isOver = (day: number, keepDays: number) => (day + 1) * DAY_MS <= now() - keepDays * DAY_MS;
  const touchedSince = new Date(now() - keep.human * DAY_MS);
  return (await partitions.list("message_raw"))
    .filter(({ day }) => isOver(day, shortest(keep)))
    .map((partition) => {
      const routes = ["human", "digest", "archive"] as const satisfies readonly RouteId[];
      const keepRoutes = routes.filter((route) => !isOver(partition.day, keep[route]));
      return { partition, rule: { keepRoutes, touchedSince } };
    });
}

/**
 * Digests by which a repeat is known go with the bytes: the same message is then a new one.
 *
 * `SKIP LOCKED`: a batch that comes in holds digests in its own order, and must never wait for us while we wait for it.
 */
async function forgetDigests(database: Database, before: Date): Promise<void> {
  for (const table of ["known_content", "known_key"]) {
    let forgotten = DIGEST_BATCH;
    while (forgotten === DIGEST_BATCH) {
      const rows = await database.query(
        `DELETE FROM ${table} WHERE digest IN (
           SELECT digest FROM ${table} k
            WHERE message_id < $1 AND NOT EXISTS (SELECT FROM message_raw r WHERE r.id = k.message_id)
            LIMIT ${DIGEST_BATCH} FOR UPDATE SKIP LOCKED)
         RETURNING 1`,
        [uuidFloor(before.getTime())],
      );
      forgotten = rows.length;
    }
  }
}

async function oldestMessage(database: Database): Promise<Date | undefined> {
  const [row] = await database.query("SELECT id FROM message_raw ORDER BY id LIMIT 1");
  return row === undefined ? undefined : new Date(uuidTimeMs(String(row.id)));
}
