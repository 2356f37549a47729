import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bringToHuman } from "../../../test/support/bring-to-human.ts";
import { openStore, type Store } from "../src/index.ts";
import { classification, freshSchema, newMessage } from "./fresh-schema.ts";

const NOBODY = "00000000-0000-7000-8000-000000000000";
const ARCHIVED = { route: "archive", actionable: false } as const;
let store: Store;

beforeAll(async () => {
  store = await openStore(freshSchema());
});
afterAll(() => store.close());

let count = 0;
async function received(): Promise<string> {
  count += 1;
  const [outcome] = await store.insertMessages([newMessage(`message ${count}`)]);
  return outcome?.id ?? "";
}
const stateOf = async (id: string) => (await store.message(id))?.state;
const inAnHour = () => new Date(Date.now() + 3_600_000);

describe("classification", () => {
  test("a message for the human is classified, any other is archived", async () => {
    const [human, archived, digest] = [await received(), await received(), await received()];
    expect(await store.saveClassification(human, classification())).toBe("saved");
    expect(await store.saveClassification(archived, classification(ARCHIVED))).toBe("saved");
    expect(await store.saveClassification(digest, classification({ ...ARCHIVED, route: "digest" }))).toBe("saved");
    expect(await stateOf(human)).toBe("classified");
    expect(await stateOf(archived)).toBe("archived");
    expect(await stateOf(digest)).toBe("archived");
    expect((await store.message(human))?.classification).toEqual(classification());
  });

  test("the first verdict stays when two workers had the same job", async () => {
    const id = await received();
    const outcomes = await Promise.all([
      store.saveClassification(id, classification()),
      store.saveClassification(id, classification(ARCHIVED)),
    ]);
    expect(outcomes.toSorted()).toEqual(["already-saved", "saved"]);
    const stored = await store.message(id);
    expect(stored?.state).toBe(stored?.classification?.route === "human" ? "classified" : "archived");
  });

  test("a verdict on a message that nobody has is refused, not kept", async () => {
    expect(await store.saveClassification(NOBODY, classification())).toBe("unknown-message");
    expect(await store.saveClassification("no id", classification())).toBe("unknown-message");
  });

  test("a diagnostic with bytes that the database cannot hold does not lose the verdict", async () => {
    const id = await received();
    await store.saveClassification(id, classification({ why: "550 \0 \ud800", fingerprint: "v1:\0" }));
    expect((await store.message(id))?.classification?.why).toBe("550 \ufffd \ufffd");
  });

  test("a release sends an archived message to the human, and says so", async () => {
    const id = await received();
    await store.saveClassification(id, classification(ARCHIVED));
    expect(await store.release(id)).toBe("released");
    const stored = await store.message(id);
    expect(stored?.state).toBe("classified");
    expect(stored?.classification).toMatchObject({ route: "human", actionable: true });
    expect(stored?.releasedAt).toBeInstanceOf(Date);
    expect(await store.release(id)).toBe("not-archived");
    expect(await store.release(NOBODY)).toBe("unknown-message");
  });
});

describe("the sweeper's question", () => {
  test("names the messages whose state has not advanced, oldest first, and no other", async () => {
    const [waiting, classified, delivered] = [await received(), await received(), await received()];
    await store.saveClassification(classified, classification());
    await store.saveClassification(delivered, classification());
    await bringToHuman(store, delivered);
    const stale = await store.staleMessages("received", inAnHour(), 1_000);
    expect(stale).toContain(waiting);
    expect(stale).not.toContain(classified);
    const undelivered = await store.staleMessages("classified", inAnHour(), 1_000);
    expect(undelivered).toContain(classified);
    expect(undelivered).not.toContain(delivered);
    expect(await store.staleMessages("received", new Date(0), 10)).toEqual([]);
    expect(await store.staleMessages("received", inAnHour(), 1)).toHaveLength(1);
  });
});

