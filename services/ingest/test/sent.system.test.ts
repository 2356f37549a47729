import { afterAll, beforeAll, expect, test } from "vitest";
import { watchLedgerAge } from "../src/ledger-gauge.ts";
import { AUTHORIZED, openTestIngest, type TestIngest } from "./ingest-app.ts";

let ingest: TestIngest;
beforeAll(async () => {
  ingest = await openTestIngest();
});
afterAll(() => ingest.close());

const NONE = { messageId: undefined, queueId: undefined, envelopeId: undefined };
const feed = (payload: string, type = "application/x-ndjson") =>
  ingest.app.inject({ method: "POST", url: "/v1/sent", headers: { ...AUTHORIZED, "content-type": type }, payload });

test("lines of the MTA's log are found in the ledger afterwards", async () => {
  const at = new Date(Date.now() - 3_600_000).toISOString();
  const lines = [
    { messageId: "<1@example.com>", queueId: "4XyZ", envelopeId: "e1", recipients: ["joe@example.net"], at },
    { queueId: "4ABC" },
  ];
  const answer = await feed(lines.map((line) => JSON.stringify(line)).join("\r\n"));
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toEqual({ accepted: 2 });
  const found = await ingest.store.findSent({ ...NONE, messageId: "<1@example.com>" });
  expect(found).toEqual({ kind: "found", by: "message-id", at: new Date(at) });
  expect(await ingest.store.findSent({ ...NONE, queueId: "4ABC" })).toMatchObject({ kind: "found" });
});

test("a faulty line is named by its number, and the others are kept", async () => {
  const answer = await feed(
    [
      '{"messageId":"<good-1@example.com>"}',
      "",
      "not json",
      '{"recipients":["joe@example.net"]}',
      '{"messageId":"<x@example.com>","at":"yesterday"}',
      '{"messageId":"<x@example.com>","subject":"hello"}',
      '{"messageId":7}',
      "[]",
      '{"messageId":"<good-2@example.com>"}',
    ].join("\n"),
  );
  expect(answer.statusCode).toBe(400);
  const problem = answer.json();
  expect(problem.code).toBe("bad-lines");
  expect(problem.errors.map(({ line }: { readonly line: number }) => line)).toEqual([3, 4, 5, 6, 7, 8]);
  expect(problem.errors[2]).toMatchObject({ line: 5, field: "at" });
  for (const messageId of ["<good-1@example.com>", "<good-2@example.com>"]) {
    expect(await ingest.store.findSent({ ...NONE, messageId })).toMatchObject({ kind: "found" });
  }
});

test("a log of several thousand lines is taken in batches", async () => {
  const lines = Array.from({ length: 3_500 }, (_, index) =>
    JSON.stringify({ messageId: `<log-${index}@example.com>` }),
  );
  expect((await feed(`${lines.join("\n")}\n`)).json()).toEqual({ accepted: 3_500 });
  expect(await ingest.store.findSent({ ...NONE, messageId: "<log-3499@example.com>" })).toMatchObject({
    kind: "found",
  });
});

test("a log may be larger than the largest message", async () => {
  const line = JSON.stringify({ messageId: `<${"x".repeat(900)}@example.com>` });
  expect((await feed(`${line}\n`.repeat(400))).json()).toEqual({ accepted: 400 });
});

test("a faulty field is named beside its line, with what is wrong", async () => {
  const answer = await feed('{"messageId":7}\n{"recipients":["a@example.net",7],"queueId":"4A"}\n{"recipients":[]}');
  const [first, second, third] = answer.json().errors;
  expect(first).toMatchObject({ line: 1, field: "messageId", detail: expect.stringContaining("string") });
  expect(second).toMatchObject({ line: 2, field: "recipients.1", detail: expect.stringContaining("string") });
  expect(third).toMatchObject({ line: 3, field: "messageId", detail: expect.stringContaining("must be there") });
});

test("what was taken is counted, and the age of the newest entry shows that the feed lives", async () => {
  const own = await openTestIngest();
  const now = Date.now();
  const stop = watchLedgerAge(own.store, own.metrics, () => now + 60_000);
  const metric = async (name: string) => {
    const { body } = await own.metrics.render();
    const line = body.split("\n").find((text) => text.startsWith(`${name} `));
    return line?.slice(name.length + 1);
  };
  expect(await metric("triage_sent_ledger_age_seconds")).toBe("Nan");
  const at = new Date(now).toISOString();
  const payload = [1, 2].map((id) => `${JSON.stringify({ messageId: `<${id}@example.com>`, at })}\n`).join("");
  const headers = { ...AUTHORIZED, "content-type": "application/x-ndjson" };
  await own.app.inject({ method: "POST", url: "/v1/sent", headers, payload });
  expect(await metric("triage_sent_ledger_entries_total")).toBe("2");
  expect(await metric("triage_sent_ledger_age_seconds")).toBe("60");
  stop();
  await own.close();
});

test("nothing to report is nothing wrong", async () => {
  expect((await feed("\n\n")).json()).toEqual({ accepted: 0 });
});

test("another Content-Type is 415, another client's mistake 401", async () => {
  expect((await feed("{}", "application/json")).statusCode).toBe(415);
  expect((await feed("{}", "message/rfc822")).statusCode).toBe(415);
  const answer = await ingest.app.inject({ method: "POST", url: "/v1/sent", payload: "{}" });
  expect(answer.statusCode).toBe(401);
});
