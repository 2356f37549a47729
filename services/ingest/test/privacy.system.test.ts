import { addressWriter } from "@triage/runtime";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SPAM } from "./classifications.ts";
import { AUTHORIZED, freshMessage, openTestIngest, type TestIngest } from "./ingest-app.ts";

let ingest: TestIngest;
beforeAll(async () => {
  ingest = await openTestIngest({ writeAddress: addressWriter("domain") });
});
afterAll(() => ingest.close());

test("with addresses hidden, answers name nobody, bytes are not given out, and correcting and releasing still work", async () => {
  const envelope = { "x-envelope-from": "<joe@example.net>", "x-envelope-to": "<postmaster@example.com>" };
  const { id } = (await ingest.post(freshMessage(), envelope)).json();
  await ingest.store.saveClassification(id, {
    ...SPAM,
    why: 'Told "joe smith"@example.net and <joe@example.net>.',
  });
  const url = `/v1/messages/${id}`;
  const shown = await ingest.app.inject({ url, headers: AUTHORIZED });
  expect(shown.body).not.toContain("joe");
  expect(shown.json()).toMatchObject({
    id,
    envelope: { reversePath: "***@example.net", forwardPaths: ["postmaster@example.com"] },
    why: "Told ***@example.net and <***@example.net>.",
  });
  const raw = await ingest.app.inject({ url: `${url}/raw`, headers: AUTHORIZED });
  expect(raw.json()).toMatchObject({ status: 403, code: "private" });
  expect((await ingest.store.message(id))?.classification?.why).toContain("joe");
  const corrected = await ingest.app.inject({
    ...{ method: "POST", url: `${url}/correction`, payload: '{"verdict":"spam","by":"ann"}' },
    headers: { ...AUTHORIZED, "content-type": "application/json" },
  });
  expect(corrected.json()).toMatchObject({ verdict: "spam", envelope: { reversePath: "***@example.net" } });
  const released = await ingest.app.inject({ method: "POST", url: `${url}/release`, headers: AUTHORIZED });
  expect(released.json()).toMatchObject({ state: "classified" });
  expect(released.body).not.toContain("joe@");
});
