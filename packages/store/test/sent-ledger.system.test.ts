import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { openStore, type Store } from "../src/index.ts";
import { freshSchema } from "./fresh-schema.ts";

const NOW = Date.UTC(2026, 10, 22, 12);
const DAY_MS = 86_400_000;
const NONE = { messageId: undefined, queueId: undefined, envelopeId: undefined };
const options = { ...freshSchema(), now: () => NOW };
let store: Store;

beforeAll(async () => {
  store = await openStore(options);
});
afterAll(() => store.close());

test("finds a message by any of its ids, the Message-ID first, and says when it was sent", async () => {
  const at = new Date(NOW - 2 * DAY_MS);
  await store.recordSent([{ messageId: "<1@example.com>", queueId: "4XyZ", envelopeId: "env-1", at }]);
  const messageId = "<1@example.com>";
  expect(await store.findSent({ ...NONE, messageId })).toEqual({ kind: "found", by: "message-id", at });
  expect(await store.findSent({ ...NONE, queueId: "4XyZ" })).toEqual({ kind: "found", by: "queue-id", at });
  expect(await store.findSent({ ...NONE, envelopeId: "env-1" })).toEqual({ kind: "found", by: "envelope-id", at });
  expect(await store.findSent({ messageId, queueId: "4XyZ", envelopeId: "env-1" })).toMatchObject({ by: "message-id" });
});

test("finds a Message-ID with and without angle brackets", async () => {
  await store.recordSent([{ messageId: "2@example.com", at: new Date(NOW) }]);
  expect(await store.findSent({ ...NONE, messageId: " <2@example.com> " })).toMatchObject({ kind: "found" });
});

test("an id of one kind is not found as another kind", async () => {
  await store.recordSent([{ queueId: "ABC123", at: new Date(NOW) }]);
  expect(await store.findSent({ ...NONE, envelopeId: "ABC123" })).toMatchObject({ kind: "absent" });
  expect(await store.findSent(NONE)).toMatchObject({ kind: "absent" });
});

test("the same line twice is harmless", async () => {
  const line = { messageId: "<3@example.com>", at: new Date(NOW) };
  await store.recordSent([line, line]);
  await store.recordSent([line]);
  expect(await store.findSent({ ...NONE, messageId: line.messageId })).toMatchObject({ kind: "found" });
});

test("what is older than the ledger keeps is left out, what is stamped in the far future counts as now", async () => {
  await store.recordSent([
    { messageId: "<old@example.com>", at: new Date(NOW - 15 * DAY_MS) },
    { messageId: "<future@example.com>", at: new Date(NOW + 5_000 * DAY_MS) },
  ]);
  expect(await store.findSent({ ...NONE, messageId: "<old@example.com>" })).toMatchObject({ kind: "absent" });
  expect(await store.findSent({ ...NONE, messageId: "<future@example.com>" })).toMatchObject({ at: new Date(NOW) });
});

test("nothing readable is stored, not even the recipients", async () => {
  await store.recordSent([
    { messageId: "<secret-id@example.com>", recipients: ["joe@example.net"], at: new Date(NOW) },
  ]);
  const client = new pg.Client({ connectionString: inject("databaseUrl") });
  await client.connect();
  try {
    const { rows } = await client.query(`SELECT sent::text AS line FROM "${options.schema}".sent`);
    expect(rows.length).toBeGreaterThan(1);
    for (const { line } of rows) expect(line).not.toMatch(/secret|joe|example/);
  } finally {
    await client.end();
  }
});

test("another process with the same database finds it; one with another secret does not", async () => {
  await store.recordSent([{ messageId: "<4@example.com>", at: new Date(NOW) }]);
  const [same, stranger] = await Promise.all([
    openStore(options),
    openStore({ ...options, ledgerSecret: "of another site" }),
  ]);
  try {
    const keys = { ...NONE, messageId: "<4@example.com>" };
    expect(await same.findSent(keys)).toMatchObject({ kind: "found" });
    expect(await stranger.findSent(keys)).toMatchObject({ kind: "absent" });
  } finally {
    await Promise.all([same.close(), stranger.close()]);
  }
});

