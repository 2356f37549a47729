/** Several classifiers on one database and one queue: the incidents that one alone would make. */
import { createLog, createMetrics, loadConfig, openQueues, type Queues } from "@triage/runtime";
import { openStore, type Store } from "@triage/store";
import { afterEach, describe, expect, test, vi } from "vitest";
import { useDatabase } from "../../../../test/support/use-database.ts";
import { useRedis } from "../../../../test/support/use-redis.ts";
import { startClassifier } from "../../src/start-classifier.ts";

const SOON = { timeout: 120_000, interval: 50 };

/** Cause -> messages, and the steps that the human is told of. */
const CAUSES = [
  { host: "mx.one.example.net", words: "550 5.7.1 blocked by our list", count: 103, steps: ["10", "100"] },
  { host: "mx.two.example.org", words: "550 5.7.26 fails DMARC", count: 40, steps: ["10"] },
  { host: "mx.three.example.edu", words: "550 5.7.1 relaying denied", count: 9, steps: [] },
] as const;

function bounce(serial: number, { host, words }: (typeof CAUSES)[number]): Buffer {
  return Buffer.from(
    [
      "From: MAILER-DAEMON@mail.example.com",
      "To: postmaster@example.com",
      "Subject: Undelivered Mail Returned to Sender",
      'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
      "",
      "--b",
      "Content-Type: message/delivery-status",
      "",
      "Reporting-MTA: dns; mail.example.com",
      "",
      `Final-Recipient: rfc822; joe${serial}@${host.slice(3)}`,
      "Action: failed",
      "Status: 5.7.1",
      `Remote-MTA: dns; ${host}`,
      `Diagnostic-Code: smtp; ${words} <id${serial}>`,
      "",
      "--b",
      "Content-Type: text/rfc822-headers",
      "",
      `From: ann${serial % 3}@example.com`,
      `Message-ID: <${serial}@example.com>`,
      "Subject: Invoice",
      "",
      "--b--",
      "",
    ].join("\r\n"),
  );
}

describe.each(["Redis", "PostgreSQL"])("with the queues in %s", (backend) => {
  const database = useDatabase();
  const redis = useRedis();
  const closers: (() => Promise<unknown>)[] = [];

  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  async function openWorker(): Promise<{ store: Store; queues: Queues; start: () => Promise<() => Promise<void>> }> {
    const env = { DATABASE_URL: database.url, REDIS_URL: backend === "Redis" ? redis.url : undefined };
    const base = loadConfig({ env });
    const config = { ...base, queue: { ...base.queue, backoffMs: 10, maxBackoffMs: 20, sweepAfterSeconds: 0.5 } };
    const log = createLog({ level: "silent" });
    const store = await openStore({ databaseUrl: database.url });
    closers.push(() => store.close());
    const queues = await openQueues({ queue: config.queue, redis: config.redis, databaseUrl: database.url, log });
    closers.push(() => queues.close());
    const start = async () => {
      const metrics = createMetrics({ processMetrics: false });
      const role = await startClassifier(config, { store, queues, metrics, log });
      closers.push(() => role.close());
      return () => role.close();
    };
    return { store, queues, start };
  }

  test("each cause begins once, counts each message once and reaches each step once, though workers leave", async () => {
    const workers = await Promise.all([openWorker(), openWorker(), openWorker()]);
    const [{ store, queues }] = workers;
    const made = CAUSES.flatMap((cause) => Array.from({ length: cause.count }, () => cause));
    await store.recordSent(made.map((_, serial) => ({ messageId: `<${serial}@example.com>`, at: new Date() })));
    const envelope = {
      reversePath: { kind: "null" as const },
      forwardPaths: [{ kind: "address" as const, localPart: "postmaster", domain: "example.com" }],
    };
    const stored = await store.insertMessages(
      made.map((cause, serial) => ({ raw: bounce(serial, cause), envelope, envelopeKnown: true, source: "test" })),
    );
    const ids = stored.map(({ id }) => id);
    // In another order than they came in; what is in progress when a worker leaves, and what has no job, comes again.
    await queues.addMany(
      "classify",
      ids.filter((_, index) => index % 5 !== 0).sort((a, b) => (a.slice(-8) < b.slice(-8) ? -1 : 1)),
    );
    const [leave] = await Promise.all(workers.slice(0, 2).map(({ start }) => start()));
    await vi.waitUntil(async () => (await store.incidents({ limit: 10 })).length > 0, SOON);
    await leave?.();
    await workers[2]?.start();
    const states = () => Promise.all(ids.map(async (id) => (await store.message(id))?.state));
    const later = new Date(Date.now() + 3_600_000);
    await vi.waitUntil(async () => (await store.staleMessages("received", later, 1)).length === 0, SOON);

    const found = await states();
    const incidents = await store.incidents({ kind: "failure", limit: 10 });
    expect(incidents).toHaveLength(CAUSES.length);
    for (const [index, { count, steps }] of CAUSES.entries()) {
      const first = CAUSES.slice(0, index).reduce((sum, cause) => sum + cause.count, 0);
      const mine = found.slice(first, first + count);
      const incident = incidents.find(({ messages }) => messages === count);
      expect(mine.filter((state) => state === "classified")).toHaveLength(1);
      expect(mine.filter((state) => state === "grouped")).toHaveLength(count - 1);
      expect(incident?.notices.map(({ step }) => step).sort()).toEqual(steps);
    }
    // The jobs are added after the verdict is kept, and not twice.
    await vi.waitUntil(async () => (await queues.counts("notify")).waiting === 3, SOON);
    await vi.waitUntil(async () => (await queues.counts("deliver")).waiting === CAUSES.length, SOON);
  });
});
