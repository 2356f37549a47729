import { afterAll, beforeAll, expect, test } from "vitest";
import { AUTHORIZED, freshMessage, openTestIngest, type TestIngest } from "./ingest-app.ts";

let ingest: TestIngest;
beforeAll(async () => {
  ingest = await openTestIngest();
});
afterAll(() => ingest.close());

const NOBODY = "00000000-0000-7000-8000-000000000000";

async function received(): Promise<string> {
  return (await ingest.post(freshMessage())).json().id;
}
function acknowledge(id: string, body?: object) {
  const url = `/v1/messages/${id}/acknowledge`;
  return ingest.app.inject({ method: "POST", url, headers: AUTHORIZED, ...(body !== undefined && { payload: body }) });
}

test("who says that they see to a message stands in it, and stays when somebody else says so, too", async () => {
  const id = await received();
  const first = await acknowledge(id, { by: "Ann" });
  expect(first.statusCode).toBe(200);
  expect(first.json()).toMatchObject({ id, humans: [], acknowledged: { by: "Ann", at: expect.any(String) } });
  expect((await acknowledge(id, { by: "Bob" })).json().acknowledged).toEqual(first.json().acknowledged);
});

test("who says no name goes by the name of the key, and needs no body", async () => {
  const id = await received();
  const answer = await acknowledge(id);
  expect(answer.statusCode).toBe(200);
  expect(answer.json().acknowledged.by).not.toBe("");
});

test("what nobody knows, or a name that is none, is a problem", async () => {
  expect((await acknowledge(NOBODY)).statusCode).toBe(404);
  expect((await acknowledge(await received(), { by: "Ann\nBob" })).statusCode).toBe(400);
  expect((await acknowledge(await received(), { name: "Ann" })).statusCode).toBe(400);
});
