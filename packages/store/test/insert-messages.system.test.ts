import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStore, type Store } from "../src/index.ts";
import { ENVELOPE, freshSchema, newMessage } from "./fresh-schema.ts";

const options = freshSchema();
let store: Store;
let other: Store;

beforeAll(async () => {
  [store, other] = await Promise.all([openStore(options), openStore(options)]);
});
afterAll(async () => {
  await Promise.all([store.close(), other.close()]);
});

async function insertOne(...args: Parameters<typeof newMessage>) {
  const [outcome] = await store.insertMessages([newMessage(...args)]);
  if (outcome === undefined) throw new Error("no outcome");
  return outcome;
}

describe("what goes in comes out", () => {
  test("bytes and envelope come back exactly, with the state received", async () => {
    const { id, duplicate } = await insertOne("Subject: Grüße\r\n\r\n\0\u{1f4e8}");
    expect(duplicate).toBe(false);
    expect(await store.raw(id)).toEqual(Buffer.from("Subject: Grüße\r\n\r\n\0\u{1f4e8}"));
    const stored = await store.message(id);
    expect(stored).toMatchObject({ id, state: "received", source: "test", envelopeKnown: true, deliveries: [] });
    expect(stored?.envelope).toEqual(ENVELOPE);
    expect(stored?.classification).toBeUndefined();
    expect(Math.abs(Date.now() - (stored?.receivedAt.getTime() ?? 0))).toBeLessThan(60_000);
    expect(await store.messageSource(id)).toEqual({
      raw: await store.raw(id),
      envelope: ENVELOPE,
      state: "received",
    });
  });

  test("an unknown reverse-path stays unknown and does not become the null one", async () => {
    const { id } = await insertOne("unknown", {
      envelope: { reversePath: undefined, forwardPaths: [] },
      envelopeKnown: false,
    });
    const stored = await store.message(id);
    expect(stored?.envelope.reversePath).toBeUndefined();
    expect(stored?.envelopeKnown).toBe(false);
  });

  test("any bytes in any batch come back byte for byte, each with its own message", async () => {
    const bytes = fc.uint8Array({ maxLength: 3_000 });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(bytes, { maxLength: 12, selector: (b) => Buffer.from(b).toString("hex") }),
        async (all) => {
          const batch = all.map((raw) => newMessage("", { raw: Buffer.from(raw) }));
          const outcomes = await store.insertMessages(batch);
          const back = await Promise.all(outcomes.map(({ id }) => store.raw(id)));
          expect(back).toEqual(batch.map((message) => message.raw));
        },
      ),
      { numRuns: 40 },
    );
  });

  test("a message of 25 MB comes back byte for byte", async () => {
    const raw = Buffer.alloc(25_000_000, "0123456789abcdef\r\n");
    const { id } = await insertOne("", { raw });
    const back = await store.raw(id);
    expect(back?.equals(raw)).toBe(true);
  });

  test("an envelope with characters that the database cannot hold is kept with U+FFFD in their place", async () => {
    const { id } = await insertOne("odd", { envelope: { ...ENVELOPE, clientHelo: "a\0b\ud800c" } });
    expect((await store.message(id))?.envelope.clientHelo).toBe("a\ufffdb\ufffdc");
  });

  test("ids rise in the order of the batch", async () => {
    const outcomes = await store.insertMessages(["1", "2", "3"].map((text) => newMessage(`order ${text}`)));
    const ids = outcomes.map(({ id }) => id);
    expect(ids).toEqual(ids.toSorted());
  });

  test("an id that is none, or that nobody has, is no message", async () => {
    for (const id of ["", "1", "'; DROP TABLE message", "00000000-0000-7000-8000-000000000000"]) {
      expect(await store.message(id)).toBeUndefined();
      expect(await store.raw(id)).toBeUndefined();
      expect(await store.messageSource(id)).toBeUndefined();
    }
  });
});

