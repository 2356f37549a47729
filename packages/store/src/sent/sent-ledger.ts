/**
 * The sent ledger: Message-ID, queue id, ENVID and recipients of what this site sent, each as a keyed hash.
 *
 * One table a day; `ledger.days` later it is dropped. `sent_day` says beside it what the ledger covers, so that the
 * absence of a message is held against nobody where the ledger does not reach.
 */
import { randomBytes } from "node:crypto";
import type { SentKeys, SentLedgerAnswer, SentLedgerCoverage } from "@triage/provenance";
import { bigintArray, timestampArray } from "../binary-array.ts";
import type { Database, Row, Statement } from "../database.ts";
import type { SentMessage } from "../messages/stored-message.ts";
import type { Partitions } from "../partitions.ts";
import { StoreUnavailableError } from "../store-error.ts";
import { type HashSentKey, type SentKeyKind, sentKeyHasher } from "./sent-key.ts";

const DAY_MS = 86_400_000;

/**
 * Rows go in by day and key: two feeds that store the same keys at the same time then wait for each other in one order,
 * never for each other in turn (a deadlock). What was there before counts for the coverage, not for `entries`.
 */
const INSERT: Statement = {
  name: "insert-sent",
  text: `
WITH added AS (
  INSERT INTO sent (key, at)
  SELECT key, at FROM unnest($1::bigint[], $2::timestamptz[]) AS new (key, at)
   ORDER BY date_trunc('day', at, 'UTC'), key
  ON CONFLICT DO NOTHING RETURNING at)
INSERT INTO sent_day AS kept (day, first_at, last_at, entries)
SELECT new.day, new.first_at, new.last_at,
       (SELECT count(*) FROM added WHERE at >= new.first_at AND at <= new.last_at)
  FROM unnest($3::date[], $4::timestamptz[], $5::timestamptz[]) AS new (day, first_at, last_at)
 ORDER BY new.day
ON CONFLICT (day) DO UPDATE SET first_at = least(kept.first_at, excluded.first_at),
       last_at = greatest(kept.last_at, excluded.last_at), entries = kept.entries + excluded.entries`,
};

const COVERED_DAYS = "FROM sent_day WHERE day >= ($1::timestamptz AT TIME ZONE 'UTC')::date";

/** A report names at most three ids. */
const FEW_KEYS = 3;

/**
 * One look into the index of each day within reach, for each key; and, in the row without a key, what is covered.
 *
 * QUIRK(postgresql): of `= ANY($2)` the planner knows no length, takes ten for granted, and plans anew at every execution
 * because the true number is cheaper: 1 ms for 15 tables, where looking takes 0.2. Of a list it knows the length.
 */
const findText = (condition: string) => `
SELECT key, at, NULL::timestamptz AS oldest FROM sent WHERE at >= $1 AND key ${condition}
UNION ALL SELECT NULL, max(last_at), min(first_at) ${COVERED_DAYS}`;

const FIND_FEW: Statement = { name: "find-sent-few", text: findText("IN ($2, $3, $4)") };
const FIND_MANY: Statement = { name: "find-sent-many", text: findText("= ANY($2::bigint[])") };

const STATE: Statement = {
  name: "sent-state",
  text: `SELECT max(last_at) AS at, min(first_at) AS oldest, coalesce(sum(entries), 0) AS entries ${COVERED_DAYS}`,
};

export interface SentLedger {
  /** Adds a batch; repeats are harmless. What is older than the ledger keeps is left out. */
  record(batch: readonly SentMessage[]): Promise<void>;
  /** Never throws for a database that is away: that is a `temperror`, and the message is judged without the ledger. */
  find(keys: SentKeys): Promise<SentLedgerAnswer>;
  state(): Promise<SentLedgerState>;
}

export interface SentLedgerState {
  /** Keys that the ledger holds: about three for each message. */
  readonly entries: number;
  /** Undefined while the ledger is empty. */
  readonly coverage: SentLedgerCoverage | undefined;
}

export interface SentLedgerOptions {
  readonly database: Database;
  readonly partitions: Partitions;
  readonly secret: Buffer;
  readonly days: number;
  readonly now: () => number;
}

export function openSentLedger(options: SentLedgerOptions): SentLedger {
  const { database, partitions, secret, days, now } = options;
  const hash = sentKeyHasher(secret);
  const since = () => new Date(now() - days * DAY_MS);
  return {
    async state() {
      const [row] = await database.run(STATE, [since()]);
      return { entries: Number(row?.entries ?? 0), coverage: coverageIn(row) };
    },
    async record(batch) {
      const rows = toRows(batch, { nowMs: now(), sinceMs: since().getTime(), hash });
      if (rows.keys.length === 0) return;
      const spans = daySpans(rows.timesMs);
      await partitions.ensure("sent", spans.keys());
      await database.run(INSERT, [bigintArray(rows.keys), timestampArray(rows.timesMs), ...spanParameters(spans)]);
    },
    async find(keys) {
      const wanted = wantedKeys(keys, hash);
      if (wanted.size === 0) return { kind: "absent", coverage: undefined };
      try {
        const rows = await findRows(database, since(), [...wanted.keys()]);
        const covered = rows.find((row) => row.key === null);
        return best(rows, wanted, keys.sentAt) ?? { kind: "absent", coverage: coverageIn(covered) };
      } catch (error) {
        if (error instanceof StoreUnavailableError) return { kind: "temperror", detail: error.message };
        throw error;
      }
    },
  };
}

