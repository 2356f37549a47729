/** Real PostgreSQL: what is counted must not depend on who counts, in which order and how often. */
import type { IncidentOf, StormFacts } from "@triage/contracts";
import type { StormObservation } from "@triage/provenance";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type NotedReport, openStore, type Store } from "../src/index.ts";
import { uuidGenerator } from "../src/uuid-v7.ts";
import { classification, freshSchema, newMessage } from "./fresh-schema.ts";

const HOUR_MS = 3_600_000;
const NOON = Date.UTC(2026, 10, 22, 12);
const SETTINGS = { hours: 6, minMessages: 20, minReportingMtas: 5, unprovenShare: 0.9 };
const options = freshSchema();
let nowMs = NOON;
let store: Store;
let other: Store;

beforeAll(async () => {
  store = await openStore({ ...options, now: () => nowMs });
  other = await openStore({ ...options, now: () => nowMs });
});
beforeEach(() => {
  nowMs = NOON;
});
afterAll(() => Promise.all([store.close(), other.close()]));

/** Each test has a domain of its own, so that it has storms of its own. */
function reportsOf(sender: string, count: number, more: Partial<StormObservation> = {}): readonly NotedReport[] {
  const newId = uuidGenerator(() => nowMs);
  const domain = sender.slice(sender.indexOf("@") + 1);
  return Array.from({ length: count }, (_, index) => ({
    messageId: newId(),
    observation: {
      keys: [
        { kind: "address", value: sender },
        { kind: "domain", value: domain },
      ],
      sender,
      reporter: `victim${index % 30}.example`,
      recipients: [`user${index}@victim${index % 30}.example`],
      proof: "contradicted",
      counts: true,
      canProve: true,
      subject: `Cheap watches ${index}`,
      ...more,
    },
  }));
}

async function stormIncidents(): Promise<readonly IncidentOf<"storm">[]> {
  return (await store.incidents({ kind: "storm", limit: 100 })).filter((incident) => incident.kind === "storm");
}

async function incidentsOf(scope: string): Promise<readonly IncidentOf<"storm">[]> {
  return (await stormIncidents()).filter(({ facts }) => facts.scope === scope);
}

function shuffled<T>(list: readonly T[], seed: number): readonly T[] {
  const mixed = [...list];
  let state = seed;
  for (let at = mixed.length - 1; at > 0; at -= 1) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    const to = state % (at + 1);
    [mixed[at], mixed[to]] = [mixed[to] as T, mixed[at] as T];
  }
  return mixed;
}

/** Batches of different sizes, one after the other. */
async function count(worker: Store, reports: readonly NotedReport[]): Promise<readonly string[]> {
  const noticeIds: string[] = [];
  let rest = reports;
  for (let size = 1; rest.length > 0; size = (size % 17) + 3) {
    noticeIds.push(...(await worker.noteStorms(rest.slice(0, size), SETTINGS)).noticeIds);
    rest = rest.slice(size);
  }
  return noticeIds;
}

test("a few bounces are no storm, many from many organisations are one", async () => {
  const reports = reportsOf("ann@begin.example.com", 60);
  const calm = await store.noteStorms(reports.slice(0, 15), SETTINGS);
  expect(calm.answers.every(({ kind }) => kind === "calm")).toBe(true);
  expect(calm.noticeIds).toEqual([]);
  const { answers, noticeIds } = await store.noteStorms(reports.slice(15), SETTINGS);
  expect(answers[0]).toMatchObject({ kind: "storm", strength: "full", by: "address" });
  expect(noticeIds).toHaveLength(1);
});

