/** `triage digest`: what a digest would say now, on standard output; with `--send`, as a mail to those who get digests. */
import { describePeriod } from "@triage/delivery";
import type { ResolvedConfig } from "@triage/runtime";
import type { DigestPeriod, Store } from "@triage/store";
import { borrowStore } from "../keep/borrow-store.ts";

const DAY_MS = 86_400_000;
/** What is listed of each cause, where the configuration switches the digest off. */
const MAX_ENTRIES = 5;

export interface DigestCommandOptions {
  readonly since?: Date;
  readonly until?: Date;
  /** Id of a digest whose period is meant. */
  readonly of?: string;
  readonly send: boolean;
  readonly config?: string;
}

/** @returns The exit code: 0; 1 when the period ends before it begins, or there is no such digest. */
export function digestCommand(options: DigestCommandOptions): Promise<number> {
  return borrowStore(options.config, async (store, config) => {
    const period = await choosePeriod(options, store);
    if (period === undefined) {
      process.stderr.write(`triage digest: there is no digest ${options.of}\n`);
      return 1;
    }
    if (period.since >= period.until) {
      process.stderr.write("triage digest: the period ends before it begins\n");
      return 1;
    }
    process.stdout.write(
      options.send ? await send(period, store, config) : await describePeriod(period, config, store),
    );
    return 0;
  });
}

/** What a digest said is forgotten with it: its period is looked at anew, without what was released since. */
async function choosePeriod(options: DigestCommandOptions, store: Store): Promise<DigestPeriod | undefined> {
  const { of, since, until = new Date() } = options;
  if (of !== undefined) return store.digest(of);
  const begin = since ?? (await store.lastDigestUntil()) ?? new Date(until.getTime() - DAY_MS);
  return { since: begin, until };
}

/** The row is the order: the sweeper of a delivery role finds it, and nothing is needed of the queues here. */
async function send(period: DigestPeriod, store: Store, config: ResolvedConfig): Promise<string> {
  const id = await store.askForDigest(period, config.digest?.maxEntries ?? MAX_ENTRIES);
  return `Digest ${id}: the delivery role sends it within ${2 * config.queue.sweepAfterSeconds} seconds.\n`;
}
