import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "../src/database.ts";
import { openStore, type Store } from "../src/index.ts";
import { classification, freshSchema, newMessage } from "./fresh-schema.ts";

const NOON = new Date("2026-11-22T12:00:00Z");
const NOBODY = "00000000-0000-7000-8000-000000000000";

const schema = freshSchema();
/** Locks rows, as another process would. */
const onlooker = openDatabase({ ...schema, poolSize: 2 });
let store: Store;
let ids: readonly string[];

beforeAll(async () => {
  store = await openStore(schema);
  const messages = Array.from({ length: 6 }, (_, number) => newMessage(`message ${number}`));
  ids = (await store.insertMessages(messages)).map(({ id }) => id);
  await Promise.all(ids.map((id) => store.saveClassification(id, classification())));
});
afterAll(async () => {
  await onlooker.close();
  await store.close();
});

const assign = (id: string, ...humans: readonly string[]) =>
  store.assign(
    id,
    humans.map((human) => ({ human, escalateAt: undefined })),
    NOON,
  );

/** A number in the detail tells one answer from another. */
const took = (id: string, human: string, number = 0) =>
  store.recordAttempt(id, {
    human,
    deliveries: [
      { outlet: "smtp", recipient: `${human}@example.com`, outcome: "delivered", detail: `250 ${number}` },
      { outlet: "smtp", recipient: `deputy-of-${human}@example.com`, outcome: "failed", detail: `550 ${number}` },
    ],
    state: "delivered",
    error: undefined,
    at: NOON,
  });

test("what many deliveries read at the same time, each gets of its own message; of none that is not there", async () => {
  const wanted = [...ids, NOBODY, "not an id", ids[0] ?? "", ids[1]?.toUpperCase() ?? ""];
  const known = [...ids, undefined, undefined, ids[0], ids[1]];
  const [messages, raws] = await Promise.all([
    Promise.all(wanted.map((id) => store.message(id))),
    Promise.all(wanted.map((id) => store.raw(id))),
  ]);
  expect(messages.map((message) => message?.id)).toEqual(known);
  expect(raws.map((raw) => raw?.toString())).toEqual(
    known.map((id) => (id === undefined ? undefined : `message ${ids.indexOf(id)}`)),
  );
});

test("messages that are handed out, recorded and settled at the same time keep their humans and answers apart", async () => {
  const humans = ids.map((_, number) => [`human-${number}`, `second-${number}`]);
  expect(await Promise.all(ids.map((id, number) => assign(id, ...(humans[number] ?? []))))).toEqual(humans);
  await Promise.all(ids.flatMap((id, number) => (humans[number] ?? []).map((human) => took(id, human, number))));
  const settled = await Promise.all(ids.map((id) => store.settle([id], NOON)));
  expect(settled).toMatchObject(ids.map((id) => [{ id, state: "delivered" }]));
  const messages = await Promise.all(ids.map((id) => store.message(id)));
  for (const [number, message] of messages.entries()) {
    const refused = (human: string) => ({ human, state: "delivered", refused: [`deputy-of-${human}@example.com`] });
    expect(message?.assignments).toMatchObject((humans[number] ?? []).map(refused));
    expect(message?.deliveries.map(({ outcome, detail }) => [outcome, detail])).toEqual([
      ["delivered", `250 ${number}`],
      ["failed", `550 ${number}`],
      ["delivered", `250 ${number}`],
      ["failed", `550 ${number}`],
    ]);
  }
});

test("an answer that the database refuses is refused alone: what others were told at the same moment is recorded", async () => {
  const [first = "", second = "", third = ""] = ids;
  const before = (await store.message(second))?.deliveries.length ?? 0;
  const outcomes = await Promise.allSettled([
    took(first, "eve", 1),
    took("not an id", "eve", 2),
    took(second, "eve", 3),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect((await store.message(second))?.deliveries).toHaveLength(before + 2);
  expect((await store.message(third))?.deliveries).toHaveLength(before);
});

test("two answers of one human to one message at the same moment are both kept, and both count", async () => {
  const [id = ""] = (await store.insertMessages([newMessage("twice")])).map((one) => one.id);
  await store.saveClassification(id, classification());
  await assign(id, "ann");
  await Promise.all([took(id, "other"), took(id, "ann", 1), took(id, "ann", 2)]);
  const [row] = await onlooker.query("SELECT attempts FROM assignment WHERE message_id = $1", [id]);
  expect(row?.attempts).toBe(2);
  expect((await store.message(id))?.deliveries).toHaveLength(6);
});

test("a message that somebody has locked holds up those who ask after it for a moment only", async () => {
  const [locked = "", free = ""] = (await store.insertMessages([newMessage("locked"), newMessage("free")])).map(
    ({ id }) => id,
  );
  await Promise.all([locked, free].map((id) => store.saveClassification(id, classification())));
  await assign(locked, "ann");
  await assign(free, "ann");
  await Promise.all([took(locked, "ann"), took(free, "ann")]);
  let waiting: Promise<unknown> | undefined;
  await onlooker.transaction(async (session) => {
    await session.query("SELECT FROM message WHERE id = $1 FOR UPDATE", [locked]);
    waiting = store.settle([locked], NOON);
    expect(await store.settle([free], NOON)).toMatchObject([{ id: free, state: "delivered" }]);
  });
  expect(await waiting).toMatchObject([{ id: locked, state: "delivered" }]);
});
