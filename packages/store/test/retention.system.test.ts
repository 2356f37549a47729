import { afterEach, beforeEach, expect, test } from "vitest";
import { openStore, type Store } from "../src/index.ts";
import { classification, freshSchema, newMessage } from "./fresh-schema.ts";

const DAY_MS = 86_400_000;
const FIRST_DAY = Date.UTC(2026, 10, 20);
const NONE = { messageId: undefined, queueId: undefined, envelopeId: undefined };
let nowMs = FIRST_DAY;
let store: Store;

beforeEach(async () => {
  nowMs = FIRST_DAY + DAY_MS / 2;
  store = await openStore({ ...freshSchema(), now: () => nowMs });
});
afterEach(() => store.close());

async function insertOne(text: string) {
  const [outcome] = await store.insertMessages([newMessage(text)]);
  if (outcome === undefined) throw new Error("no outcome");
  return outcome;
}

test("mail comes in on every day, also after days without any and just before midnight", async () => {
  for (const dayOffset of [0, 1, 2, 9, 10, 400]) {
    nowMs = FIRST_DAY + (dayOffset + 1) * DAY_MS - 1;
    const { id } = await insertOne(`day ${dayOffset}`);
    nowMs += 1;
    const next = await insertOne(`day ${dayOffset}, a millisecond later`);
    expect(await store.raw(id)).toEqual(Buffer.from(`day ${dayOffset}`));
    expect(await store.raw(next.id)).toBeDefined();
  }
});

test("the bytes of a finished day go, what was decided about them stays", async () => {
  const { id } = await insertOne("old");
  await store.saveClassification(id, classification({ route: "archive", actionable: false }));
  nowMs += 3 * DAY_MS;
  const { id: recent } = await insertOne("new");
  const dropped = await store.dropExpiredPartitions({ rawBefore: new Date(FIRST_DAY + 2 * DAY_MS) });
  expect(dropped).toEqual(["message_raw_20261120", "message_raw_20261121"]);
  expect(await store.raw(id)).toBeUndefined();
  expect((await store.message(id))?.classification?.route).toBe("archive");
  expect(await store.raw(recent)).toBeDefined();
  expect(await insertOne("old")).toMatchObject({ duplicate: false });
});

test("a day with a message that waits, or was given up on, is kept", async () => {
  const { id } = await insertOne("not classified yet");
  nowMs += DAY_MS;
  const { id: failed } = await insertOne("cannot be delivered");
  await store.saveClassification(failed, classification());
  await store.markFailed(failed, { stage: "deliver", error: "550", at: new Date(nowMs) });
  const dropped = await store.dropExpiredPartitions({ rawBefore: new Date(FIRST_DAY + 2 * DAY_MS) });
  expect(dropped).toEqual([]);
  expect(await store.raw(id)).toBeDefined();
  expect(await store.raw(failed)).toBeDefined();
});

test("a day that has not ended is kept", async () => {
  expect(await store.dropExpiredPartitions({ rawBefore: new Date(nowMs), sentBefore: new Date(nowMs) })).toEqual([]);
});

test("days of the sent ledger go, and a late line for such a day finds a table again", async () => {
  const line = { messageId: "<1@example.com>", at: new Date(nowMs) };
  await store.recordSent([line]);
  const sentBefore = new Date(FIRST_DAY + DAY_MS);
  expect(await store.dropExpiredPartitions({ sentBefore })).toEqual(["sent_20261120"]);
  expect(await store.findSent({ ...NONE, messageId: line.messageId })).toEqual({ kind: "absent", coverage: undefined });
  await store.recordSent([line]);
  expect(await store.findSent({ ...NONE, messageId: line.messageId })).toMatchObject({ kind: "found" });
});