describe("delivery", () => {
  test("every attempt is kept in order with its time", async () => {
    const id = await received();
    await store.saveClassification(id, classification());
    const attempt = { outlet: "smtp", recipient: "ann@example.com" };
    const at = new Date();
    await store.assign(id, [{ human: "ann", escalateAt: undefined }], at);
    const error = { ...attempt, outcome: "error", detail: "451 try later\0" } as const;
    await store.recordAttempt(id, { human: "ann", deliveries: [error], state: "pending", error: "later", at });
    await bringToHuman(store, id, { ...attempt, detail: "250 OK" }, at);
    const stored = await store.message(id);
    expect(stored?.state).toBe("delivered");
    expect(stored?.deliveries).toMatchObject([
      { ...attempt, outcome: "error", detail: "451 try later\ufffd", at: expect.any(Date) },
      { ...attempt, outcome: "delivered", detail: "250 OK" },
    ]);
  });

  test("a delivery that was given up is a dead letter and a failed message", async () => {
    const id = await received();
    await store.saveClassification(id, classification());
    const before = await store.countDeadLetters();
    const at = new Date("2026-11-22T10:00:00Z");
    await store.markFailed(id, { stage: "deliver", error: "550 5.7.1 refused", at });
    expect(await stateOf(id)).toBe("failed");
    expect(await store.countDeadLetters()).toBe(before + 1);
    expect((await store.message(id))?.deadLetter).toEqual({ stage: "deliver", error: "550 5.7.1 refused", at });
  });

  test("a classification that was given up leaves the state alone, so that the stand-in verdict can be saved", async () => {
    const id = await received();
    await store.markFailed(id, { stage: "classify", error: "out of memory", at: new Date() });
    expect(await stateOf(id)).toBe("received");
    expect(await store.saveClassification(id, classification({ verdict: "undecided" }))).toBe("saved");
    expect((await store.message(id))?.deadLetter?.stage).toBe("classify");
  });

  test("a message that the human already has does not become failed", async () => {
    const id = await received();
    await store.saveClassification(id, classification());
    await bringToHuman(store, id);
    await store.markFailed(id, { stage: "deliver", error: "a late second worker", at: new Date() });
    expect(await store.message(id)).toMatchObject({ state: "delivered", deadLetter: undefined });
  });
});

describe("dead letters", () => {
  test("are listed newest first, page by page", async () => {
    const ids = [await received(), await received(), await received()];
    for (const [index, id] of ids.entries()) {
      await store.markFailed(id, { stage: "deliver", error: "x", at: new Date(Date.UTC(2030, 0, index + 1)) });
    }
    const first = await store.deadLetters({ limit: 2 });
    expect(first.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
    const next = await store.deadLetters({ limit: 1, before: first[1]?.at ?? new Date() });
    expect(next.map(({ id }) => id)).toEqual([ids[0]]);
  });

  test("trying again removes the letter and names the queue", async () => {
    const id = await received();
    await store.saveClassification(id, classification());
    await store.markFailed(id, { stage: "deliver", error: "550", at: new Date() });
    expect(await store.retryDeadLetter(id, { by: "ann" })).toBe("deliver");
    const stored = await store.message(id);
    expect(stored?.state).toBe("classified");
    expect(stored?.deadLetter).toBeUndefined();
    expect(await store.retryDeadLetter(id, { by: "ann" })).toBeUndefined();
  });

  test("trying a classification again forgets the stand-in verdict", async () => {
    const id = await received();
    await store.markFailed(id, { stage: "classify", error: "bug", at: new Date() });
    await store.saveClassification(id, classification({ verdict: "undecided" }));
    expect(await store.retryDeadLetter(id, { by: "ann" })).toBe("classify");
    expect(await store.message(id)).toMatchObject({ state: "received", classification: undefined });
    expect(await store.saveClassification(id, classification())).toBe("saved");
  });
});