describe("two workers with the same reports, shuffled and repeated", () => {
  test("come to the counts of one, to one incident and to one notice a step", async () => {
    const alone = reportsOf("ann@alone.example.com", 1_200);
    const aloneNotices = await count(store, alone);
    const reports = reportsOf("ann@shared.example.com", 1_200);
    // The same message ids, so that the estimates must be the same to the last digit.
    const same = reports.map((report, index) => ({ ...report, messageId: alone[index]?.messageId ?? "" }));
    const notices = await Promise.all([
      count(store, [...shuffled(same, 1), ...shuffled(same.slice(0, 300), 2)]),
      count(other, shuffled(same.slice(400), 3)),
    ]);
    nowMs = NOON + 12 * HOUR_MS;
    await store.closeQuietStorms(new Date(NOON + HOUR_MS));
    const [expected, ...none] = await incidentsOf("ann@alone.example.com");
    const [incident, ...more] = await incidentsOf("ann@shared.example.com");
    expect([none, more]).toEqual([[], []]);
    const { examples: _, scope: __, ...counts } = expected?.facts ?? ({} as StormFacts);
    expect(incident?.facts).toMatchObject(counts);
    expect(incident?.notices.map(({ step }) => step).sort()).toEqual(["100", "1000", "begin", "end"]);
    expect(expected?.notices.map(({ step }) => step).sort()).toEqual(["100", "1000", "begin", "end"]);
    expect(new Set(notices.flat()).size).toBe(3);
    expect(notices.flat()).toHaveLength(aloneNotices.length);
  });
});

test("when nobody could be told of the end, the latest doubtful report is delivered, once, and says where the others are", async () => {
  const { incidentIds } = await store.noteStorms(reportsOf("ann@unheard.example.com", 60), SETTINGS);
  const incidentId = incidentIds.at(-1) ?? "";
  const ids = (await store.insertMessages([1, 2, 3].map((index) => newMessage(`doubtful ${index}`)))).map(
    ({ id }) => id,
  );
  const doubtful = classification({ verdict: "undecided" });
  for (const id of ids) {
    expect(await store.saveStormReport(id, doubtful, incidentId)).toMatchObject({ state: "grouped" });
  }
  nowMs = NOON + 12 * HOUR_MS;
  await store.closeQuietStorms(new Date(NOON + HOUR_MS));
  expect(await store.replaceUnheard()).toEqual([]);
  const [incident] = await incidentsOf("ann@unheard.example.com");
  await store.closeNotice(incident?.notices.find(({ step }) => step === "end")?.id ?? "", {
    at: new Date(),
    otherwise: "failed",
  });
  const latest = ids[2] ?? "";
  expect(await store.replaceUnheard()).toEqual([latest]);
  expect(await store.replaceUnheard()).toEqual([]);
  expect((await store.message(latest))?.incident).toMatchObject({ id: incidentId, role: "opener" });
});

test("one address and one mailing are one incident, also by way of a third", async () => {
  const key = (value: string) => ({ kind: "content", value }) as const;
  const first = reportsOf("ann@linked.example.com", 30, { keys: [key("linked-a")] });
  const second = reportsOf("bob@linked.example.com", 30, { keys: [key("linked-b")] });
  const both = reportsOf("bob@linked.example.com", 30, { keys: [key("linked-a"), key("linked-b")] });
  await store.noteStorms([...first.slice(0, 10), ...both, ...second.slice(0, 10)], SETTINGS);
  await store.noteStorms([...first.slice(10), ...second.slice(10)], SETTINGS);
  const linked = (await stormIncidents()).filter(({ facts }) => facts.by === "content");
  expect(linked).toHaveLength(1);
});

test("what is proven ours counts against the storm", async () => {
  const proven = reportsOf("ann@newsletter.example.com", 100, { proof: "proven" });
  const silent = reportsOf("ann@newsletter.example.com", 40, { proof: "silent" });
  await store.noteStorms(proven, SETTINGS);
  const { answers } = await store.noteStorms(silent, SETTINGS);
  expect(answers.every(({ kind }) => kind === "calm")).toBe(true);
});

test("automatic replies that show nothing make no storm, but are told of one", async () => {
  const replies = reportsOf("ann@away.example.com", 60, { proof: "silent", counts: false });
  expect((await store.noteStorms(replies.slice(0, 40), SETTINGS)).answers[39]).toEqual({ kind: "calm" });
  await store.noteStorms(reportsOf("ann@away.example.com", 30), SETTINGS);
  expect((await store.noteStorms(replies.slice(40), SETTINGS)).answers[0]).toMatchObject({ kind: "storm" });
});

