import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SPAM } from "./classifications.ts";
import { AUTHORIZED, freshMessage, openTestIngest, type TestIngest } from "./ingest-app.ts";

let ingest: TestIngest;
beforeAll(async () => {
  ingest = await openTestIngest();
});
afterAll(() => ingest.close());

const countOf = async (outcome: string) => {
  const { values } = await ingest.metrics.ingestMessages.get();
  return values.find(({ labels }) => labels.outcome === outcome)?.value ?? 0;
};

describe("a message that is taken", () => {
  test("is answered with 202 and its id, is stored byte for byte, and gets a job", async () => {
    const raw = Buffer.concat([Buffer.from(freshMessage()), Buffer.from([0, 255, 13, 10, 128])]);
    const headers = { "x-envelope-from": "<>", "x-envelope-to": "postmaster@example.com", "x-queue-id": "4XyZ" };
    const answer = await ingest.post(raw, headers);
    expect(answer.statusCode).toBe(202);
    const { id, duplicate } = answer.json();
    expect(duplicate).toBe(false);
    expect(await ingest.store.raw(id)).toEqual(raw);
    expect(ingest.jobs).toContainEqual({ queue: "classify", messageId: id });
    const stored = await ingest.store.message(id);
    expect(stored).toMatchObject({ source: "mx", envelopeKnown: true, envelope: { queueId: "4XyZ" } });
    expect(stored?.envelope.reversePath).toEqual({ kind: "null" });
  });

  test("may have no envelope, and is marked so", async () => {
    const answer = await ingest.post(freshMessage());
    expect(answer.statusCode).toBe(202);
    const stored = await ingest.store.message(answer.json().id);
    expect(stored).toMatchObject({ envelopeKnown: false, envelope: { forwardPaths: [] } });
  });

  test.each(["message/rfc822", "Message/RFC822; charset=utf-8", "message/global"])("may be %s", async (type) => {
    expect((await ingest.post(freshMessage(), { "content-type": type })).statusCode).toBe(202);
  });

  test("is logged with one line that has no address and no text of it", async () => {
    const { id } = (
      await ingest.post("Subject: confidential\r\n\r\nhello", { "x-envelope-to": "joe@example.com" })
    ).json();
    const lines = ingest.lines.filter(({ messageId }) => messageId === id);
    expect(lines).toHaveLength(1);
    expect(JSON.stringify(lines)).not.toMatch(/joe|confidential|hello/);
  });
});

