import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { bringToHuman } from "../../../test/support/bring-to-human.ts";
import { openDatabase } from "../src/database.ts";
import { openStore, type Store, type StoreOptions } from "../src/index.ts";
import { classification, freshSchema, newMessage } from "./fresh-schema.ts";

const DAY_MS = 86_400_000;
const FIRST_DAY = Date.UTC(2026, 10, 20);
const NONE = { messageId: undefined, queueId: undefined, envelopeId: undefined };
const KEEP = { human: 90, digest: 60, archive: 30, facts: 400 };
const ARCHIVED = { route: "archive", actionable: false } as const;
let nowMs = FIRST_DAY;
let options: StoreOptions & { readonly schema: string };
let store: Store;

beforeEach(async () => {
  nowMs = FIRST_DAY + DAY_MS / 2;
  options = { ...freshSchema(), now: () => nowMs };
  store = await openStore(options);
});
afterEach(() => store.close());

async function insertOne(text: string) {
  const [outcome] = await store.insertMessages([newMessage(text)]);
  if (outcome === undefined) throw new Error("no outcome");
  return outcome;
}

/** A message that has gone the whole way of its route. */
async function finished(route: "human" | "digest" | "archive", text = `${route} ${Math.random()}`): Promise<string> {
  const { id } = await insertOne(text);
  await store.saveClassification(id, classification({ route, actionable: route === "human" }));
  if (route === "human") await bringToHuman(store, id, {}, new Date(nowMs));
  return id;
}

async function archivedMany(count: number): Promise<readonly string[]> {
  return Promise.all(Array.from({ length: count }, () => finished("archive")));
}

async function kept(ids: readonly string[]): Promise<readonly boolean[]> {
  return Promise.all(ids.map(async (id) => (await store.raw(id)) !== undefined));
}

async function run(keep = KEEP) {
  const outcome = await store.runRetention(keep, { trustClock: true });
  if (outcome.kind !== "done") throw new Error(`the run was ${outcome.kind}`);
  return outcome.result;
}

const hows = (result: { readonly days: readonly { readonly how: string; readonly goes: number }[] }) =>
  result.days.map(({ how, goes }) => [how, goes]);

describe("the bytes", () => {
  test("come in on every day, also after days without any and just before midnight", async () => {
    for (const dayOffset of [0, 1, 2, 9, 10, 400]) {
      nowMs = FIRST_DAY + (dayOffset + 1) * DAY_MS - 1;
      const { id } = await insertOne(`day ${dayOffset}`);
      nowMs += 1;
      const next = await insertOne(`day ${dayOffset}, a millisecond later`);
      expect(await store.raw(id)).toEqual(Buffer.from(`day ${dayOffset}`));
      expect(await store.raw(next.id)).toBeDefined();
    }
  });

  test("go when the days of their route are over, and what is known stays", async () => {
    const ids = [await finished("human"), await finished("digest"), ...(await archivedMany(8))];
    nowMs = FIRST_DAY + 31 * DAY_MS - 1;
    expect(hows(await run())).toEqual([]);
    nowMs += 1;
    expect(hows(await run())).toEqual([["exchange", 8]]);
    expect(await kept(ids)).toEqual([true, true, ...Array<boolean>(8).fill(false)]);
    nowMs = FIRST_DAY + 61 * DAY_MS;
    await run();
    expect(await kept(ids.slice(0, 2))).toEqual([true, false]);
    nowMs = FIRST_DAY + 91 * DAY_MS;
    await run();
    expect(await kept(ids.slice(0, 1))).toEqual([false]);
    for (const id of ids) expect((await store.message(id))?.classification).toBeDefined();
  });

  test("of a day most of which stays are deleted row by row, instead of copying the bulk", async () => {
    const human = await Promise.all(Array.from({ length: 5 }, () => finished("human")));
    const archived = await archivedMany(2);
    nowMs += 40 * DAY_MS;
    expect(hows(await run())[0]).toEqual(["delete", 2]);
    expect(await kept([...human, ...archived])).toEqual([true, true, true, true, true, false, false]);
  });

  test("stay as long as the message is unfinished, a dead letter, to be learned from, or was taken out lately", async () => {
    const waits = (await insertOne("not classified yet")).id;
    const classified = (await insertOne("not delivered yet")).id;
    await store.saveClassification(classified, classification());
    const failed = (await insertOne("cannot be delivered")).id;
    await store.saveClassification(failed, classification());
    await store.markFailed(failed, { stage: "deliver", error: "550", at: new Date(nowMs) });
    const stuck = (await insertOne("classification was given up, and archived")).id;
    await store.saveClassification(stuck, classification(ARCHIVED));
    await store.markFailed(stuck, { stage: "classify", error: "crash", at: new Date(nowMs) });
    const corrected = await finished("archive");
    const correction = { verdict: "spam", by: "ann", apiKey: "mx" } as const;
    await store.saveCorrection(corrected, correction, (machine) => ({ ...machine, ...ARCHIVED, verdict: "spam" }));
    const released = await finished("archive");
    await store.release(released);
    await bringToHuman(store, released, {}, new Date(nowMs));
    const stays = [waits, classified, failed, stuck, corrected, released];
    const goes = await archivedMany(20);
    nowMs += 45 * DAY_MS;
    expect(hows(await run())[0]).toEqual(["exchange", 20]);
    expect(await kept(stays)).toEqual(stays.map(() => true));
    expect(await kept(goes)).toEqual(goes.map(() => false));
    nowMs += 1_000 * DAY_MS;
    await run();
    expect(await kept([waits, classified, failed, stuck, corrected])).toEqual([true, true, true, true, true]);
  });

  test("that are gone cannot be released, and the message says so instead of becoming a dead letter", async () => {
    const id = await finished("archive");
    nowMs += 40 * DAY_MS;
    await run();
    expect(await store.release(id)).toBe("expired");
    expect((await store.message(id))?.state).toBe("archived");
  });

  test("of a message that is released while its day is being dropped are there, or the release says that they are not", async () => {
    const ids = await archivedMany(30);
    nowMs += 40 * DAY_MS;
    const [, ...outcomes] = await Promise.all([run(), ...ids.slice(0, 10).map((id) => store.release(id))]);
    const there = await kept(ids);
    expect(there.slice(0, 10)).toEqual(outcomes.map((outcome) => outcome === "released"));
    expect(there.slice(10)).toEqual(ids.slice(10).map(() => false));
  });

  test("keep coming in while a day is exchanged", async () => {
    await finished("human");
    await archivedMany(30);
    nowMs += 40 * DAY_MS;
    const writing = Promise.all(Array.from({ length: 50 }, (_, index) => insertOne(`meanwhile ${index}`)));
    const [result, written] = await Promise.all([run(), writing]);
    expect(hows(result)[0]).toEqual(["exchange", 30]);
    expect(await kept(written.map(({ id }) => id))).toEqual(written.map(() => true));
  });
});

