/**
 * `triage follow`: the MTA's log into the sent ledger, live or (`--once`) to its end.
 *
 * At least once: the place in a log is written down when everything before it is in the ledger. SIGTERM and SIGINT end it:
 * what has been read is handed over and the place written; a second one ends it at once, and some lines are sent again.
 */
import { join } from "node:path";
import { loadConfig } from "@triage/runtime";
import { readApiKey } from "../api-key.ts";
import { type FollowCounts, followLog } from "./follow-log.ts";
import { FollowProgress } from "./follow-progress.ts";
import type { IsOwnDomain } from "./log-delivery.ts";
import { findLogs } from "./log-paths.ts";
import { readLog } from "./log-reader.ts";
import { type LogFormat, MailLog } from "./mail-log.ts";
import { PlaceFile } from "./place-file.ts";
import { SentFeed } from "./sent-feed.ts";
import { readStream } from "./standard-input.ts";

/** Between two looks at the end of a log. */
const POLL_MS = 1_000;
/** LIMIT: time for what was read to be handed over after SIGTERM; systemd waits 90 s. */
const FAREWELL_MS = 15_000;

export interface FollowOptions {
  readonly url: string;
  readonly keyFile?: string;
  readonly state?: string;
  readonly format: LogFormat;
  readonly once: boolean;
  readonly fromStart: boolean;
  readonly timeZone?: string;
  readonly config?: string;
}

/** @returns 0 after a graceful end. @throws {Error} with one sentence on what is wrong. */
export async function followCommand(words: readonly string[], options: FollowOptions): Promise<number> {
  if (!URL.canParse(options.url)) throw new Error(`--url "${options.url}" is not a URL`);
  if (options.timeZone !== undefined) setTimeZone(options.timeZone);
  const isOwnDomain = options.config === undefined ? undefined : ownDomains(options.config);
  await readApiKey(options.keyFile);
  const signals = endOnSignals();
  try {
    const following: Following = { options, isOwnDomain, ...signals };
    if (words.includes("-")) await followInput(following);
    else await followFiles(await findLogs(words), following);
    return 0;
  } catch (error) {
    if (signals.now.aborted) return 0;
    throw error;
  } finally {
    signals.release();
  }
}

interface Following {
  readonly options: FollowOptions;
  readonly isOwnDomain: IsOwnDomain | undefined;
  /** Stop reading. */
  readonly stop: AbortSignal;
  /** Stop everything. */
  readonly now: AbortSignal;
}

async function followInput({ options, isOwnDomain, stop, now }: Following): Promise<void> {
  const counts = await followLog({
    blocks: readStream(process.stdin, stop),
    mailLog: new MailLog({ format: options.format, isOwnDomain }),
    feed: feedTo(options, now),
  });
  report("standard input", counts);
}

async function followFiles(logs: readonly string[], following: Following): Promise<void> {
  if (logs.length === 0) throw new Error("there is no such log");
  const places = await PlaceFile.open(following.options.state ?? defaultState());
  const failed = new AbortController();
  const stop = AbortSignal.any([following.stop, failed.signal]);
  await Promise.all(
    logs.map((log) =>
      followFile(log, places, { ...following, stop }).catch((error: unknown) => {
        failed.abort();
        throw error;
      }),
    ),
  );
}

async function followFile(log: string, places: PlaceFile, following: Following): Promise<void> {
  const { options, isOwnDomain, stop, now } = following;
  const known = options.fromStart ? undefined : places.progressOf(log);
  const progress = new FollowProgress(log);
  const counts = await followLog({
    blocks: readLog({
      log,
      place: known?.place,
      // Who fills in what was missed wants all of it, unless some of it is there.
      fromStart: options.fromStart || (options.once && known === undefined),
      once: options.once,
      pollMs: POLL_MS,
      signal: stop,
      warn,
    }),
    mailLog: new MailLog({ format: options.format, isOwnDomain, ...(known !== undefined && { open: known.open }) }),
    feed: feedTo(options, now),
    save: (state) => places.save(log, state),
    onProgress: (soFar, block) => progress.update(soFar, block),
  });
  progress.finish();
  report(log, counts);
}

function feedTo(options: FollowOptions, signal: AbortSignal): SentFeed {
  return new SentFeed({ url: options.url, key: () => readApiKey(options.keyFile), signal, warn });
}

/** systemd names a folder that the unit may write to. */
function defaultState(): string {
  const folder = process.env.STATE_DIRECTORY ?? process.env.TRIAGE_DATA_DIR ?? "./data";
  return join(folder, "follow.json");
}

/** Node reads TZ anew when it is set, for every Date from then on. */
function setTimeZone(zone: string): void {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
  } catch {
    throw new Error(`--time-zone "${zone}" is not the name of a time zone, such as Europe/Vienna`);
  }
  process.env.TZ = zone;
}

function ownDomains(config: string): IsOwnDomain {
  const { domains } = loadConfig({ path: config, env: process.env }).site;
  const exact = new Set(domains.filter((domain) => !domain.startsWith("*.")));
  const below = domains.filter((domain) => domain.startsWith("*.")).map((domain) => domain.slice(1));
  return (domain) => exact.has(domain) || below.some((end) => domain.endsWith(end));
}

function endOnSignals(): { readonly stop: AbortSignal; readonly now: AbortSignal; readonly release: () => void } {
  const stop = new AbortController();
  const now = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const onSignal = () => {
    if (stop.signal.aborted) now.abort();
    stop.abort();
    timer ??= setTimeout(() => now.abort(), FAREWELL_MS);
  };
  for (const name of ["SIGTERM", "SIGINT"] as const) process.on(name, onSignal);
  return {
    stop: stop.signal,
    now: now.signal,
    release: () => {
      clearTimeout(timer);
      for (const name of ["SIGTERM", "SIGINT"] as const) process.off(name, onSignal);
    },
  };
}

function report(log: string, { lines, entries }: FollowCounts): void {
  warn(`${log}: ${lines.toLocaleString("en")} lines read, ${entries.toLocaleString("en")} entries in the ledger`);
}

function warn(text: string): void {
  process.stderr.write(`triage follow: ${text}\n`);
}
