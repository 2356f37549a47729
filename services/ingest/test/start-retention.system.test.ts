import { randomBytes } from "node:crypto";
import { NULL_REVERSE_PATH } from "@triage/message";
import { createLog, createMetrics, loadConfig } from "@triage/runtime";
import { openStore, type Store } from "@triage/store";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { startRetention } from "../src/start-retention.ts";
import { SPAM } from "./classifications.ts";

const DAY_MS = 86_400_000;
const settings = loadConfig({ env: { TRIAGE_DATA_DIR: "." } });
let nowMs = Date.UTC(2026, 10, 20, 12);
let store: Store;

beforeEach(async () => {
  const schema = `retention_${randomBytes(6).toString("hex")}`;
  store = await openStore({ databaseUrl: inject("databaseUrl"), schema, poolSize: 4, now: () => nowMs });
});
afterEach(() => store.close());

async function archived(text: string): Promise<string> {
  const envelope = { reversePath: NULL_REVERSE_PATH, forwardPaths: [] };
  const [one] = await store.insertMessages([{ raw: Buffer.from(text), envelope, envelopeKnown: true, source: "test" }]);
  const id = one?.id ?? "";
  await store.saveClassification(id, SPAM);
  return id;
}

/** One look of the role, as when it starts: closing waits for it. */
async function look() {
  const lines: Record<string, unknown>[] = [];
  const log = createLog({ destination: { write: (line) => void lines.push(JSON.parse(line)) }, pretty: false });
  const metrics = createMetrics({ processMetrics: false });
  await startRetention(settings, { store, metrics, log, now: () => nowMs }).close();
  return { lines, text: (await metrics.render()).body };
}

test("a role that starts drops what is over, says so once, and again only on the next day", async () => {
  const id = await archived("old");
  nowMs += 31 * DAY_MS;
  const recent = await archived("recent");
  const { lines, text } = await look();
  expect(await store.raw(id)).toBeUndefined();
  expect(await store.raw(recent)).toBeDefined();
  expect(lines).toContainEqual(expect.objectContaining({ message: "what is kept no longer was dropped", messages: 1 }));
  expect(text).toContain('triage_retention_removed_total{what="messages"} 1');
  expect(text).toContain("triage_oldest_message_seconds 0");
  expect(text).toContain("triage_retention_age_seconds 0");
  const late = await archived("comes when today's run is done");
  nowMs += 22 * 3_600_000;
  expect((await look()).text).toContain("triage_retention_age_seconds 79200");
  for (let days = 0; days <= 31; days += 15) {
    await look();
    nowMs += 15 * DAY_MS;
  }
  await look();
  expect(await store.raw(late)).toBeUndefined();
});

test("a clock that jumps a year ahead drops nothing, however much mail comes then; the log says what to do", async () => {
  await look();
  const id = await archived("kept");
  nowMs += 365 * DAY_MS;
  await archived("comes after the jump");
  const { lines } = await look();
  expect(lines.at(-1)).toMatchObject({ level: "warn", message: expect.stringContaining("triage retention --yes") });
  expect(await store.raw(id)).toBeDefined();
  expect(await store.runRetention(settings.retention, { trustClock: true })).toMatchObject({ kind: "done" });
  expect(await store.raw(id)).toBeUndefined();
});

test("a run that a wrong clock dated into next year does not stop the next ones", async () => {
  nowMs += 365 * DAY_MS;
  await look();
  nowMs -= 365 * DAY_MS;
  await look();
  expect((await store.lastRetention())?.getTime()).toBe(nowMs);
});
