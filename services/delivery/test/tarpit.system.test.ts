/** Two roles beside a host of one human that takes connections and never says a word: nobody else may notice. */
import { createServer, type Socket } from "node:net";
import { createLog, createMetrics, type HumanConfig, loadConfig, type Metrics, openQueues } from "@triage/runtime";
import { openStore, type Store } from "@triage/store";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { useDatabase } from "../../../test/support/use-database.ts";
import { useRedis } from "../../../test/support/use-redis.ts";
import { startDelivery } from "../src/start-delivery.ts";
import { beginStorm } from "./begin-storm.ts";
import { aClassification } from "./classifications.ts";
import { aHuman } from "./humans.ts";
import { refuse, type SmtpHost, startSmtpHost } from "./smtp-host.ts";

const [ANN, BOB, CY] = ["ann@example.com", "bob@example.com", "cy@example.com"];
const SOON = { timeout: 60_000, interval: 20 };
/** More than the lines of both roles to the tarpit hold: 2 x (1 + 4). */
const MESSAGES = 12;
const ESCALATION = { afterMs: 300, unless: "delivered", to: "cy" } as const;

interface Host {
  readonly port: number;
}

/** In place of a mail server: the connection stands, and nothing ever comes. */
async function startTarpit() {
  const caught = new Set<Socket>();
  const server = createServer((socket) => {
    caught.add(socket);
    socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    caught,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of caught) socket.destroy();
      await closed;
    },
  };
}

