import type { StormObservation } from "@triage/provenance";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openStore, type Store } from "../src/index.ts";
import { uuidGenerator } from "../src/uuid-v7.ts";
import { freshSchema } from "./fresh-schema.ts";

const HOUR_MS = 3_600_000;
const NOON = Date.UTC(2026, 10, 22, 12);
const SETTINGS = { hours: 6, minMessages: 20, minReportingMtas: 5, unprovenShare: 0.9 };
const options = freshSchema();
const nowMs = NOON;
let store: Store;

beforeAll(async () => {
  store = await openStore({ ...options, now: () => nowMs });
});
afterAll(() => store.close());

function observation(sender: string, index: number, more: Partial<StormObservation> = {}): StormObservation {
  return {
    keys: [
      { kind: "address", value: sender },
      { kind: "domain", value: sender.slice(sender.indexOf("@") + 1) },
    ],
    sender,
    reporter: `victim${index % 30}.example`,
    recipients: [`user${index}@victim${index % 30}.example`],
    proof: "contradicted",
    canProve: true,
    subject: `Cheap watches ${index}`,
    ...more,
  };
}

function reportsOf(sender: string, count: number, more: Partial<StormObservation> = {}) {
  const newId = uuidGenerator(() => nowMs);
  return Array.from({ length: count }, (_, index) => ({
    messageId: newId(),
    observation: observation(sender, index, more),
  }));
}

test("a few bounces are no storm, many from many organisations are one", async () => {
  const reports = reportsOf("ann@a.example.com", 60);
  const calm = await store.noteStorms(reports.slice(0, 15), SETTINGS);
  expect(calm.answers.every(({ kind }) => kind === "calm")).toBe(true);
  expect(calm.noticeIds).toEqual([]);
  const { answers, noticeIds } = await store.noteStorms(reports.slice(15), SETTINGS);
  expect(answers[0]).toMatchObject({ kind: "storm", strength: "full", by: "address" });
  expect(noticeIds).toHaveLength(1);
});
