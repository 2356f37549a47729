/**
 * What is stored of finished messages loses the bodies of returned messages (`privacy.returnedBodies: drop`): what failed
 * is kept, what was written is not.
 *
 * A look every minute at the last days, and now and then at everything: a message may be finished weeks after it came.
 */
import { readMessage } from "@triage/message";
import { withholdReturned } from "@triage/reports";
import { type Log, type Rounds, startRounds } from "@triage/runtime";
import { type Store, StoreUnavailableError, type WholeMessage } from "@triage/store";

const EVERY_MS = 60_000;
/** How far back most looks reach. */
const RECENT_MS = 2 * 86_400_000;
/** Every so many looks, everything. The first one is such a look. */
const ALL_EVERY = 60;
/** LIMIT: messages in memory. */
const BATCH = 5;

export interface TrimmingParts {
  readonly store: Pick<Store, "wholeMessages" | "keepTrimmed">;
  readonly log: Pick<Log, "info" | "warn">;
}

/** Any number of processes may; an error is logged, the next look comes. */
export function startTrimming(parts: TrimmingParts): Rounds {
  let looks = 0;
  return startRounds({
    everyMs: EVERY_MS,
    log: parts.log,
    complaint: "cannot leave out the bodies of returned messages; trying again later",
    async round(isOver) {
      const since = looks % ALL_EVERY === 0 ? new Date(0) : new Date(Date.now() - RECENT_MS);
      looks += 1;
      await trimSince(since, parts, isOver);
    },
  });
}

async function trimSince(since: Date, parts: TrimmingParts, isOver: () => boolean): Promise<void> {
  const { store, log } = parts;
  let after: string | Date | undefined = since;
  let messages = 0;
  let leftOutBytes = 0;
  while (after !== undefined && !isOver()) {
    const batch: readonly WholeMessage[] = await store.wholeMessages(after, BATCH);
    for (const message of batch) {
      const bytes = await trim(message, parts);
      if (bytes > 0) messages += 1;
      leftOutBytes += bytes;
    }
    after = batch.length < BATCH ? undefined : batch.at(-1)?.id;
  }
  if (messages > 0) log.info({ messages, leftOutBytes }, "bodies of returned messages left out of what is kept");
}

/** @returns How much was left out. What goes wrong with one message keeps no other one whole; the next look tries it again. */
async function trim({ id, raw, kind }: WholeMessage, { store, log }: TrimmingParts): Promise<number> {
  try {
    const withheld = withholdReturned(readMessage(raw), kind);
    await store.keepTrimmed(id, withheld.bodies === 0 ? undefined : withheld.bytes);
    return withheld.leftOutBytes;
  } catch (error) {
    if (error instanceof StoreUnavailableError) throw error;
    log.warn({ messageId: id, err: error }, "cannot leave out the body of the message that it returns");
    return 0;
  }
}