describe.each(["Redis", "PostgreSQL"])("with the queues in %s", (backend) => {
  const database = useDatabase();
  const redis = useRedis();
  const closers: (() => Promise<unknown>)[] = [];
  let store: Store;
  let metrics: Metrics;
  let healthy: SmtpHost;
  let addJobs: (name: "deliver" | "notify", ids: readonly string[]) => Promise<void>;
  let serial = 0;

  beforeEach(async () => {
    metrics = createMetrics({ processMetrics: false });
    healthy = await startSmtpHost();
    closers.push(() => healthy.close());
  });
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
    await database.query("TRUNCATE triage.message, triage.assignment, triage.allowance, triage.incident CASCADE");
  });

  /** Each with store and queues of its own, as on two machines; `hosts` has the one of every outlet. */
  async function startTwoRoles(
    humans: readonly HumanConfig[],
    hosts: Readonly<Record<string, Host>>,
    backoff = { backoffMs: 10, maxBackoffMs: 20 },
  ) {
    const env = { DATABASE_URL: database.url, REDIS_URL: backend === "Redis" ? redis.url : undefined };
    const base = loadConfig({ env });
    const queue = { ...base.queue, ...backoff, sweepAfterSeconds: 0.2 };
    const outlets = Object.entries(hosts).map(([id, { port }]) => ({
      id,
      kind: "smtp" as const,
      hosts: [{ kind: "tcp", host: "127.0.0.1", port, tls: "none" }] as const,
      auth: undefined,
      pool: 1,
    }));
    const config = { ...base, queue, humans, outlets, delivery: { ...base.delivery, concurrency: 1 } };
    const log = createLog({ level: "silent" });
    for (const _ of [1, 2]) {
      const own = await openStore({ databaseUrl: database.url });
      closers.push(() => own.close());
      store = own;
      const queues = await openQueues({ queue, redis: config.redis, databaseUrl: database.url, log });
      closers.push(() => queues.close());
      addJobs = (name, ids) => queues.addMany(name, ids);
      const role = await startDelivery(config, { store: own, queues, metrics, log });
      closers.push(() => role.close());
    }
  }

  async function classified(count: number): Promise<readonly string[]> {
    const envelope = { reversePath: undefined, forwardPaths: [] };
    const batch = Array.from({ length: count }, () => {
      serial += 1;
      const raw = Buffer.from(`From: a@example.net\r\nX-Serial: ${serial}\r\n\r\nhi\r\n`);
      return { raw, envelope, envelopeKnown: false, source: "test" };
    });
    const ids = (await store.insertMessages(batch)).map(({ id }) => id);
    for (const id of ids) await store.saveClassification(id, aClassification({}));
    return ids;
  }

  const takenFor = (human: string) => healthy.taken.filter(({ to }) => to.includes(human));
  const idsOf = (human: string) => takenFor(human).map(({ raw }) => /^Message-ID:\s+(\S+)/im.exec(raw)?.[1]);

  /** Ann's mail goes into a tarpit, Bob's does not; Cy comes after Ann. */
  async function startBesideTarpit() {
    const tarpit = await startTarpit();
    await startTwoRoles(
      [
        aHuman({ id: "ann", to: [ANN], outlet: "tarpit", escalation: ESCALATION }),
        aHuman({ id: "bob", to: [BOB], outlet: "healthy" }),
        aHuman({ id: "cy", to: [CY], outlet: "healthy", for: { kind: ["mdn"] } }),
      ],
      { tarpit: { port: tarpit.port }, healthy: { port: healthy.port } },
    );
    // The first to be closed: what hangs ends, and the roles can.
    closers.push(() => tarpit.close());
    serial += 1;
    const noticeId = await beginStorm(store, `joe${serial}@${backend.toLowerCase()}.example.com`, serial);
    await addJobs("notify", [noticeId]);
    await addJobs("deliver", await classified(MESSAGES));
    return tarpit;
  }

  test("who is beside a tarpit gets all mails and notices while the other's hang there", async () => {
    const tarpit = await startBesideTarpit();
    await vi.waitUntil(() => takenFor(BOB).length === MESSAGES + 1, SOON);
    expect(tarpit.caught.size).toBeGreaterThan(0);
  });

  test("what hangs in a tarpit goes to the next human while it hangs: every mail and notice, once, though two roles look", async () => {
    const tarpit = await startBesideTarpit();
    await vi.waitUntil(() => takenFor(CY).length >= MESSAGES + 1, SOON);
    // One more goes the whole way: whatever the roles would have done twice is done by then.
    await addJobs("deliver", await classified(1));
    await vi.waitUntil(() => [BOB, CY].every((human) => takenFor(human).length >= MESSAGES + 2), SOON);
    for (const human of [BOB, CY]) {
      expect(takenFor(human)).toHaveLength(MESSAGES + 2);
      expect(new Set(idsOf(human)).size).toBe(MESSAGES + 2);
    }
    expect((await metrics.render()).body).toContain(`triage_escalations_total{unless="delivered"} ${MESSAGES + 2}`);
    // No attempt has ended: each of the connections still stands.
    expect([...tarpit.caught].filter((socket) => socket.destroyed)).toEqual([]);
  });

  test("what waits an hour for its next attempt goes to the next human in time", async () => {
    const refusing = await startSmtpHost({ refuseTo: { [ANN]: refuse(451, "4.7.1 greylisted, try later") } });
    closers.push(() => refusing.close());
    await startTwoRoles(
      [
        aHuman({ id: "ann", to: [ANN], outlet: "refusing", escalation: ESCALATION }),
        aHuman({ id: "cy", to: [CY], outlet: "healthy", for: { kind: ["mdn"] } }),
      ],
      { refusing: { port: refusing.port }, healthy: { port: healthy.port } },
      { backoffMs: 3_600_000, maxBackoffMs: 3_600_000 },
    );
    serial += 1;
    const noticeId = await beginStorm(store, `greylisted${serial}@${backend.toLowerCase()}.example.com`, serial);
    await addJobs("notify", [noticeId]);
    await addJobs("deliver", await classified(2));
    await vi.waitUntil(() => takenFor(CY).length >= 3, SOON);
    expect(new Set(idsOf(CY)).size).toBe(3);
  });

  test("two roles together send no more in an hour than a human is to get", async () => {
    await startTwoRoles([aHuman({ id: "bob", to: [BOB], outlet: "healthy", maxPerHour: 3 })], {
      healthy: { port: healthy.port },
    });
    await addJobs("deliver", await classified(MESSAGES));
    await vi.waitUntil(async () => (await store.countHeld()) === MESSAGES - 3, SOON);
    expect(takenFor(BOB)).toHaveLength(3);
  });
});
