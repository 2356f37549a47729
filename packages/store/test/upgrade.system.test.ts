/** A database that an older release has filled: the first role of this one brings it up to date, and nothing of it is lost. */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Database, openDatabase } from "../src/database.ts";
import { openStore, type Store } from "../src/index.ts";
import { migrate } from "../src/migrate.ts";
import { MIGRATIONS } from "../src/migrations/index.ts";
import { classification, ENVELOPE, freshSchema } from "./fresh-schema.ts";

const HOUR_MS = 3_600_000;
/** The release before had no column `human` of notices, no `apart`, and allowances as lists of times. */
const OLD = 14;
const NOON = new Date("2026-11-22T12:00:00Z");
const after = (ms: number) => new Date(NOON.getTime() + ms);
const CHANGELOG = new URL("../../../CHANGELOG.md", import.meta.url);

const schema = freshSchema();
const ids = { delivered: newId(), waiting: newId(), bounced: newId(), kept: newId(), notice: newId(), digest: newId() };
let old: Database;
let store: Store;

/** A UUIDv7 of that noon, in whose partition its bytes would be. */
function newId(): string {
  const time = NOON.getTime().toString(16).padStart(12, "0");
  const rest = randomBytes(8).toString("hex");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${rest.slice(0, 3)}-a${rest.slice(3, 6)}-${rest.slice(4)}`;
}

beforeAll(async () => {
  old = openDatabase({ ...schema, poolSize: 1 });
  await migrate(
    old,
    MIGRATIONS.filter(({ id }) => id <= OLD),
  );
  await fill(old);
  store = await openStore({ ...schema, now: () => NOON.getTime() });
});
afterAll(async () => {
  await old.close();
  await store.close();
});

async function fill(database: Database): Promise<void> {
  const add = (table: string, rows: readonly object[]) =>
    database.query(`INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, $1)`, [
      JSON.stringify(rows),
    ]);
  const message = (id: string, state: string) => ({
    ...{ id, state, state_at: NOON, received_at: NOON, source: "mta", size_bytes: 5 },
    ...{ envelope: ENVELOPE, envelope_known: true },
  });
  await add("message", [
    message(ids.delivered, "delivered"),
    message(ids.bounced, "delivered"),
    message(ids.waiting, "classified"),
    message(ids.kept, "archived"),
  ]);
  const verdict = (id: string, route: "human" | "archive") => ({
    ...{ message_id: id, verdict: route === "human" ? "genuine-dsn" : "backscatter", route, score: 0.99, kind: "dsn" },
    ...{ classification: classification({ route }), classified_at: NOON, sender: "mx.example.net" },
  });
  const people = [ids.delivered, ids.bounced, ids.waiting].map((id) => verdict(id, "human"));
  await add("verdict", [...people, verdict(ids.kept, "archive")]);
  const assignment = (id: string, state: string, escalate_at: Date | null) => ({
    ...{ message_id: id, human: "ann", state, state_at: NOON, assigned_at: NOON, attempts: 1, put_off: false },
    ...{ refused: [], reported: false, escalate_at },
  });
  await add("assignment", [
    assignment(ids.delivered, "delivered", null),
    assignment(ids.bounced, "delivered", after(4 * HOUR_MS)),
    assignment(ids.waiting, "pending", null),
  ]);
  const taken = { outlet: "smtp", recipient: "ann@example.com", outcome: "delivered", detail: "250 OK" };
  const answer = (table: string, column: string, id: string, more: string) =>
    database.query(
      `INSERT INTO ${table} (${column}, outlet, recipient, outcome, detail${more && ", human"}) VALUES ($1, $2, $3, $4, $5${more})`,
      [id, ...Object.values(taken)],
    );
  for (const id of [ids.delivered, ids.bounced]) await answer("delivery", "message_id", id, ", 'ann'");
  await addNotices(database, add);
  await answer("notice_delivery", "notice_id", ids.notice, "");
  await answer("digest_delivery", "digest_id", ids.digest, "");
  const times = [0, 1_000, 60_000].map(after);
  await add("allowance", [{ human: "ann", lane: "ordinary", taken: times }]);
}

async function addNotices(
  database: Database,
  add: (table: string, rows: readonly object[]) => Promise<unknown>,
): Promise<void> {
  const incident = newId();
  const facts = { trouble: "dead-letters", waiting: 1, latest: [], avoided: { addresses: [], outlets: [] } };
  const seen = { first_seen: NOON, last_seen: NOON, messages: 1, facts };
  await add("incident", [{ id: incident, kind: "alert", scope: "old", state: "open", ...seen }]);
  const state = { state: "delivered", state_at: NOON };
  await add("incident_notice", [{ id: ids.notice, incident_id: incident, step: "begin", facts, at: NOON, ...state }]);
  const totals = { judged: 4, human: 3, grouped: 0, kept: [] };
  const period = { since: after(-24 * HOUR_MS), until: NOON, at: NOON, asked: false };
  await add("digest", [{ id: ids.digest, ...period, ...state, totals }]);
  const told = { human: "ann", ...state, attempts: 1, reached: true };
  await add("notice_assignment", [
    { notice_id: ids.notice, queue: "notify", ...told },
    { notice_id: ids.digest, queue: "digest", ...told },
  ]);
  const [row] = await database.query("SELECT max(id) AS id FROM schema_migration");
  expect(row?.id).toBe(OLD);
}

test("every row is still there, and is read as before", async () => {
  const [row] = await old.query("SELECT max(id) AS id FROM schema_migration");
  expect(row?.id).toBe(MIGRATIONS.at(-1)?.id);
  expect(await store.message(ids.delivered)).toMatchObject({
    state: "delivered",
    classification: { verdict: "genuine-dsn", route: "human" },
    deliveries: [{ human: "ann", outcome: "delivered" }],
    assignments: [{ human: "ann", state: "delivered", isApart: false }],
  });
  expect(await store.message(ids.kept)).toMatchObject({ state: "archived" });
  expect(await store.notice(ids.notice)).toMatchObject({ state: "delivered", deliveries: [{ outcome: "delivered" }] });
  expect(await store.digest(ids.digest)).toMatchObject({ state: "delivered", deliveries: [{ detail: "250 OK" }] });
  expect(await store.noticeAssignments(ids.notice)).toEqual([{ human: "ann", state: "delivered", isApart: false }]);
});

test("what waited goes on, by the job that it had", async () => {
  expect(await store.staleDeliveries(after(HOUR_MS), 10)).toEqual([ids.waiting]);
  const deliveries = [
    { outlet: "smtp", recipient: "ann@example.com", outcome: "delivered", detail: "250 OK" } as const,
  ];
  await store.recordAttempt(ids.waiting, { human: "ann", deliveries, state: "delivered", error: undefined, at: NOON });
  expect(await store.settle([ids.waiting], NOON)).toMatchObject([{ id: ids.waiting, state: "delivered" }]);
});

test("a digest of that day counts what the older release has judged", async () => {
  const { totals, causes, storms } = await store.previewDigest({ since: after(-HOUR_MS), until: after(HOUR_MS) }, 5);
  expect(totals).toMatchObject({ judged: 4, human: 3, kept: [{ verdict: "backscatter", messages: 1 }] });
  expect(causes).toMatchObject([{ messages: 1, entries: [{ id: ids.kept }] }]);
  expect(storms).toEqual([]);
});

test("mails of the last hour still count", async () => {
  const allowance = { human: "ann", lane: "ordinary", at: after(120_000) } as const;
  expect(await store.takeAllowance(allowance, 3)).toBe(false);
  expect(await store.takeAllowance(allowance, 4)).toBe(true);
});

test("what was escalated before is escalated in time, and bounces of what was sent before are told", async () => {
  const bounce = async (id: string, step?: string) =>
    store.noteOwnBounce({
      ...{ reportId: ids.kept, mail: { id, step }, at: after(HOUR_MS) },
      failures: [{ addresses: ["ann@example.com"], reason: "user-unknown", words: "550 no such user" }],
    });
  expect(await bounce(ids.bounced)).toHaveLength(1);
  const step = { human: "ann", to: "bob", unless: "delivered", nextAfterMs: undefined, limit: 10 } as const;
  expect(await store.escalate({ ...step, at: after(4 * HOUR_MS) })).toEqual([`${ids.bounced}.bob`]);
  await bounce(ids.digest, "digest");
  // Whose address it was nobody has noted, so that nobody comes next.
  expect(await store.digest(ids.digest)).toMatchObject({ state: "failed" });
  expect(await store.escalateNotices({ ...step, at: after(9 * HOUR_MS) })).toEqual([]);
});

test("the changelog tells who upgrades up to which number the tables are changed", async () => {
  const last = String(MIGRATIONS.at(-1)?.id).padStart(4, "0");
  expect(await readFile(CHANGELOG, "utf8")).toContain(`to ${last})`);
});