describe("the same message again", () => {
  test("gets the first id, is marked as duplicate, and gets no second job", async () => {
    const raw = freshMessage();
    const first = (await ingest.post(raw)).json();
    const again = await ingest.post(raw);
    expect(again.statusCode).toBe(202);
    expect(again.json()).toEqual({ id: first.id, duplicate: true });
    expect(ingest.jobs.filter(({ messageId }) => messageId === first.id)).toHaveLength(1);
  });

  test("is found also when all copies come at once", async () => {
    const raw = freshMessage();
    const answers = await Promise.all(Array.from({ length: 30 }, () => ingest.post(raw)));
    const bodies = answers.map((answer) => answer.json());
    expect(new Set(bodies.map(({ id }) => id)).size).toBe(1);
    expect(bodies.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
  });

  test("is known by its Idempotency-Key although a relay changed it", async () => {
    const headers = { "idempotency-key": "4XyZ-1" };
    const first = (await ingest.post(freshMessage(), headers)).json();
    expect((await ingest.post(freshMessage(), headers)).json()).toEqual({ id: first.id, duplicate: true });
  });

  test("is a duplicate also after it was classified", async () => {
    const raw = freshMessage();
    const { id } = (await ingest.post(raw)).json();
    await ingest.store.saveClassification(id, SPAM);
    expect((await ingest.post(raw)).json()).toEqual({ id, duplicate: true });
  });
});

describe("what is not taken", () => {
  test.each<[string, Record<string, string>]>([
    ["no key", { authorization: "" }],
    ["an unknown key", { authorization: "Bearer guess" }],
    ["another scheme", { authorization: "Basic bXg6eA==" }],
  ])("%s: 401, and the way to do it right", async (_name, headers) => {
    const answer = await ingest.post(freshMessage(), headers);
    expect(answer.statusCode).toBe(401);
    expect(answer.headers["www-authenticate"]).toMatch(/^Bearer/);
    expect(answer.json().code).toBe("unauthorized");
  });

  test.each([
    "text/plain",
    "application/json",
    "message/rfc822x",
    "message/rfc822, application/json",
    "application/json; a=message/rfc822",
    "message/rfc822\tx",
    " ;message/rfc822",
    "multipart/mixed",
    "application/x-ndjson",
  ])("Content-Type %j: 415", async (type) => {
    const answer = await ingest.post(freshMessage(), { "content-type": type });
    expect(answer.statusCode).toBe(415);
    expect(answer.json().code).toBe("unsupported-media-type");
  });

  test("no Content-Type at all: 415, with and without a body", async () => {
    const request = { method: "POST", url: "/v1/messages", headers: AUTHORIZED } as const;
    expect((await ingest.app.inject({ ...request, payload: Buffer.from("x") })).statusCode).toBe(415);
    expect((await ingest.app.inject(request)).statusCode).toBe(415);
  });

  test("a compressed body: 415, instead of storing what nobody can read", async () => {
    const answer = await ingest.post(freshMessage(), { "content-encoding": "gzip" });
    expect(answer.statusCode).toBe(415);
    expect(answer.json().code).toBe("unsupported-content-encoding");
  });

  test("a message over the limit: 413; one that just fits: 202", async () => {
    expect((await ingest.post(Buffer.alloc(200_001, "a"))).statusCode).toBe(413);
    expect((await ingest.post(Buffer.alloc(200_000, "b"))).statusCode).toBe(202);
  });

  test("an empty message: 400", async () => {
    expect((await ingest.post(Buffer.alloc(0))).json()).toMatchObject({ status: 400, code: "empty-message" });
  });

  test("an envelope that cannot be read: 400 that names the field, and nothing is stored", async () => {
    const raw = freshMessage();
    const answer = await ingest.post(raw, { "x-envelope-to": "joe@example.com, nobody" });
    expect(answer.json()).toMatchObject({ status: 400, code: "bad-envelope", errors: [{ field: "X-Envelope-To" }] });
    expect((await ingest.post(raw)).json().duplicate).toBe(false);
  });

  test("an Idempotency-Key that is empty or endless: 400 that names the field", async () => {
    for (const key of ["", "k".repeat(256)]) {
      const answer = await ingest.post(freshMessage(), { "idempotency-key": key });
      expect(answer.json()).toMatchObject({ status: 400, errors: [{ field: "idempotency-key" }] });
    }
  });
});

test("every outcome is counted", async () => {
  const outcomes = ["accepted", "duplicate", "unauthorized", "unsupported", "too-large", "error"];
  for (const outcome of outcomes) expect(await countOf(outcome), outcome).toBeGreaterThan(0);
  const rendered = (await ingest.app.inject("/metrics")).body;
  expect(rendered).toMatch(/triage_ingest_messages_total\{source="http",outcome="accepted"\} \d+/);
  expect(rendered).toMatch(/triage_ingest_duration_seconds_count \d+/);
});

describe("a queue that is away", () => {
  test("does not keep a message out: it is stored, and the log says it once", async () => {
    const away = await openTestIngest({ enqueue: () => Promise.reject(new Error("Redis is away")) });
    try {
      const answers = [await away.post(freshMessage()), await away.post(freshMessage())];
      for (const answer of answers) {
        expect(answer.statusCode).toBe(202);
        expect(await away.store.message(answer.json().id)).toMatchObject({ state: "received" });
      }
      expect(away.lines.filter(({ level }) => level === "warn")).toHaveLength(1);
    } finally {
      await away.close();
    }
  });

  test("holds up neither the answers nor the end of the service for long when it does not answer", async () => {
    let release = () => {};
    const hangs = new Promise<void>((resolve) => {
      release = resolve;
    });
    const away = await openTestIngest({ enqueue: () => hangs });
    try {
      for (let turn = 0; turn < 70; turn += 1) expect((await away.post(freshMessage())).statusCode).toBe(202);
    } finally {
      release();
      await away.close();
    }
  });
});