test("only the last hours count", async () => {
  await store.noteStorms(reportsOf("ann@slow.example.com", 15), SETTINGS);
  nowMs = NOON + 7 * HOUR_MS;
  const { answers } = await store.noteStorms(reportsOf("ann@slow.example.com", 15), SETTINGS);
  expect(answers.at(-1)).toEqual({ kind: "calm" });
});

test("a message that is classified late counts in the hour in which it came in", async () => {
  const early = reportsOf("ann@late.example.com", 30);
  nowMs = NOON + 20 * HOUR_MS;
  const { answers } = await store.noteStorms(early, SETTINGS);
  expect(answers[0]).toMatchObject({ kind: "storm" });
});

test("a site that can prove nothing is told, and the answer says that nothing is to be held back", async () => {
  const reports = reportsOf("ann@bare.example.com", 50, { proof: "silent", canProve: false });
  const { answers, noticeIds } = await store.noteStorms(reports, SETTINGS);
  expect(answers[0]).toMatchObject({ kind: "storm", strength: "unprovable" });
  expect((await store.notice(noticeIds[0] ?? ""))?.facts).toMatchObject({ strength: "unprovable" });
});

test("a storm is over after its quiet hours, told once, and the next one is another incident", async () => {
  await store.noteStorms(reportsOf("ann@over.example.com", 30), SETTINGS);
  expect(await store.closeQuietStorms(new Date(NOON - HOUR_MS))).toEqual([]);
  nowMs = NOON + 24 * HOUR_MS;
  const [ends, none] = await Promise.all([
    store.closeQuietStorms(new Date(nowMs - 6 * HOUR_MS)),
    other.closeQuietStorms(new Date(nowMs - 6 * HOUR_MS)),
  ]);
  expect(new Set([...ends, ...none]).size).toBe(ends.length + none.length);
  await store.noteStorms(reportsOf("ann@over.example.com", 30), SETTINGS);
  const incidents = await incidentsOf("ann@over.example.com");
  expect(incidents.map(({ state, notices }) => [state, notices.map(({ step }) => step)])).toEqual([
    ["open", ["begin"]],
    ["closed", ["begin", "end"]],
  ]);
});

test("a notice keeps what was known at its step, and is told once", async () => {
  const reports = reportsOf("ann@notice.example.com", 90);
  const { noticeIds } = await store.noteStorms(reports.slice(0, 30), SETTINGS);
  await store.noteStorms(reports.slice(30), SETTINGS);
  const id = noticeIds[0] ?? "";
  const notice = await store.notice(id);
  expect(notice).toMatchObject({ kind: "storm", step: "begin", state: "pending", deliveries: [] });
  const facts = notice?.facts as StormFacts;
  expect(facts.unproven).toBeLessThan(40);
  expect(facts.examples).toHaveLength(5);
  await store.recordNoticeDelivery(id, {
    outlet: "smtp",
    recipient: "ann@example.com",
    outcome: "delivered",
    detail: "250",
  });
  await store.closeNotice(id, { at: new Date(), otherwise: "delivered" });
  await store.closeNotice(id, { at: new Date(), otherwise: "failed" });
  expect(await store.notice(id)).toMatchObject({ state: "delivered", deliveries: [{ outcome: "delivered" }] });
  expect(await store.staleNotices(new Date(Date.now() + HOUR_MS), 1_000)).not.toContain(id);
});

test("counts are forgotten, incidents stay", async () => {
  await store.noteStorms(reportsOf("ann@forget.example.com", 30), SETTINGS);
  await store.forgetStormCounts(new Date(NOON + 100 * HOUR_MS));
  const { answers } = await store.noteStorms(reportsOf("ann@forget.example.com", 5), SETTINGS);
  expect(answers[0]).toEqual({ kind: "calm" });
  expect(await incidentsOf("ann@forget.example.com")).toHaveLength(1);
});
