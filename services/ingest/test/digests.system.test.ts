import { afterAll, beforeAll, expect, test } from "vitest";
import { AUTHORIZED, openTestIngest, type TestIngest } from "./ingest-app.ts";

let ingest: TestIngest;
beforeAll(async () => {
  ingest = await openTestIngest();
});
afterAll(() => ingest.close());

const get = (url: string) => ingest.app.inject({ method: "GET", url, headers: AUTHORIZED });

test("GET /v1/digests lists periods, newest first, without what the mails said", async () => {
  const day = (number: number) => new Date(Date.UTC(2026, 10, number, 5, 59));
  const rest = { maxEntries: 5, always: true };
  await ingest.store.makeDigest({ ...rest, firstSince: day(18), until: day(19) });
  await ingest.store.makeDigest({ ...rest, firstSince: day(18), until: day(20) });
  const { digests } = (await get("/v1/digests")).json();
  expect(digests).toMatchObject([
    {
      since: "2026-11-19T05:59:00.000Z",
      until: "2026-11-20T05:59:00.000Z",
      state: "pending",
      asked: false,
      totals: { judged: 0, kept: [] },
      deliveries: [],
    },
    { state: "empty" },
  ]);
  expect(digests[0]).not.toHaveProperty("facts");
  expect((await get("/v1/digests?limit=1")).json().digests).toHaveLength(1);
  expect((await get("/v1/digests?limit=0")).statusCode).toBe(400);
  expect((await ingest.app.inject({ method: "GET", url: "/v1/digests" })).statusCode).toBe(401);
});
