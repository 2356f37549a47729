import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createLog,
  createMetrics,
  loadConfig,
  type Metrics,
  openQueues,
  type Queues,
  type ResolvedConfig,
} from "@triage/runtime";
import { openStore, type Store } from "@triage/store";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { useDatabase } from "../../../test/support/use-database.ts";
import { useRedis } from "../../../test/support/use-redis.ts";
import { startDelivery } from "../src/start-delivery.ts";
import { beginStorm } from "./begin-storm.ts";
import { aClassification } from "./classifications.ts";
import { aHuman } from "./humans.ts";
import { refuse, type SmtpHostOptions, startSmtpHost } from "./smtp-host.ts";

const ANN = "ann@example.com";
const SOON = { timeout: 60_000, interval: 20 };

describe.each(["Redis", "PostgreSQL"])("with the queues in %s", (backend) => {
  const database = useDatabase();
  const redis = useRedis();
  const closers: (() => Promise<unknown>)[] = [];
  let store: Store;
  let queues: Queues;
  let metrics: Metrics;
  let folder: string;
  let serial = 0;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "triage-delivery-"));
    closers.push(() => rm(folder, { recursive: true, force: true }));
    metrics = createMetrics({ processMetrics: false });
  });
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  /** Starts the role with short waits between attempts. */
  async function start(outlet?: ResolvedConfig["outlets"][number], attempts = 100): Promise<void> {
    const env = {
      DATABASE_URL: database.url,
      TRIAGE_DATA_DIR: folder,
      REDIS_URL: backend === "Redis" ? redis.url : undefined,
    };
    const base = loadConfig({ env });
    const queue = {
      ...base.queue,
      attempts: { classify: 5, deliver: attempts },
      backoffMs: 10,
      maxBackoffMs: 20,
      sweepAfterSeconds: 0.2,
    };
    const config = {
      ...base,
      queue,
      from: "triage@example.com",
      humans: [aHuman({ to: [ANN], outlet: outlet?.id ?? "maildir" })],
      outlets: outlet === undefined ? base.outlets : [outlet],
    };
    const log = createLog({ level: "silent" });
    store = await openStore({ databaseUrl: database.url });
    closers.push(() => store.close());
    queues = await openQueues({ queue, redis: config.redis, databaseUrl: database.url, log });
    closers.push(() => queues.close());
    const role = await startDelivery(config, { store, queues, metrics, log });
    closers.push(() => role.close());
  }

  async function startWithHost(options: SmtpHostOptions, attempts?: number) {
    const host = await startSmtpHost(options);
    closers.push(() => host.close());
    const smtp = {
      id: "smtp",
      kind: "smtp",
      hosts: [{ kind: "tcp", host: "127.0.0.1", port: host.port, tls: "none" }],
      auth: undefined,
      pool: 1,
    } as const;
    await start(smtp, attempts);
    return host;
  }

  async function classified(): Promise<string> {
    serial += 1;
    const raw = Buffer.from(`From: a@example.net\r\nX-Serial: ${serial}\r\n\r\nhi\r\n`);
    const envelope = { reversePath: undefined, forwardPaths: [] };
    const [outcome] = await store.insertMessages([{ raw, envelope, envelopeKnown: false, source: "test" }]);
    await store.saveClassification(outcome?.id ?? "", aClassification({}));
    return outcome?.id ?? "";
  }

  const stateOf = async (id: string) => (await store.message(id))?.state;

  test("a message whose job was lost (a crash before it was added, a wiped Redis) is found and delivered", async () => {
    await start();
    const id = await classified();
    await vi.waitUntil(async () => (await stateOf(id)) === "delivered", SOON);
    expect(await readdir(join(folder, "human", "new"))).toHaveLength(1);
  });

  test("a human's server that says 4yz gets the mail later", async () => {
    const refuseTo: Record<string, Error> = { [ANN]: refuse(451, "try later") };
    const host = await startWithHost({ refuseTo });
    const id = await classified();
    await queues.add("deliver", id);
    await vi.waitUntil(async () => ((await store.message(id))?.deliveries.length ?? 0) >= 2, SOON);
    expect(await stateOf(id)).toBe("classified");
    delete refuseTo[ANN];
    await vi.waitUntil(async () => (await stateOf(id)) === "delivered", SOON);
    expect(host.taken).toHaveLength(1);
  });

  test("a human's server that says 5yz makes a dead letter, which the metric shows", async () => {
    await startWithHost({ refuseTo: { [ANN]: refuse(550, "no such user") } });
    const id = await classified();
    await queues.add("deliver", id);
    await vi.waitUntil(async () => (await stateOf(id)) === "failed", SOON);
    const { body } = await metrics.render();
    expect(body).toContain('triage_deliveries_total{outlet="smtp",outcome="failed"} 1');
    expect(body).toMatch(/^triage_dead_letters [1-9]/m);
  });

  test("after the last attempt the message is a dead letter, with the answer of the last one", async () => {
    await startWithHost({ refuseTo: { [ANN]: refuse(452, "mailbox full") } }, 3);
    const id = await classified();
    await queues.add("deliver", id);
    await vi.waitUntil(async () => (await stateOf(id)) === "failed", SOON);
    const message = await store.message(id);
    expect(message?.deliveries.map(({ outcome }) => outcome)).toEqual(["error", "error", "error"]);
    expect(message?.deadLetter?.error).toContain("452 mailbox full");
  });

  /** A storm of its own, known by its forged address, and the notice that tells of its beginning. */
  async function stormBegins(): Promise<string> {
    serial += 1;
    return beginStorm(store, `joe${serial}@${backend.toLowerCase()}.example.com`, serial);
  }

  const noticeStateOf = async (id: string) => (await store.notice(id))?.state;

  test("a notice whose job was lost is found, and told with a null reverse-path", async () => {
    const host = await startWithHost({});
    const id = await stormBegins();
    await vi.waitUntil(async () => (await noticeStateOf(id)) === "delivered", SOON);
    expect(host.taken).toMatchObject([{ from: "", to: [ANN] }]);
    const { body } = await metrics.render();
    expect(body).toContain('triage_notices_total{kind="storm",step="begin",outcome="delivered"} 1');
    expect(body).toMatch(/^triage_incidents_open\{kind="storm"\} [1-9]/m);
  });

  test("a notice that the human's server puts off is told later, once", async () => {
    const refuseTo: Record<string, Error> = { [ANN]: refuse(451, "try later") };
    const host = await startWithHost({ refuseTo });
    const id = await stormBegins();
    await queues.add("notify", id);
    await vi.waitUntil(async () => ((await store.notice(id))?.deliveries.length ?? 0) >= 2, SOON);
    expect(await noticeStateOf(id)).toBe("pending");
    delete refuseTo[ANN];
    await vi.waitUntil(async () => (await noticeStateOf(id)) === "delivered", SOON);
    await queues.add("notify", id);
    await vi.waitUntil(async () => (await queues.counts("notify")).waiting === 0, SOON);
    expect(host.taken).toHaveLength(1);
  });

  test.each([550, 452])(
    "a notice that is refused with %i to the last is failed, which the metric shows",
    async (code) => {
      await startWithHost({ refuseTo: { [ANN]: refuse(code, "no") } }, 3);
      const id = await stormBegins();
      await queues.add("notify", id);
      await vi.waitUntil(async () => (await noticeStateOf(id)) === "failed", SOON);
      expect((await metrics.render()).body).toContain('triage_notices_total{kind="storm",step="begin",outcome="');
    },
  );

  test("closing finishes the delivery in progress", async () => {
    let release: () => void = () => undefined;
    let begun: () => void = () => undefined;
    const atServer = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const host = await startWithHost({
      onMailFrom: (_address, _session, callback) => {
        release = () => callback();
        begun();
      },
    });
    const id = await classified();
    await queues.add("deliver", id);
    await atServer;
    const closing = closers.pop()?.();
    release();
    await closing;
    expect(host.taken).toHaveLength(1);
    expect(await stateOf(id)).toBe("delivered");
  });
});