/** The secret that the site gives, else the one that the database keeps; made at first use. */
export async function ledgerSecret(database: Database, given: string | undefined): Promise<Buffer> {
  if (given !== undefined) return Buffer.from(given, "utf8");
  const [row] = await database.query(
    `INSERT INTO secret (name, value) VALUES ('sent-ledger', $1)
       ON CONFLICT (name) DO UPDATE SET value = secret.value RETURNING value`,
    [randomBytes(32)],
  );
  return row?.value as Buffer;
}

interface SentRows {
  readonly keys: bigint[];
  readonly timesMs: number[];
}

/** A clock that runs ahead would make the ledger look alive when it is not: what is stamped later than now is now. */
function toRows(
  batch: readonly SentMessage[],
  { nowMs, sinceMs, hash }: { readonly nowMs: number; readonly sinceMs: number; readonly hash: HashSentKey },
): SentRows {
  const rows: SentRows = { keys: [], timesMs: [] };
  const add = (kind: SentKeyKind, text: string | undefined, timeMs: number) => {
    if (text === undefined || text === "") return;
    rows.keys.push(hash(kind, text));
    rows.timesMs.push(timeMs);
  };
  for (const message of batch) {
    const timeMs = Math.min(message.at.getTime(), nowMs);
    if (timeMs < sinceMs) continue;
    add("message-id", message.messageId, timeMs);
    add("queue-id", message.queueId, timeMs);
    add("envelope-id", message.envelopeId, timeMs);
    for (const recipient of message.recipients ?? []) add("recipient", recipient, timeMs);
  }
  return rows;
}

interface Span {
  firstMs: number;
  lastMs: number;
}

/** @returns First and last time of each UTC day, by the day's first millisecond. */
function daySpans(timesMs: readonly number[]): ReadonlyMap<number, Span> {
  const spans = new Map<number, Span>();
  for (const timeMs of timesMs) {
    const dayMs = timeMs - (timeMs % DAY_MS);
    const span = spans.get(dayMs);
    if (span === undefined) spans.set(dayMs, { firstMs: timeMs, lastMs: timeMs });
    else {
      span.firstMs = Math.min(span.firstMs, timeMs);
      span.lastMs = Math.max(span.lastMs, timeMs);
    }
  }
  return spans;
}

function spanParameters(spans: ReadonlyMap<number, Span>): readonly unknown[] {
  const values = [...spans.values()];
  return [
    [...spans.keys()].map((dayMs) => new Date(dayMs).toISOString().slice(0, 10)),
    timestampArray(values.map(({ firstMs }) => firstMs)),
    timestampArray(values.map(({ lastMs }) => lastMs)),
  ];
}

/** @returns Kind by key (in decimal, as the database answers). */
function wantedKeys(keys: SentKeys, hash: HashSentKey): ReadonlyMap<string, SentKeyKind> {
  const all: readonly (readonly [SentKeyKind, string | undefined])[] = [
    ["message-id", keys.messageId],
    ["envelope-id", keys.envelopeId],
    ["queue-id", keys.queueId],
    ...(keys.recipients ?? []).map((text) => ["recipient", text] as const),
  ];
  const wanted = new Map<string, SentKeyKind>();
  for (const [kind, text] of all) {
    if (text !== undefined && text !== "") wanted.set(String(hash(kind, text)), kind);
  }
  return wanted;
}

/** @param keys At least one, in decimal. */
function findRows(database: Database, since: Date, keys: readonly string[]): Promise<readonly Row[]> {
  if (keys.length > FEW_KEYS) return database.run(FIND_MANY, [since, bigintArray(keys.map(BigInt))]);
  const padded = Array.from({ length: FEW_KEYS }, (_, index) => keys[index] ?? keys[0]);
  return database.run(FIND_FEW, [since, ...padded]);
}

/** In the order of trust: an id that we made, one that a queue used for a while, an address that we wrote to. */
const TRUST: readonly SentKeyKind[] = ["message-id", "envelope-id", "queue-id", "recipient"];

/** Of several days with the same key the one nearest to the message's own date, else the newest, is meant. */
function best(
  rows: readonly Row[],
  wanted: ReadonlyMap<string, SentKeyKind>,
  sentAt: Date | undefined,
): SentLedgerAnswer | undefined {
  const target = sentAt?.getTime() ?? Number.MAX_SAFE_INTEGER;
  for (const by of TRUST) {
    const times = rows.filter((row) => wanted.get(String(row.key)) === by).map((row) => row.at as Date);
    times.sort((a, b) => Math.abs(a.getTime() - target) - Math.abs(b.getTime() - target));
    const [at] = times;
    if (at !== undefined) return { kind: "found", by, at };
  }
  return undefined;
}

function coverageIn(row: Row | undefined): SentLedgerCoverage | undefined {
  const { oldest, at: newest } = row ?? {};
  return oldest instanceof Date && newest instanceof Date ? { oldest, newest } : undefined;
}
