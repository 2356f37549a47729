import { afterAll, beforeAll, expect, test } from "vitest";
import { LETTER } from "./classifications.ts";
import { AUTHORIZED, freshMessage, openTestIngest, type TestIngest } from "./ingest-app.ts";

let ingest: TestIngest;
beforeAll(async () => {
  ingest = await openTestIngest();
});
afterAll(() => ingest.close());

async function deadLetter(error: string): Promise<string> {
  const { id } = (await ingest.post(freshMessage())).json();
  await ingest.store.saveClassification(id, LETTER);
  await ingest.store.markFailed(id, { stage: "deliver", error, at: new Date() });
  return id;
}
const get = (path: string) => ingest.app.inject({ method: "GET", url: `/v1/dead-letters${path}`, headers: AUTHORIZED });
const post = (path: string, payload: object) =>
  ingest.app.inject({
    method: "POST",
    url: `/v1/dead-letters${path}`,
    headers: { ...AUTHORIZED, "content-type": "application/json" },
    payload: JSON.stringify(payload),
  });
const deliverJobs = (id: string) => ingest.jobs.filter((job) => job.queue === "deliver" && job.messageId === id).length;

test("they are found by a part of their error", async () => {
  const id = await deadLetter("550 mailbox Unheard-Of");
  await deadLetter("421 too busy");
  const { deadLetters } = (await get("?stage=deliver&error=unheard-of")).json();
  expect(deadLetters).toMatchObject([{ id, stage: "deliver" }]);
});

test("one is tried again, also without a body, and it is kept who did it", async () => {
  const id = await deadLetter("first error");
  const answer = await ingest.app.inject({ method: "POST", url: `/v1/dead-letters/${id}/retry`, headers: AUTHORIZED });
  expect(answer.statusCode).toBe(202);
  expect(deliverJobs(id)).toBe(1);
  await ingest.store.markFailed(id, { stage: "deliver", error: "second error", at: new Date() });
  expect((await get(`/${id}`)).json()).toMatchObject({
    error: "second error",
    rawKept: true,
    actions: [{ action: "retry", error: "first error", by: "mx" }],
  });
});

test("many are tried again by what they have in common", async () => {
  const [one, two] = [await deadLetter("relay Down-Again"), await deadLetter("relay down-again")];
  const answer = await post("/retry", { error: "down-again", by: "ann" });
  expect(answer.json()).toMatchObject({ retried: 2 });
  expect(deliverJobs(one) + deliverJobs(two)).toBe(2);
});

test("a free address is no human: the site's mail cannot be sent anywhere", async () => {
  const id = await deadLetter("550 no");
  const answer = await post(`/${id}/redirect`, { human: "mallory@example.net" });
  expect(answer.statusCode).toBe(400);
  expect(answer.json().code).toBe("unknown-human");
  expect((await get(`/${id}`)).statusCode).toBe(200);
});

test("nobody puts one away without saying why; then it stays in the archive", async () => {
  const id = await deadLetter("550 no");
  expect((await post(`/${id}/discard`, {})).statusCode).toBe(400);
  expect((await post(`/${id}/discard`, { note: "a test of ours", by: "ann" })).json()).toMatchObject({
    state: "archived",
  });
  expect((await get(`/${id}`)).json().code).toBe("unknown-dead-letter");
  expect((await ingest.store.deadLetterActions(id))[0]).toMatchObject({ action: "discard", by: "ann" });
});
