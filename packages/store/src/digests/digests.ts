/** Digests in the database: made once for each period, delivered, listed. */
import type { DigestFacts, DigestState, DigestTotals, DigestView } from "@triage/contracts";
import type { Database, Row, Session, Statement } from "../database.ts";
import { hasWork, MAY_ESCALATE, noticeOutcome, staleParts } from "../humans/notice-assignments.ts";
import { toJsonText, toStorableText } from "../json-text.ts";
import type { Delivery, NoticeDelivery } from "../messages/stored-message.ts";
import { isUuid } from "../uuid-v7.ts";
import { DIGEST_ALERT_SCOPE } from "./digest-alert.ts";
import { type DigestPeriod, gatherDigestFacts } from "./gather-facts.ts";

/** LIMIT: milliseconds for each statement of a digest, on a database that is busy with a storm. */
const GATHER_TIMEOUT_MS = 300_000;

/** One mail, the same however often it is delivered. */
export interface Digest extends DigestPeriod {
  readonly id: string;
  readonly at: Date;
  readonly state: DigestState;
  readonly totals: DigestTotals;
  /** undefined: it is delivered, or was empty, and what it said is forgotten. Some days later, where it may come back to us. */
  readonly facts: DigestFacts | undefined;
  readonly deliveries: readonly Delivery[];
}

export interface DigestRequest {
  /** End of the period that is over. */
  readonly until: Date;
  /** Where the first period of all would have begun. */
  readonly firstSince: Date;
  readonly maxEntries: number;
  /** Also when there is nothing to say. */
  readonly always: boolean;
}

/** `begun`: the first of all marks where the next one begins. `busy`: another worker is making it. */
export type MadeDigest =
  | { readonly kind: "made"; readonly id: string }
  | { readonly kind: "empty" | "begun" | "made-before" | "busy" };