describe("a run", () => {
  test("that is cut short changes nothing of the day, and the next one does all of it", async () => {
    const human = await finished("human");
    const archived = await archivedMany(9);
    nowMs += 40 * DAY_MS;
    const database = openDatabase({ databaseUrl: options.databaseUrl, poolSize: 2, schema: options.schema });
    try {
      // a table of that name is in the way: the exchange fails in its middle, as it would if the process died there
      await database.query("CREATE TABLE message_raw_20261120_kept (x int)");
      await expect(run()).rejects.toThrow();
      expect(await kept([human, ...archived])).toEqual([human, ...archived].map(() => true));
      expect(await store.lastRetention()).toBeUndefined();
      await database.query("DROP TABLE message_raw_20261120_kept");
      expect(hows(await run())[0]).toEqual(["exchange", 9]);
      expect(await store.lastRetention()).toEqual(new Date(nowMs));
    } finally {
      await database.close();
    }
  });

  test("is one at a time, in however many processes", async () => {
    await archivedMany(20);
    nowMs += 40 * DAY_MS;
    const other = await openStore(options);
    try {
      const outcomes = await Promise.all([
        store.runRetention(KEEP),
        other.runRetention(KEEP),
        store.runRetention(KEEP),
      ]);
      const goes = outcomes.flatMap((outcome) => (outcome.kind === "done" ? hows(outcome.result) : []));
      expect(goes.filter(([, count]) => count === 20)).toHaveLength(1);
    } finally {
      await other.close();
    }
  });

  test("is announced by a plan that changes nothing", async () => {
    const ids = [await finished("human"), ...(await archivedMany(6))];
    nowMs += 40 * DAY_MS;
    const plan = await store.planRetention(KEEP);
    expect(await kept(ids)).toEqual(ids.map(() => true));
    expect(plan.days[0]).toMatchObject({ how: "exchange", goes: 6, stays: 1 });
    expect(plan.days[0]?.bytes).toBeGreaterThan(0);
    expect(hows(await run())).toEqual(hows(plan));
    expect((await store.planRetention(KEEP)).days).toEqual([]);
  });
});

describe("repeats", () => {
  test("of a message whose bytes went are new messages, of one that stays they are repeats", async () => {
    const human = await finished("human", "for a human");
    await archivedMany(4);
    await finished("archive", "for nobody");
    nowMs += 40 * DAY_MS;
    expect(await insertOne("for nobody")).toMatchObject({ duplicate: true });
    await run();
    expect(await insertOne("for nobody")).toMatchObject({ duplicate: false });
    expect(await insertOne("for a human")).toEqual({ id: human, duplicate: true });
  });

  test("by idempotency key are forgotten with the bytes as well", async () => {
    const keyed = newMessage("with a key", { idempotencyKey: "1" });
    const [first] = await store.insertMessages([keyed]);
    await store.saveClassification(first?.id ?? "", classification(ARCHIVED));
    nowMs += 40 * DAY_MS;
    await run();
    const [again] = await store.insertMessages([keyed]);
    expect(again).toMatchObject({ duplicate: false });
  });
});

