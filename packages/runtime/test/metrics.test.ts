import { createMetrics } from "@triage/runtime";
import { expect, test } from "vitest";

test("has every instrument of the design, by its name and labels", async () => {
  const metrics = createMetrics({ processMetrics: false });
  metrics.ingestMessages.inc({ source: "http", outcome: "accepted" });
  metrics.verdicts.inc({ verdict: "backscatter", route: "archive" });
  metrics.evidence.inc({ check: "batv", outcome: "pass" });
  metrics.deliveries.inc({ outlet: "maildir", outcome: "delivered" });
  metrics.queueJobs.set({ queue: "classify", state: "waiting" }, 3);
  metrics.queueOldestWaitingSeconds.set({ queue: "classify" }, 1.5);
  const { body, contentType } = await metrics.render();
  expect(contentType).toContain("text/plain");
  for (const line of [
    'triage_ingest_messages_total{source="http",outcome="accepted"} 1',
    "triage_ingest_duration_seconds_count 0",
    'triage_verdicts_total{verdict="backscatter",route="archive"} 1',
    'triage_evidence_total{check="batv",outcome="pass"} 1',
    "triage_classify_duration_seconds_count 0",
    'triage_deliveries_total{outlet="maildir",outcome="delivered"} 1',
    'triage_queue_jobs{queue="classify",state="waiting"} 3',
    'triage_queue_oldest_waiting_seconds{queue="classify"} 1.5',
    "triage_dead_letters 0",
  ]) {
    expect(body).toContain(line);
  }
});

test("two roles in one process can each have their own registry", () => {
  expect(() => [createMetrics(), createMetrics()]).not.toThrow();
});

test("a scrape asks the collectors first, and one that fails does not spoil the others", async () => {
  const metrics = createMetrics({ processMetrics: false });
  metrics.collect(() => Promise.reject(new Error("database is down")));
  const stop = metrics.collect(async () => metrics.deadLetters.set(7));
  expect((await metrics.render()).body).toContain("triage_dead_letters 7");
  stop();
  metrics.deadLetters.set(8);
  expect((await metrics.render()).body).toContain("triage_dead_letters 8");
});

test("what ends in _total is a counter, as promtool wants it, also what Node tells of itself", async () => {
  const { body } = await createMetrics().render();
  const types = [...body.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = "", type]) => ({ name, type }));
  expect(types.length).toBeGreaterThan(30);
  expect(types.filter(({ name, type }) => name.endsWith("_total") !== (type === "counter"))).toEqual([]);
});