test("of several days with the same short queue id, the one nearest to the message's date is meant", async () => {
  const days = [10, 6, 1].map((ago) => new Date(NOW - ago * DAY_MS));
  await store.recordSent(days.map((at) => ({ queueId: "3F2A81C0D9", at })));
  const find = (more: { readonly sentAt?: Date }) => store.findSent({ ...NONE, queueId: "3F2A81C0D9", ...more });
  expect(await find({ sentAt: new Date(NOW - 6.2 * DAY_MS) })).toMatchObject({ at: days[1] });
  expect(await find({})).toMatchObject({ at: days[2] });
});

test("a recipient is found in any case of letters, after the ids", async () => {
  const at = new Date(NOW - DAY_MS);
  await store.recordSent([{ messageId: "<5@example.com>", recipients: ["Joe.Doe@Example.NET"], at }]);
  const recipients = ["nobody@example.org", "joe.doe@example.net"];
  expect(await store.findSent({ ...NONE, recipients })).toEqual({ kind: "found", by: "recipient", at });
  expect(await store.findSent({ ...NONE, messageId: "<5@example.com>", recipients })).toMatchObject({
    by: "message-id",
  });
});

describe("what the ledger covers", () => {
  let fresh: Store;
  let nowMs = NOW;
  beforeEach(async () => {
    nowMs = NOW;
    fresh = await openStore({ ...freshSchema(), now: () => nowMs });
  });
  afterEach(() => fresh.close());

  test("is nothing at first, then the time from the oldest to the newest entry; a repeat adds no entry", async () => {
    expect(await fresh.sentLedgerState()).toEqual({ entries: 0, coverage: undefined });
    const [oldest, newest] = [new Date(NOW - 3 * DAY_MS), new Date(NOW - 60_000)];
    const batch = [
      { messageId: "<1@example.com>", queueId: "4XyZ", recipients: ["joe@example.net"], at: newest },
      { messageId: "<2@example.com>", at: oldest },
    ];
    await fresh.recordSent(batch);
    await fresh.recordSent(batch);
    expect(await fresh.sentLedgerState()).toEqual({ entries: 4, coverage: { oldest, newest } });
    expect(await fresh.findSent({ ...NONE, messageId: "<3@example.com>" })).toEqual({
      kind: "absent",
      coverage: { oldest, newest },
    });
  });

  test("shrinks when days are dropped", async () => {
    await fresh.recordSent([{ messageId: "<1@example.com>", at: new Date(NOW - 3 * DAY_MS) }]);
    await fresh.recordSent([{ messageId: "<2@example.com>", at: new Date(NOW) }]);
    await fresh.dropSentDays(new Date(NOW - DAY_MS));
    const at = new Date(NOW);
    expect(await fresh.sentLedgerState()).toEqual({ entries: 1, coverage: { oldest: at, newest: at } });
  });

  test("does not reach into the future, however wrong an MTA's clock is", async () => {
    await fresh.recordSent([{ messageId: "<1@example.com>", at: new Date(NOW + 3_600_000) }]);
    expect((await fresh.sentLedgerState()).coverage?.newest).toEqual(new Date(NOW));
  });
});

test("feeds that bring the same entries at the same time do not hold each other up", async () => {
  const batch = Array.from({ length: 500 }, (_, index) => ({
    messageId: `<same-${index}@example.com>`,
    recipients: [`${index}@example.net`],
    at: new Date(NOW - (index % 3) * DAY_MS),
  }));
  await Promise.all([batch, [...batch].reverse(), batch, [...batch].reverse()].map((one) => store.recordSent(one)));
  expect(await store.findSent({ ...NONE, messageId: "<same-499@example.com>" })).toMatchObject({ kind: "found" });
});