describe("facts", () => {
  test("go in their time with everything that points to them, but not those of bytes that are kept", async () => {
    const gone = await finished("archive");
    const taken = { outlet: "smtp", recipient: "ann@example.com", outcome: "delivered", detail: "ok" } as const;
    const at = new Date(nowMs);
    await store.recordAttempt(gone, { human: "ann", deliveries: [taken], state: "delivered", error: undefined, at });
    const waits = (await insertOne("not classified yet")).id;
    nowMs += 402 * DAY_MS;
    // Its bytes go in the same run, and the plan knows.
    expect((await store.planRetention(KEEP)).facts).toEqual({ messages: 1, incidents: 0 });
    const { facts, oldest } = await run();
    expect(facts).toEqual({ messages: 1, incidents: 0 });
    expect(await store.message(gone)).toBeUndefined();
    expect((await store.message(waits))?.state).toBe("received");
    expect(oldest?.toISOString().slice(0, 10)).toBe("2026-11-20");
  });
});

test("days of the sent ledger go, and a late line for such a day finds a table again", async () => {
  const line = { messageId: "<1@example.com>", at: new Date(nowMs) };
  await store.recordSent([line]);
  expect(await store.dropSentDays(new Date(FIRST_DAY + DAY_MS))).toEqual(["sent_20261120"]);
  expect(await store.findSent({ ...NONE, messageId: line.messageId })).toEqual({ kind: "absent", coverage: undefined });
  await store.recordSent([line]);
  expect(await store.findSent({ ...NONE, messageId: line.messageId })).toMatchObject({ kind: "found" });
});

describe("what waits for a human", () => {
  test("keeps its bytes: held back for one, to be handed to the next one, or told of by a notice that nobody got", async () => {
    const database = openDatabase({ databaseUrl: options.databaseUrl, poolSize: 1, schema: options.schema });
    try {
      const [held = "", escalates = "", settled = ""] = await Promise.all([1, 2, 3].map(() => finished("human")));
      const assign = (id: string, state: string, escalateAt: Date | null) =>
        database.query(
          `INSERT INTO assignment (message_id, human, state, state_at, assigned_at, escalate_at)
           VALUES ($1, 'bob', $2, now(), now(), $3)`,
          [id, state, escalateAt],
        );
      await assign(held, "held", null);
      await assign(escalates, "delivered", new Date(nowMs + DAY_MS));
      await assign(settled, "delivered", null);
      nowMs += 100 * DAY_MS;
      await run();
      expect(await kept([held, escalates, settled])).toEqual([true, true, false]);
    } finally {
      await database.close();
    }
  });
});

describe("what a person has put into the archive", () => {
  test("goes in its time, although it was on its way to a human", async () => {
    const { id } = await insertOne("waits for ann, and is spam");
    await store.saveClassification(id, classification());
    await store.assign(id, [{ human: "ann", escalateAt: new Date(nowMs + DAY_MS) }], new Date(nowMs));
    const correction = { verdict: "spam", by: "bob", apiKey: "mx" } as const;
    await store.saveCorrection(id, correction, (machine) => ({ ...machine, ...ARCHIVED, verdict: "spam" }));
    const database = openDatabase({ databaseUrl: options.databaseUrl, poolSize: 1, schema: options.schema });
    await database.query("UPDATE correction SET learning = 'kept'");
    await database.query("UPDATE verdict SET corrected_at = corrected_at - interval '1 day'");
    await database.close();
    nowMs += 100 * DAY_MS;
    await run();
    expect(await kept([id])).toEqual([false]);
  });
});

describe("what is known of a message whose bytes are gone", () => {
  test("can be kept without addresses, once and for all its texts", async () => {
    const { id } = await insertOne("about Joe");
    const recipient = { action: "failed", reason: "user-unknown", permanent: true } as const;
    const recipients = [{ ...recipient, address: "joe@example.net", diagnostic: "550 <joe@example.net> unknown" }];
    const facts = classification({
      ...ARCHIVED,
      why: "joe@example.net is unknown",
      report: { kind: "dsn", format: "rfc3464", recipients },
    });
    await store.saveClassification(id, facts);
    const error = {
      outlet: "smtp",
      recipient: "ann@example.com",
      outcome: "error",
      detail: "joe@example.net",
    } as const;
    const at = new Date(nowMs);
    await store.recordAttempt(id, { human: "ann", deliveries: [error], state: "pending", error: "later", at });
    const staying = (await insertOne("not over yet")).id;
    await store.saveClassification(staying, facts);
    await store.release(staying);
    nowMs += 40 * DAY_MS;
    await store.runRetention(KEEP, { redact: () => "***" });
    const known = JSON.stringify(await store.message(id));
    expect(known).not.toContain("joe");
    expect(known).toContain("***@example.net is unknown");
    expect(JSON.stringify(await store.message(staying))).toContain("joe@example.net");
    await store.runRetention(KEEP, { redact: () => "again" });
    expect(JSON.stringify(await store.message(id))).toBe(known);
  });
});
