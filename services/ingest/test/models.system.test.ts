import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AUTHORIZED, openTestIngest, type TestIngest } from "./ingest-app.ts";

const MADE = {
  data: { words: "confidential" },
  comparison: { groups: [] },
  corrections: 3,
  madeAt: new Date("2026-11-22T12:00:00Z"),
  activate: true,
  why: "it is nowhere worse",
};
let ingest: TestIngest;
beforeAll(async () => {
  ingest = await openTestIngest();
  for (let version = 1; version <= 3; version += 1) await ingest.store.saveModelVersion(MADE, 20);
});
afterAll(() => ingest.close());

const get = (url: string) => ingest.app.inject({ url, headers: AUTHORIZED });
const post = (url: string, body: object) =>
  ingest.app.inject({
    method: "POST",
    url,
    headers: { ...AUTHORIZED, "content-type": "application/json" },
    payload: JSON.stringify(body),
  });

describe("/v1/models", () => {
  test("lists the versions, newest first, without what was learned: that holds words of mail", async () => {
    const answer = await get("/v1/models");
    expect(answer.json()).toMatchObject({ active: 3, held: false, training: { wanted: false } });
    expect(answer.json().versions.map(({ version }: { readonly version: number }) => version)).toEqual([3, 2, 1]);
    expect(answer.body).not.toContain("confidential");
    const one = await get("/v1/models/2");
    expect(one.json()).toMatchObject({ version: 2, outcome: "activated", corrections: 3, comparison: { groups: [] } });
    expect(one.body).not.toContain("confidential");
  });

  test("goes back to the version before, or to a named one, and holds it until training is asked for", async () => {
    expect((await post("/v1/models/rollback", {})).json()).toMatchObject({ active: 2, held: true });
    expect((await post("/v1/models/rollback", { version: 0 })).json()).toMatchObject({ active: 0, held: true });
    const asked = await ingest.app.inject({ method: "POST", url: "/v1/models/training", headers: AUTHORIZED });
    expect(asked.statusCode).toBe(202);
    expect(asked.json()).toMatchObject({ active: 0, held: false, training: { wanted: true } });
  });

  test("an unknown version is a problem document", async () => {
    expect((await get("/v1/models/99")).json()).toMatchObject({ status: 404, code: "unknown-version" });
    expect((await post("/v1/models/rollback", { version: 99 })).json()).toMatchObject({ code: "unknown-version" });
    expect((await get("/v1/models/latest")).json()).toMatchObject({ status: 400, code: "invalid-request" });
    expect((await post("/v1/models/rollback", { version: -1 })).json()).toMatchObject({ code: "invalid-request" });
  });
});
