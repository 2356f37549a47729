import { Validator } from "@seriousme/openapi-schema-validator";
import type { NotedReport } from "@triage/store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SPAM } from "./classifications.ts";
import { AUTHORIZED, freshMessage, openTestIngest, type TestIngest } from "./ingest-app.ts";

let ingest: TestIngest;
beforeAll(async () => {
  ingest = await openTestIngest();
});
afterAll(() => ingest.close());

const NOBODY = "00000000-0000-7000-8000-000000000000";
/** Ids of messages that came in just now (UUIDv7). */
function uuidGenerator(): () => string {
  const time = Date.now().toString(16).padStart(12, "0");
  let counter = 0;
  return () => {
    counter += 1;
    return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${counter.toString(16).padStart(12, "0")}`;
  };
}

const get = (url: string) => ingest.app.inject({ method: "GET", url, headers: AUTHORIZED });
const post = (url: string) => ingest.app.inject({ method: "POST", url, headers: AUTHORIZED });
async function received(headers?: Record<string, string>): Promise<string> {
  return (await ingest.post(freshMessage(), headers)).json().id;
}

describe("GET /v1/incidents", () => {
  test("lists storms with what the human was told, newest first, and those of one state alone", async () => {
    const newId = uuidGenerator();
    const reports = Array.from({ length: 30 }, (_, index) => ({
      messageId: newId(),
      observation: {
        keys: [{ kind: "address", value: "joe@example.com" }],
        sender: "joe@example.com",
        reporter: `victim${index}.example`,
        recipients: [],
        proof: "contradicted",
        counts: true,
        canProve: true,
        subject: undefined,
      },
    })) satisfies readonly NotedReport[];
    await ingest.store.noteStorms(reports, { hours: 6, minMessages: 20, minReportingMtas: 5, unprovenShare: 0.9 });
    const all = (await get("/v1/incidents")).json();
    expect(all).toMatchObject({
      open: 1,
      incidents: [{ kind: "storm", state: "open", facts: { scope: "joe@example.com" }, notices: [{ step: "begin" }] }],
    });
    expect((await get("/v1/incidents?state=closed")).json()).toEqual({ open: 1, incidents: [] });
    expect((await get("/v1/incidents?state=asleep")).statusCode).toBe(400);
  });
});

describe("/v1/incidents/:id", () => {
  test("shows one incident and its messages, which say where they belong, and a person may close it", async () => {
    const ids = [await received(), await received()];
    const group = {
      kind: "failure",
      scope: "v2:api example.com",
      severity: "failed",
      addressesShown: 5,
      cause: { fingerprint: "v2:api", reason: "blocked", links: [], forwardPathDomains: ["example.com"] },
    } as const;
    for (const id of ids)
      await ingest.store.saveFailure(id, { ...SPAM, verdict: "genuine-dsn", route: "human" }, group);
    const [incident] = (await get("/v1/incidents?kind=failure")).json().incidents;
    expect((await get(`/v1/incidents/${incident.id}`)).json()).toMatchObject({ kind: "failure", messages: 2 });
    const page = (await get(`/v1/incidents/${incident.id}/messages?limit=1&after=${ids[0]}`)).json();
    expect(page).toMatchObject({ messages: [{ id: ids[1], role: "grouped", state: "grouped" }] });
    expect((await get(`/v1/messages/${ids[1]}`)).json()).toMatchObject({
      state: "grouped",
      route: "human",
      incident: { id: incident.id, kind: "failure", state: "open", role: "grouped" },
    });
    const close = () => post(`/v1/incidents/${incident.id}/close`);
    expect((await close()).json()).toMatchObject({ state: "closed" });
    expect((await close()).statusCode).toBe(409);
  });

  test("one that is not there is 404, an id that is none 400", async () => {
    expect((await get(`/v1/incidents/${NOBODY}`)).json()).toMatchObject({ status: 404, code: "unknown-incident" });
    expect((await get(`/v1/incidents/${NOBODY}/messages`)).statusCode).toBe(404);
    expect((await get("/v1/incidents/none")).statusCode).toBe(400);
  });
});

describe("GET /v1/messages/:id", () => {
  test("shows state and envelope before there is a verdict", async () => {
    const id = await received({ "x-envelope-from": "", "x-envelope-to": "a@example.com", "x-client-ip": "192.0.2.1" });
    const view = (await get(`/v1/messages/${id}`)).json();
    expect(view).toMatchObject({ id, state: "received", source: "mx", deliveries: [] });
    expect(view.envelope).toEqual({
      known: true,
      reversePath: "<>",
      forwardPaths: ["a@example.com"],
      clientIp: "192.0.2.1",
    });
    expect(view).not.toHaveProperty("verdict");
  });

  test("shows verdict, deliveries and dead letter beside the state", async () => {
    const id = await received();
    await ingest.store.saveClassification(id, { ...SPAM, verdict: "undecided", route: "human", actionable: true });
    const attempt = { outlet: "smtp", recipient: "ann@example.com", outcome: "failed", detail: "550" } as const;
    const deliveries = [attempt];
    await ingest.store.recordAttempt(id, { human: "ann", deliveries, state: "failed", error: "550", at: new Date() });
    await ingest.store.markFailed(id, { stage: "deliver", error: "550", at: new Date("2026-11-22T10:00:00Z") });
    const view = (await get(`/v1/messages/${id}`)).json();
    expect(view).toMatchObject({ state: "failed", verdict: "undecided", route: "human", score: 0.97 });
    expect(view.deliveries).toMatchObject([attempt]);
    expect(view.deadLetter).toEqual({ stage: "deliver", error: "550", at: "2026-11-22T10:00:00.000Z" });
    expect(view.envelope).toEqual({ known: false, forwardPaths: [] });
  });

  test("knows no message of another id, and says what is no id", async () => {
    expect((await get(`/v1/messages/${NOBODY}`)).json()).toMatchObject({ status: 404, code: "unknown-message" });
    expect((await get("/v1/messages/1")).json()).toMatchObject({ status: 400, errors: [{ field: "id" }] });
  });
});

describe("GET /v1/messages/:id/raw", () => {
  test("gives the bytes back as a download that no browser shows as a page", async () => {
    const raw = Buffer.from("Subject: <script>\r\n\r\n\0\xff", "latin1");
    const { id } = (await ingest.post(raw)).json();
    const answer = await get(`/v1/messages/${id}/raw`);
    expect(answer.rawPayload).toEqual(raw);
    expect(answer.headers).toMatchObject({
      "content-type": "message/rfc822",
      "x-content-type-options": "nosniff",
      "content-disposition": `attachment; filename="${id}.eml"`,
    });
  });

  test("tells a message that never was from one whose bytes are no longer kept", async () => {
    expect((await get(`/v1/messages/${NOBODY}/raw`)).statusCode).toBe(404);
    const expired = await openTestIngest();
    try {
      const { id } = (await expired.post(freshMessage())).json();
      await expired.store.saveClassification(id, SPAM);
      await expired.store.runRetention({ human: 1, digest: 1, archive: -2, facts: 9 });
      const answer = await expired.app.inject({ url: `/v1/messages/${id}/raw`, headers: AUTHORIZED });
      expect(answer.json()).toMatchObject({ status: 410, code: "expired" });
    } finally {
      await expired.close();
    }
  });
});

describe("POST /v1/messages/:id/release", () => {
  test("sends an archived message to the human", async () => {
    const id = await received();
    await ingest.store.saveClassification(id, SPAM);
    const view = (await post(`/v1/messages/${id}/release`)).json();
    expect(view).toMatchObject({ id, state: "classified", route: "human", actionable: true });
    expect(view.releasedAt).toBeDefined();
    expect(ingest.jobs).toContainEqual({ queue: "deliver", messageId: id });
  });

  test("refuses what is not in the archive", async () => {
    const id = await received();
    expect((await post(`/v1/messages/${id}/release`)).json()).toMatchObject({ status: 409, code: "not-archived" });
    expect((await post(`/v1/messages/${NOBODY}/release`)).statusCode).toBe(404);
  });
});

describe("dead letters", () => {
  test("are listed with their number, and tried again on demand", async () => {
    const id = await received();
    await ingest.store.saveClassification(id, { ...SPAM, route: "human", actionable: true });
    await ingest.store.markFailed(id, { stage: "deliver", error: "550 5.7.1", at: new Date() });
    const list = (await get("/v1/dead-letters?limit=1")).json();
    expect(list.total).toBeGreaterThan(0);
    expect(list.deadLetters).toMatchObject([{ id, stage: "deliver", error: "550 5.7.1" }]);
    const before = encodeURIComponent(list.deadLetters[0].at);
    const older = (await get(`/v1/dead-letters?before=${before}`)).json();
    expect(older.deadLetters.map((letter: { readonly id: string }) => letter.id)).not.toContain(id);
    const retried = await post(`/v1/dead-letters/${id}/retry`);
    expect(retried.statusCode).toBe(202);
    expect(retried.json()).toEqual({ id, queue: "deliver" });
    expect(ingest.jobs).toContainEqual({ queue: "deliver", messageId: id });
    expect((await post(`/v1/dead-letters/${id}/retry`)).statusCode).toBe(404);
  });

  test.each(["limit=0", "limit=1000", "limit=ten", "before=yesterday"])("?%s is a mistake", async (query) => {
    expect((await get(`/v1/dead-letters?${query}`)).json()).toMatchObject({ status: 400, code: "invalid-request" });
  });
});

describe("every error is a problem document (RFC 9457)", () => {
  test.each([
    ["GET", "/nowhere", 404, "not-found"],
    ["GET", "/v1/messages/a/b/c", 404, "not-found"],
    ["DELETE", "/v1/messages", 405, "method-not-allowed"],
    ["PUT", `/v1/messages/${NOBODY}`, 405, "method-not-allowed"],
    ["GET", "/%zz", 400, "bad-url"],
    ["GET", `/v1/messages/${"x".repeat(101)}`, 414, "bad-url"],
  ] as const)("%s %s: %i", async (method, url, status, code) => {
    const answer = await ingest.app.inject({ method, url, headers: AUTHORIZED });
    expect(answer.statusCode).toBe(status);
    expect(answer.headers["content-type"]).toMatch(/^application\/problem\+json/);
    expect(answer.json()).toMatchObject({ type: `urn:postmaster-triage:problem:${code}`, status, code });
    expect(Object.keys(answer.json())).toEqual(expect.arrayContaining(["title", "detail"]));
  });

  test("a method that is not there comes with those that are", async () => {
    const answer = await ingest.app.inject({
      method: "DELETE",
      url: `/v1/messages/${NOBODY}?x=1`,
      headers: AUTHORIZED,
    });
    expect(answer.headers.allow).toBe("GET, HEAD");
  });

  test("a bug in the service: 500 that tells the client nothing, and the log everything", async () => {
    const broken = await openTestIngest({
      keys: {
        identify: () => Promise.reject(new TypeError("secret detail")),
      },
    });
    try {
      const answer = await broken.post(freshMessage());
      expect(answer.json()).toMatchObject({ status: 500, code: "internal-error" });
      expect(answer.body).not.toContain("secret detail");
      expect(JSON.stringify(broken.lines)).toContain("secret detail");
    } finally {
      await broken.close();
    }
  });
});

describe("for those who run it", () => {
  test("GET / explains the service without script, under a policy that allows none", async () => {
    const answer = await ingest.app.inject({ url: "/", headers: { host: '"><script>alert(1)</script>' } });
    expect(answer.headers["content-type"]).toMatch(/^text\/html/);
    expect(answer.headers["content-security-policy"]).toMatch(/^default-src 'none'; style-src 'sha256-[^']+';/);
    expect(answer.body).not.toContain("<script");
    for (const part of ["1.2.3", "/openapi.json", "/healthz", "/metrics", "curl"]) expect(answer.body).toContain(part);
  });

  test("healthz says that it lives, readyz that it can work", async () => {
    expect((await ingest.app.inject("/healthz")).json()).toEqual({ status: "ok" });
    expect((await ingest.app.inject("/readyz")).json()).toEqual({ status: "ready" });
  });

  test("readyz stays 200 while the queues are away, and says so: mail is taken all the same", async () => {
    const alone = await openTestIngest({ pingQueues: () => Promise.reject(new Error("no queue")) });
    try {
      const answer = await alone.app.inject("/readyz");
      expect(answer.statusCode).toBe(200);
      expect(answer.json()).toMatchObject({ status: "degraded", detail: expect.stringContaining("is kept") });
      expect((await alone.post(freshMessage())).statusCode).toBe(202);
    } finally {
      await alone.close();
    }
  });

  test("the OpenAPI document is valid and describes every route of the API", async () => {
    const document = (await ingest.app.inject("/openapi.json")).json();
    const result = await new Validator().validate(document);
    expect(result.errors).toBeUndefined();
    expect(result.valid).toBe(true);
    expect(Object.keys(document.paths).sort()).toEqual([
      "/healthz",
      "/metrics",
      "/readyz",
      "/v1/dead-letters",
      "/v1/dead-letters/retry",
      "/v1/dead-letters/{id}",
      "/v1/dead-letters/{id}/discard",
      "/v1/dead-letters/{id}/redirect",
      "/v1/dead-letters/{id}/retry",
      "/v1/digests",
      "/v1/incidents",
      "/v1/incidents/{id}",
      "/v1/incidents/{id}/close",
      "/v1/incidents/{id}/messages",
      "/v1/messages",
      "/v1/messages/{id}",
      "/v1/messages/{id}/acknowledge",
      "/v1/messages/{id}/correction",
      "/v1/messages/{id}/raw",
      "/v1/messages/{id}/release",
      "/v1/models",
      "/v1/models/rollback",
      "/v1/models/training",
      "/v1/models/{version}",
      "/v1/sent",
    ]);
    const intake = document.paths["/v1/messages"].post;
    expect(Object.keys(intake.requestBody.content)).toEqual(["message/rfc822", "message/global"]);
    expect(Object.keys(intake.responses)).toEqual(expect.arrayContaining(["202", "413", "415", "429", "503"]));
    expect(Object.keys(intake.responses["413"].content)).toEqual(["application/problem+json"]);
  });
});
