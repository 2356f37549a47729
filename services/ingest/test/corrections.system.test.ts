import type { Classification } from "@triage/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AUTHORIZED, freshMessage, openTestIngest, type TestIngest } from "./ingest-app.ts";

let ingest: TestIngest;
beforeAll(async () => {
  ingest = await openTestIngest();
});
afterAll(() => ingest.close());

const NOBODY = "00000000-0000-7000-8000-000000000000";
const SPAM: Classification = {
  verdict: "spam",
  score: 0.987,
  scores: { "genuine-dsn": 0, "user-report": 0.013, backscatter: 0, automated: 0, spam: 0.987 },
  route: "archive",
  actionable: false,
  why: "This is spam.",
  rule: "spam",
  report: { kind: "person" },
  returned: { form: "none" },
  evidence: [{ check: "text", outcome: "fail", weight: 4.3, detail: "it reads like spam" }],
};

async function classified(): Promise<string> {
  const { id } = (await ingest.post(freshMessage())).json();
  await ingest.store.saveClassification(id, SPAM);
  return id;
}
function correct(id: string, payload: unknown, headers: Record<string, string> = {}) {
  const type = { "content-type": "application/json" };
  const url = `/v1/messages/${id}/correction`;
  const body = typeof payload === "string" ? payload : JSON.stringify(payload);
  return ingest.app.inject({ method: "POST", url, headers: { ...AUTHORIZED, ...type, ...headers }, payload: body });
}
const deliverJobs = (id: string) => ingest.jobs.filter((job) => job.queue === "deliver" && job.messageId === id).length;

describe("POST /v1/messages/:id/correction", () => {
  test("an archived letter that was taken for spam goes to the human at once, with who said so as its reason", async () => {
    const id = await classified();
    const answer = await correct(id, { verdict: "user-report", note: "a customer of ours" });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({
      id,
      state: "classified",
      verdict: "user-report",
      route: "human",
      actionable: true,
      rule: "user-report",
      advice: "Read it, and answer the writer.",
      corrections: [
        { verdict: "user-report", formerVerdict: "spam", by: "mx", note: "a customer of ours", learning: "pending" },
      ],
      learning: "Later messages like this one will be judged with this in mind.",
    });
    expect(answer.json().why).toMatch(/^mx said on \d{4}-\d\d-\d\d that this is a person's message\.$/);
    expect(deliverJobs(id)).toBe(1);
    expect((await ingest.metrics.render()).body).toMatch(
      /^triage_corrections_total\{from="spam",to="user-report"\} [1-9]/m,
    );
  });

  test("the weights still add up to the score, and what the checks found can still be read", async () => {
    const { score, evidence } = (await correct(await classified(), { verdict: "user-report" })).json();
    const sum = evidence.reduce((total: number, line: { readonly weight: number }) => total + line.weight, 0);
    expect(sum).toBeCloseTo(Math.log(score / (1 - score)), 9);
    expect(evidence[0].detail).toContain("by itself it was spam (98 %)");
    expect(evidence[1]).toEqual({ ...SPAM.evidence[0], weight: 0 });
  });

  test("the same again is the same answer and no second correction; a later one wins", async () => {
    const id = await classified();
    const first = await correct(id, { verdict: "user-report", by: "ann@example.com" });
    const again = await correct(id, { verdict: "user-report", by: "ann@example.com" });
    expect(again.json()).toEqual(first.json());
    const later = await correct(id, { verdict: "automated", by: "bob" });
    expect(later.json()).toMatchObject({ verdict: "automated", route: "digest", state: "archived" });
    expect(later.json().corrections).toHaveLength(2);
    const shown = await ingest.app.inject({ url: `/v1/messages/${id}`, headers: AUTHORIZED });
    expect(shown.json().corrections).toEqual(later.json().corrections);
  });

  test("it says when the bytes are gone: nothing can be learned, and nothing delivered", async () => {
    const old = await openTestIngest();
    try {
      const { id } = (await old.post(freshMessage())).json();
      await old.store.saveClassification(id, SPAM);
      await old.store.runRetention({ human: 1, digest: 1, archive: -2, facts: 9 });
      const answer = await old.app.inject({
        method: "POST",
        url: `/v1/messages/${id}/correction`,
        headers: { ...AUTHORIZED, "content-type": "application/json" },
        payload: '{"verdict":"user-report"}',
      });
      expect(answer.json()).toMatchObject({
        verdict: "user-report",
        state: "archived",
        corrections: [{ learning: "impossible" }],
        learning: "The bytes of this message are older than the site keeps them, so nothing can be learned from it.",
      });
    } finally {
      await old.close();
    }
  });

  test("it says that a bounce teaches nothing: its words are those of a program", async () => {
    const { id } = (await ingest.post(freshMessage())).json();
    await ingest.store.saveClassification(id, {
      ...SPAM,
      verdict: "backscatter",
      report: { kind: "dsn", recipients: [] },
    });
    const answer = await correct(id, { verdict: "genuine-dsn" });
    expect(answer.json().learning).toMatch(/^It holds for this message alone/);
  });

  test("the log says what was corrected by which key, and no name of a person", async () => {
    const id = await classified();
    await correct(id, { verdict: "automated", by: "ann@example.com" });
    const line = ingest.lines.find((entry) => entry.messageId === id && entry.message === "verdict corrected");
    expect(line).toMatchObject({ from: "spam", to: "automated", source: "mx" });
    expect(JSON.stringify(line)).not.toContain("ann");
  });
});

describe("a correction that is refused", () => {
  test("of a message that is not there, or not classified yet", async () => {
    expect((await correct(NOBODY, { verdict: "spam" })).json()).toMatchObject({ status: 404, code: "unknown-message" });
    const { id } = (await ingest.post(freshMessage())).json();
    expect((await correct(id, { verdict: "spam" })).json()).toMatchObject({ status: 409, code: "not-classified" });
  });

  test.each([
    ["undecided is no correction", { verdict: "undecided" }],
    ["an unknown field", { verdict: "spam", route: "human" }],
    ["an empty note", { verdict: "spam", note: "" }],
    ["a name that would break a line", { verdict: "spam", by: "ann\nSubject: x" }],
    ["no object", []],
    ["nothing", ""],
  ])("%s", async (_why, payload) => {
    const answer = await correct(await classified(), payload);
    expect(answer.json()).toMatchObject({ status: 400, code: "invalid-request" });
  });

  test("a body that is not JSON, too long, or without its type", async () => {
    const id = await classified();
    expect((await correct(id, '{"verdict":')).json()).toMatchObject({ status: 400, code: "invalid-json" });
    expect((await correct(id, { verdict: "spam", note: "x".repeat(20_000) })).statusCode).toBe(413);
    expect((await correct(id, "verdict=spam", { "content-type": "text/plain" })).statusCode).toBe(415);
    const url = `/v1/messages/${id}/correction`;
    const bare = await ingest.app.inject({ method: "POST", url, headers: AUTHORIZED });
    expect(bare.json()).toMatchObject({ status: 400, code: "invalid-request" });
    expect((await ingest.store.message(id))?.corrections).toEqual([]);
  });

  test("without a key", async () => {
    expect((await correct(NOBODY, { verdict: "spam" }, { authorization: "Bearer wrong" })).statusCode).toBe(401);
  });
});
