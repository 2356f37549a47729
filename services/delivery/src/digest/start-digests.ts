/**
 * The wiring of digests: a job by the clock makes the digest of the period that is over, a job for each digest delivers it.
 *
 * The clock is a job scheduler of the queue; what decides is the row in the database. So a wiped Redis, a missed point or
 * ten workers at once make no difference: the sweeper sees that a period has no digest, has it made, and sets the clock again.
 */
import { DIGEST_DUE, type MessageJob } from "@triage/contracts";
import {
  type DigestConfig,
  type Log,
  type Metrics,
  type Queues,
  type ResolvedConfig,
  type RunningRole,
  startSweeper,
} from "@triage/runtime";
import type { Store } from "@triage/store";
import { openLinkMaker } from "../compose/link-maker.ts";
import type { MailIds } from "../compose/mail-ids.ts";
import type { AddressBook } from "../humans/address-book.ts";
import { type DeliverDigestParts, deliverDigest, giveUpDigest } from "./deliver-digest.ts";
import { duePeriod } from "./digest-period.ts";
import { openWallClock } from "./wall-clock.ts";

export interface DigestParts {
  readonly store: Store;
  readonly queues: Queues;
  readonly addresses: AddressBook;
  readonly mailIds: MailIds;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Jobs at the same time: more than outlets can hang. */
  readonly atOnce: number;
  readonly now: () => Date;
}

/** Digests that somebody asks for are delivered also where the schedule is switched off. */
export async function startDigests(config: ResolvedConfig, parts: DigestParts): Promise<RunningRole> {
  const { queues, log } = parts;
  const work = await openWork(config, parts);
  const worker = await queues.work("digest", {
    concurrency: parts.atOnce,
    handler: (job) => handle(job, config.digest, work, parts),
    onFailed: async (job, error) => {
      if (job.messageId !== DIGEST_DUE) await giveUpDigest(job, error, work);
    },
  });
  await setClock(config.digest, parts);
  const sweepAfterMs = config.queue.sweepAfterSeconds * 1_000;
  const sweeper = startSweeper({
    everyMs: sweepAfterMs / 2,
    olderThanMs: sweepAfterMs,
    find: (olderThan) => findWaiting(olderThan, config.digest, parts),
    readd: (ids) => queues.addMany("digest", ids),
    log,
    says: "added jobs for digests that did not advance, or were not made in time",
    now: parts.now,
  });
  return {
    async close() {
      await Promise.all([sweeper.close(), worker.close()]);
    },
  };
}

async function openWork(config: ResolvedConfig, parts: DigestParts): Promise<DeliverDigestParts> {
  const { store } = parts;
  const wanted = config.digest?.to ?? [];
  const unconditional = config.humans.filter((human) => human.for === undefined).map(({ id }) => id);
  return {
    ...parts,
    enqueueNotices: (ids) => parts.queues.addMany("notify", ids),
    to: wanted.length > 0 ? wanted : unconditional,
    from: config.from,
    links: await openLinkMaker(config.http.links, store),
    clock: openWallClock(config.digest?.timeZone ?? "UTC"),
    attempts: config.queue.attempts.deliver,
  };
}

async function handle(
  job: MessageJob,
  config: DigestConfig | undefined,
  work: DeliverDigestParts,
  parts: DigestParts,
): Promise<void> {
  if (job.messageId !== DIGEST_DUE) return deliverDigest(job, work);
  // An old job of a schedule that is switched off now.
  if (config === undefined) return;
  const { store, queues, log, now } = parts;
  const { maxEntries, always } = config;
  const made = await store.makeDigest({ ...duePeriod(config, now()), maxEntries, always });
  log.info({ outcome: made.kind, ...(made.kind === "made" && { digestId: made.id }) }, "digest due");
  if (made.kind === "made") await queues.add("digest", made.id);
}

/** A clock that cannot be set is no reason to make no digest: the sweeper has it made without, and tries to set it again. */
async function setClock(config: DigestConfig | undefined, { queues, log }: DigestParts): Promise<void> {
  try {
    if (config === undefined) await queues.unschedule("digest");
    else await queues.schedule("digest", DIGEST_DUE, config);
  } catch (error) {
    log.warn({ err: error }, "could not set the clock of the digest; the sweeper will");
  }
}

/** @returns Ids of digests that wait, and DIGEST_DUE when a period that ended before `olderThan` has none. */
async function findWaiting(
  olderThan: Date,
  config: DigestConfig | undefined,
  parts: DigestParts,
): Promise<readonly string[]> {
  const { store, now } = parts;
  const waiting = await store.staleDigests(olderThan);
  if (config === undefined) return waiting;
  const { due, until } = duePeriod(config, now());
  const last = await store.lastDigestUntil();
  const isLate = (last === undefined || last < until) && due < olderThan;
  if (!isLate) return waiting;
  await setClock(config, parts);
  return [...waiting, DIGEST_DUE];
}
