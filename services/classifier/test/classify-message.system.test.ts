import { type Envelope, NULL_REVERSE_PATH, parseAddress } from "@triage/message";
import { createLog, createMetrics } from "@triage/runtime";
import { openStore, type Store, StoreUnavailableError } from "@triage/store";
import { afterEach, beforeEach, expect, test } from "vitest";
import { bringToHuman } from "../../../test/support/bring-to-human.ts";
import { useDatabase } from "../../../test/support/use-database.ts";
import { type ClassifyParts, classifyMessage, giveUpClassification } from "../src/classify-message.ts";
import { emptySite } from "../src/empty-site.ts";

const database = useDatabase();
let store: Store;
let enqueued: string[];
let parts: ClassifyParts;

beforeEach(async () => {
  store = await openStore({ databaseUrl: database.url });
  enqueued = [];
  parts = {
    store,
    enqueueDelivery: async (id) => void enqueued.push(id),
    enqueueNotices: async () => undefined,
    context: { site: emptySite(), ports: () => ({ now: new Date() }) },
    metrics: createMetrics({ processMetrics: false }),
    log: createLog({ level: "silent" }),
    now: () => new Date(),
  };
});
afterEach(() => store.close());

const LETTER = [
  "From: Joe Doe <joe@example.net>",
  "To: postmaster@example.com",
  "Subject: your server refuses our mail",
  "",
  "Hello, since yesterday your server refuses our mail. Could you have a look, please? Thank you, Joe",
  "",
];
const AUTO_REPLY = [
  "Auto-Submitted: auto-replied",
  "Precedence: bulk",
  "From: joe@example.net",
  "Subject: Out of office",
  "",
  "I am away.",
  "",
];

async function received(lines: readonly string[], reversePath: Envelope["reversePath"]): Promise<string> {
  const forwardPaths = [parseAddress("postmaster@example.com")].filter((path) => path !== undefined);
  // Every test needs a message of its own: the store knows the same bytes again.
  const raw = Buffer.from([`Message-ID: <${enqueued.length}.${Math.random()}@example.net>`, ...lines].join("\r\n"));
  const [outcome] = await store.insertMessages([
    { raw, envelope: { reversePath, forwardPaths }, envelopeKnown: true, source: "test" },
  ]);
  if (outcome === undefined) throw new Error("nothing was inserted");
  return outcome.id;
}

const fromJoe = () => received(LETTER, parseAddress("joe@example.net"));

test("a letter is classified, kept with its verdict, and a deliver job is added", async () => {
  const id = await fromJoe();
  await classifyMessage({ messageId: id }, parts);
  const message = await store.message(id);
  expect(message).toMatchObject({
    state: "classified",
    classification: { route: "human", report: { kind: "person" } },
  });
  expect(enqueued).toEqual([id]);
  const verdict = message?.classification?.verdict;
  expect((await parts.metrics.verdicts.get()).values).toEqual([{ value: 1, labels: { verdict, route: "human" } }]);
  expect((await parts.metrics.evidence.get()).values.length).toBeGreaterThan(0);
});

test("an automatic reply is archived, and no job is added", async () => {
  const id = await received(AUTO_REPLY, NULL_REVERSE_PATH);
  await classifyMessage({ messageId: id }, parts);
  expect(await store.message(id)).toMatchObject({ state: "archived" });
  expect(enqueued).toEqual([]);
});

test("a job that comes twice counts once; the deliver job, which may have been lost, is added again", async () => {
  const id = await fromJoe();
  await classifyMessage({ messageId: id }, parts);
  await classifyMessage({ messageId: id }, parts);
  expect(enqueued).toEqual([id, id]);
  expect((await parts.metrics.verdicts.get()).values).toMatchObject([{ value: 1 }]);
});

test("two workers with the same job: one verdict is kept and counted", async () => {
  const id = await fromJoe();
  await Promise.all([classifyMessage({ messageId: id }, parts), classifyMessage({ messageId: id }, parts)]);
  expect((await parts.metrics.verdicts.get()).values).toMatchObject([{ value: 1 }]);
  expect(await store.message(id)).toMatchObject({ state: "classified" });
});

test("a message that is delivered or archived already is left alone", async () => {
  const id = await fromJoe();
  await classifyMessage({ messageId: id }, parts);
  await bringToHuman(store, id);
  await classifyMessage({ messageId: id }, parts);
  expect(enqueued).toEqual([id]);
});

test("after the retries a message goes to the human as undecided, the defect named, with a dead letter beside it", async () => {
  const id = await fromJoe();
  await giveUpClassification({ messageId: id }, new TypeError("x is not a function"), parts);
  expect(await store.message(id)).toMatchObject({
    state: "classified",
    classification: {
      verdict: "undecided",
      route: "human",
      report: { defects: [{ code: "classifier-error", detail: "TypeError: x is not a function" }] },
    },
    deadLetter: { stage: "classify", error: "TypeError: x is not a function" },
  });
  expect(enqueued).toEqual([id]);
});

test("a database that was away is no fault of the message: it stays received, and the sweeper brings it back", async () => {
  const id = await fromJoe();
  await giveUpClassification({ messageId: id }, new StoreUnavailableError("away"), parts);
  expect(await store.message(id)).toMatchObject({ state: "received", deadLetter: undefined });
  expect(await store.staleMessages("received", new Date(Date.now() + 1_000), 10)).toContain(id);
});

test("giving up comes too late for a message that another worker has classified", async () => {
  const id = await fromJoe();
  await classifyMessage({ messageId: id }, parts);
  await giveUpClassification({ messageId: id }, new Error("late"), parts);
  const message = await store.message(id);
  expect(message?.deadLetter).toBeUndefined();
  expect(message?.classification?.report.kind).toBe("person");
});

test("bytes that retention has dropped are not waited for: the job fails at once", async () => {
  const id = await fromJoe();
  await database.query("DELETE FROM triage.message_raw WHERE id = $1", [id]);
  await expect(classifyMessage({ messageId: id }, parts)).rejects.toMatchObject({
    code: "RAW_MESSAGE_GONE",
    retryable: false,
  });
});

test("a job for a message that the store does not know is done", async () => {
  await classifyMessage({ messageId: "019aaa65-1e80-7e4f-8a9b-0c1d2e3f4a5b" }, parts);
  expect(enqueued).toEqual([]);
});