describe("repeats", () => {
  test("the same bytes for the same forward-paths are one message", async () => {
    const first = await insertOne("same bytes");
    expect(await insertOne("same bytes")).toEqual({ id: first.id, duplicate: true });
  });

  test("the same bytes for another forward-path are another message", async () => {
    const forwardPaths = [{ kind: "address", localPart: "abuse", domain: "example.com" } as const];
    const first = await insertOne("two mailboxes");
    const second = await insertOne("two mailboxes", { envelope: { ...ENVELOPE, forwardPaths } });
    expect(second).toMatchObject({ duplicate: false });
    expect(second.id).not.toBe(first.id);
  });

  test("the order in which forward-paths are listed does not matter", async () => {
    const a = { kind: "address", localPart: "a", domain: "example.com" } as const;
    const b = { kind: "address", localPart: "b", domain: "example.com" } as const;
    const first = await insertOne("listed", { envelope: { ...ENVELOPE, forwardPaths: [a, b] } });
    const second = await insertOne("listed", { envelope: { ...ENVELOPE, forwardPaths: [b, a] } });
    expect(second).toEqual({ id: first.id, duplicate: true });
  });

  test("the same Idempotency-Key is one message even when a relay changed the bytes", async () => {
    const first = await insertOne("Received: 1", { idempotencyKey: "k1" });
    expect(await insertOne("Received: 2", { idempotencyKey: "k1" })).toEqual({ id: first.id, duplicate: true });
    expect(await insertOne("Received: 1", { idempotencyKey: "k1" })).toEqual({ id: first.id, duplicate: true });
  });

  test("the Idempotency-Key of another client means nothing", async () => {
    await insertOne("of client a", { idempotencyKey: "shared", source: "a" });
    expect(await insertOne("of client b", { idempotencyKey: "shared", source: "b" })).toMatchObject({
      duplicate: false,
    });
  });

  test("a new Idempotency-Key on known bytes leads to the first message, and so does that key later", async () => {
    const first = await insertOne("known bytes");
    expect(await insertOne("known bytes", { idempotencyKey: "k2" })).toEqual({ id: first.id, duplicate: true });
    expect(await insertOne("other bytes", { idempotencyKey: "k2" })).toEqual({ id: first.id, duplicate: true });
    expect(await insertOne("other bytes")).toMatchObject({ duplicate: false });
  });

  test("repeats within one batch are found, by bytes and by key", async () => {
    const outcomes = await store.insertMessages([
      newMessage("batch a"),
      newMessage("batch a"),
      newMessage("batch b", { idempotencyKey: "k3" }),
      newMessage("batch c", { idempotencyKey: "k3" }),
      newMessage("batch a", { idempotencyKey: "k4" }),
      newMessage("batch d"),
    ]);
    expect(outcomes.map(({ duplicate }) => duplicate)).toEqual([false, true, false, true, true, false]);
    const ids = outcomes.map(({ id }) => id);
    expect(ids[1]).toBe(ids[0]);
    expect(ids[3]).toBe(ids[2]);
    expect(ids[4]).toBe(ids[0]);
    for (const id of ids) expect(await store.raw(id)).toBeDefined();
  });

  test("two processes that get the same messages at once, in any order, store each once", async () => {
    const texts = Array.from({ length: 40 }, (_, index) => `race ${index}`);
    const batches = Array.from({ length: 12 }, (_, turn) => {
      const order = turn % 2 === 0 ? texts : texts.toReversed();
      return (turn % 3 === 0 ? store : other).insertMessages(order.map((text) => newMessage(text)));
    });
    const outcomes = (await Promise.all(batches)).flat();
    expect(outcomes.filter(({ duplicate }) => !duplicate)).toHaveLength(texts.length);
    expect(new Set(outcomes.map(({ id }) => id)).size).toBe(texts.length);
    for (const { id } of outcomes) expect(await store.message(id)).toBeDefined();
  });

  test("whatever comes in, every answered id is a stored message", async () => {
    const item = fc.record({
      text: fc.constantFrom("p", "q", "r", "s").map((text) => `property ${text}`),
      idempotencyKey: fc.option(fc.constantFrom("p1", "p2", "p3"), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(item, { maxLength: 6 }), fc.uuid(), async (items, source) => {
        const batch = items.map(({ text, idempotencyKey }) =>
          newMessage(`${source} ${text}`, { source, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) }),
        );
        const outcomes = await store.insertMessages(batch);
        expect(outcomes).toHaveLength(batch.length);
        for (const { id } of outcomes) expect((await store.raw(id))?.toString()).toContain(source);
        expect(await store.insertMessages(batch)).toEqual(outcomes.map(({ id }) => ({ id, duplicate: true })));
      }),
      { numRuns: 60 },
    );
  });
});