interface Parts {
  readonly database: Database;
  readonly newId: () => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Makes the digest of everything between the end of the last one and `until`, once: what was missed is made up for in one.
 * Two workers never make the same one, and no message is in two of them or in none.
 */
export async function makeDigest(parts: Parts, request: DigestRequest): Promise<MadeDigest> {
  return parts.database.transaction(async (session): Promise<MadeDigest> => {
    const [lock] = await session.query(
      "SELECT pg_try_advisory_xact_lock(hashtextextended('postmaster-triage:digest:' || $1, 0)) AS taken",
      [parts.database.schema],
    );
    if (lock?.taken !== true) return { kind: "busy" };
    const [last] = await session.query("SELECT max(until) AS until FROM digest WHERE NOT asked");
    const { until, firstSince, maxEntries, always } = request;
    if (!(last?.until instanceof Date)) {
      await insertDigest(session, parts, { since: firstSince, until, state: "empty", asked: false });
      return { kind: "begun" };
    }
    if (last.until >= until) return { kind: "made-before" };
    const period = { since: last.until, until };
    const facts = await gatherDigestFacts(session, period, maxEntries);
    const isWanted = always || hasNews(facts) || (await hasChangedIncident(session, period));
    const state = isWanted ? "pending" : "empty";
    const id = await insertDigest(session, parts, { ...period, state, asked: false, facts });
    return state === "pending" ? { kind: "made", id } : { kind: "empty" };
  }, GATHER_TIMEOUT_MS);
}

/** A digest that somebody asks for, whatever the schedule says and whether or not there is anything to say. */
export async function askForDigest(parts: Parts, period: DigestPeriod, maxEntries: number): Promise<string> {
  return parts.database.transaction(async (session) => {
    const facts = await gatherDigestFacts(session, period, maxEntries);
    return insertDigest(session, parts, { ...period, state: "pending", asked: true, facts });
  }, GATHER_TIMEOUT_MS);
}

/** What a digest would say; nothing is written. */
export async function previewDigest(
  database: Database,
  period: DigestPeriod,
  maxEntries: number,
): Promise<DigestFacts> {
  return database.transaction((session) => gatherDigestFacts(session, period, maxEntries), GATHER_TIMEOUT_MS);
}

function hasNews({ totals, deadLetters }: DigestFacts): boolean {
  return totals.kept.length > 0 || totals.grouped > 0 || deadLetters > 0;
}

/** One that only stays open has been told of before; and that nobody takes the digests is no reason for the next one. */
async function hasChangedIncident(session: Session, { since }: DigestPeriod): Promise<boolean> {
  const [row] = await session.query(
    `SELECT EXISTS (SELECT FROM incident
       WHERE state = 'open' AND last_seen >= $1 AND NOT (kind = 'alert' AND scope = $2)) AS changed`,
    [since, DIGEST_ALERT_SCOPE],
  );
  return row?.changed === true;
}

interface NewDigest extends DigestPeriod {
  readonly state: DigestState;
  readonly asked: boolean;
  readonly facts?: DigestFacts;
}

const NOTHING: DigestTotals = { judged: 0, human: 0, grouped: 0, kept: [] };

async function insertDigest(session: Session, { newId, now }: Parts, digest: NewDigest): Promise<string> {
  const { since, until, state, asked, facts } = digest;
  const id = newId();
  const kept = state === "pending" && facts !== undefined ? toJsonText(facts) : null;
  await session.query(
    `INSERT INTO digest (id, since, until, at, asked, state, state_at, totals, facts)
     VALUES ($1, $2, $3, $4, $5, $6, $4, $7, $8)`,
    [id, since, until, new Date(now()), asked, state, toJsonText(facts?.totals ?? NOTHING), kept],
  );
  return id;
}

const COLUMNS = `id, since, until, at, asked, state, totals,
       (SELECT json_agg(json_build_object('outlet', outlet, 'recipient', recipient, 'outcome', outcome,
                                          'detail', detail, 'at', at) ORDER BY id)
          FROM digest_delivery WHERE digest_id = digest.id) AS deliveries`;

const DIGEST: Statement = { name: "digest", text: `SELECT ${COLUMNS}, facts FROM digest WHERE id = $1` };

export async function readDigest(database: Database, id: string): Promise<Digest | undefined> {
  if (!isUuid(id)) return undefined;
  const [row] = await database.run(DIGEST, [id]);
  if (row === undefined) return undefined;
  const deliveries = (row.deliveries ?? []) as readonly (Omit<Delivery, "at"> & { readonly at: string })[];
  return {
    id: String(row.id),
    since: row.since as Date,
    until: row.until as Date,
    at: row.at as Date,
    state: row.state as DigestState,
    totals: row.totals as DigestTotals,
    facts: (row.facts ?? undefined) as DigestFacts | undefined,
    deliveries: deliveries.map((delivery) => ({ ...delivery, at: new Date(delivery.at) })),
  };
}

/** Newest first. */
export async function listDigests(database: Database, limit: number): Promise<readonly DigestView[]> {
  return (await database.query(`SELECT ${COLUMNS} FROM digest ORDER BY id DESC LIMIT $1`, [limit])).map(toView);
}

/** End of the last period of the schedule; undefined before the first. */
export async function lastDigestUntil(database: Database): Promise<Date | undefined> {
  const [row] = await database.query("SELECT max(until) AS until FROM digest WHERE NOT asked");
  return row?.until instanceof Date ? row.until : undefined;
}

/** Jobs of digests that have waited since before `olderThan`, oldest first; not of those that only wait for the next human's time. */
export async function staleDigests(database: Database, olderThan: Date): Promise<readonly string[]> {
  const rows = await database.query(
    `SELECT id FROM digest WHERE state = 'pending' AND state_at < $1 AND ${hasWork("digest.id", "$1")} ORDER BY state_at`,
    [olderThan],
  );
  return [...rows.map((row) => String(row.id)), ...(await staleParts(database, "digest", olderThan))];
}

/** Adds one attempt; nothing is ever overwritten. */
export async function recordDigestDelivery(database: Database, id: string, delivery: NoticeDelivery): Promise<void> {
  const { human, outlet, recipient, outcome, detail } = delivery;
  await database.query(
    "INSERT INTO digest_delivery (digest_id, human, outlet, recipient, outcome, detail) VALUES ($1, $2, $3, $4, $5, $6)",
    [id, human ?? null, outlet, toStorableText(recipient), outcome, toStorableText(detail)],
  );
}

/**
 * Closes it as its humans were told or not, unless one is still to be told, or waits for the next human's time. What it said,
 * strangers' addresses and subjects among it, is forgotten; how many there were stays. Where a bounce would bring it to a next
 * human, it is kept until none is to be expected (forgetToldDigests).
 *
 * @param given.otherwise  Where nobody was to be told.
 */
export async function closeDigest(
  database: Database,
  id: string,
  { at, otherwise }: { readonly at: Date; readonly otherwise: "delivered" | "failed" },
): Promise<void> {
  await database.transaction(async (session) => {
    await session.query("SELECT FROM digest WHERE id = $1 FOR UPDATE", [id]);
    const outcome = await noticeOutcome(session, id, at);
    if (outcome === "pending") return;
    await session.query(
      `UPDATE digest SET state = $2, state_at = now(), facts = CASE WHEN ${MAY_ESCALATE("$1")} THEN facts END
        WHERE id = $1 AND state = 'pending'`,
      [id, outcome === "nobody" ? otherwise : outcome],
    );
  });
}

/** What digests said that were told before this: no bounce is to be expected any more. */
export async function forgetToldDigests(database: Database, before: Date): Promise<void> {
  await database.query(
    "UPDATE digest SET facts = NULL WHERE facts IS NOT NULL AND state <> 'pending' AND state_at < $1",
    [before],
  );
}

function toView(row: Row): DigestView {
  const deliveries = (row.deliveries ?? []) as DigestView["deliveries"];
  return {
    id: String(row.id),
    since: (row.since as Date).toISOString(),
    until: (row.until as Date).toISOString(),
    at: (row.at as Date).toISOString(),
    state: row.state as DigestState,
    asked: row.asked === true,
    totals: row.totals as DigestTotals,
    deliveries: deliveries.map((delivery) => ({ ...delivery, at: new Date(delivery.at).toISOString() })),
  };
}
