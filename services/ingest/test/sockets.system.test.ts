import { randomBytes } from "node:crypto";
import { request } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { openStore } from "@triage/store";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { makeCuttable } from "./cuttable-database.ts";
import { AUTHORIZED, freshMessage, openTestIngest, type TestIngest } from "./ingest-app.ts";

let ingest: TestIngest;
let port: number;

async function listen(made: TestIngest): Promise<void> {
  ingest = made;
  await ingest.app.listen({ host: "127.0.0.1", port: 0 });
  port = (ingest.app.server.address() as AddressInfo).port;
}

/** Sends bytes as they are and reads until the server closes. */
function speak(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    const chunks: Buffer[] = [];
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", reject);
    socket.on("close", () => resolve(Buffer.concat(chunks).toString()));
  });
}

const HEAD = `POST /v1/messages HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: ${AUTHORIZED.authorization}\r\n`;
const TYPE = "Content-Type: message/rfc822\r\n";

function problemOf(answer: string): { readonly status: number; readonly code: string } {
  expect(answer).toMatch(/\r\ncontent-type: application\/problem\+json/i);
  return JSON.parse(answer.slice(answer.indexOf("\r\n\r\n") + 4));
}

describe("over real connections", () => {
  beforeEach(async () => listen(await openTestIngest()));
  afterEach(() => ingest.close());

  test("X-Envelope-To may be repeated", async () => {
    const to = "X-Envelope-To: a@example.com\r\nX-Envelope-To: b@example.com\r\n";
    const answer = await speak(`${HEAD}${TYPE}${to}Content-Length: 10\r\n\r\nSubject: r`);
    expect(answer).toMatch(/^HTTP\/1.1 202 /);
    const { id } = JSON.parse(answer.slice(answer.indexOf("\r\n\r\n") + 4));
    expect((await ingest.store.message(id))?.envelope.forwardPaths).toHaveLength(2);
  });

  test("bytes that are not HTTP are answered with a problem document", async () => {
    expect(problemOf(await speak("EHLO mail.example.com\r\n\r\n"))).toMatchObject({
      status: 400,
      code: "malformed-http",
    });
  });

  test("a header that is too large: 431", async () => {
    const answer = await speak(`${HEAD}X-Large: ${"x".repeat(70_000)}\r\n\r\n`);
    expect(problemOf(answer)).toMatchObject({ status: 431, code: "header-too-large" });
  });

  test("an envelope of several hundred recipients fits the header", async () => {
    const to = Array.from({ length: 700 }, (_, index) => `recipient-number-${index}@department.example.com`);
    const answer = await speak(`${HEAD}${TYPE}X-Envelope-To: ${to.join(", ")}\r\nContent-Length: 10\r\n\r\nSubject: s`);
    expect(answer).toMatch(/^HTTP\/1.1 202 /);
  });

  test("a message over the limit is refused by its Content-Length before it is sent, and in chunks as it grows", async () => {
    expect(problemOf(await speak(`${HEAD}${TYPE}Content-Length: 200001\r\n\r\n`))).toMatchObject({ status: 413 });
    const chunk = `${(0x8000).toString(16)}\r\n${"x".repeat(0x8000)}\r\n`;
    const answer = await speak(`${HEAD}${TYPE}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(8)}0\r\n\r\n`);
    expect(problemOf(answer)).toMatchObject({ status: 413, code: "too-large" });
  });

  test("who has no key is refused before the body is read", async () => {
    const answer = await speak(`${HEAD.replace("Bearer", "Basic")}${TYPE}Content-Length: 150000\r\n\r\n`);
    expect(problemOf(answer)).toMatchObject({ status: 401 });
  });

  test("a client that goes away in the middle leaves nothing behind and holds no memory", async () => {
    await new Promise<void>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => {
        socket.write(`${HEAD}${TYPE}Content-Length: 100000\r\n\r\nSubject: half`, () => socket.destroy());
      });
      socket.on("close", () => resolve());
    });
    const answers = await Promise.all(Array.from({ length: 8 }, () => ingest.post(freshMessage())));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(8).fill(202));
  });

  test("a shutdown finishes the request that is under way, and its job is added", async () => {
    const raw = freshMessage();
    const headers = { ...AUTHORIZED, "content-type": "message/rfc822", "content-length": raw.length };
    const client = request({ host: "127.0.0.1", port, method: "POST", path: "/v1/messages", headers });
    const answered = new Promise<number>((resolve, reject) => {
      client.on("error", reject);
      client.on("response", (response) => {
        response.resume();
        response.on("end", () => resolve(response.statusCode ?? 0));
      });
    });
    const arrived = new Promise<void>((resolve) => ingest.app.server.once("request", () => resolve()));
    client.write(raw.slice(0, 10));
    await arrived;
    const closed = ingest.app.close();
    client.end(raw.slice(10));
    expect(await answered).toBe(202);
    await closed;
    expect(ingest.jobs).toHaveLength(1);
  });
});

describe("when the database goes down", () => {
  test("messages are refused with 503 and Retry-After, and taken again when it is back", async () => {
    const database = await makeCuttable(inject("databaseUrl"));
    const schema = `ingest_${randomBytes(6).toString("hex")}`;
    const store = await openStore({ databaseUrl: database.url, schema, poolSize: 2 });
    const down = await openTestIngest({ store });
    try {
      const first = freshMessage();
      expect((await down.post(first)).statusCode).toBe(202);
      await database.cut();
      const raw = freshMessage();
      const refused = await down.post(raw);
      expect(refused.json()).toMatchObject({ status: 503, code: "database-unavailable" });
      expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
      expect((await down.app.inject("/readyz")).statusCode).toBe(503);
      expect((await down.app.inject("/healthz")).statusCode).toBe(200);
      await database.restore();
      expect((await down.post(raw)).json().duplicate).toBe(false);
      expect((await down.post(first)).json().duplicate).toBe(true);
      expect((await down.app.inject("/readyz")).statusCode).toBe(200);
    } finally {
      await down.close();
      await store.close();
      await database.cut();
    }
  });
});

describe("under back-pressure", () => {
  test("the memory of a request is given back with its answer", async () => {
    const limits = { maxInFlightBytes: 1_000, maxMessageBytes: 1_000, maxEventLoopDelayMs: 60_000 };
    await listen(await openTestIngest({ limits }));
    const headers = { ...AUTHORIZED, "content-type": "message/rfc822" };
    const url = `http://127.0.0.1:${port}/v1/messages`;
    try {
      for (let turn = 0; turn < 10; turn += 1) {
        const answer = await fetch(url, { method: "POST", headers, body: freshMessage().padEnd(800, "x") });
        await answer.text();
        expect(answer.status).toBe(202);
        const refused = await fetch(url, { method: "POST", headers, body: "" });
        await refused.text();
        expect(refused.status).toBe(400);
      }
    } finally {
      await ingest.close();
    }
  });

  test("a queue that is too long: 429 with Retry-After, also before the body is read", async () => {
    const full = await openTestIngest({
      queueDepth: async () => 11,
      limits: { maxWaiting: 10, maxMessageBytes: 1_000, maxEventLoopDelayMs: 60_000 },
    });
    try {
      await full.post(freshMessage());
      const answer = await full.post(freshMessage());
      expect(answer.json()).toMatchObject({ status: 429, code: "queue-full" });
      expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
    } finally {
      await full.close();
    }
  });
});
