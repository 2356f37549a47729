import { createLog, openQueues, type QueueConfig } from "@triage/runtime";
import { afterEach, expect, inject, test, vi } from "vitest";
import { findFreePort } from "../../../test/support/free-port.ts";
import { type RedisServer, startRedis } from "../../../test/support/redis-server.ts";

const QUEUE: QueueConfig = {
  prefix: "triage",
  attempts: { classify: 1, deliver: 1 },
  backoffMs: 1,
  maxBackoffMs: 1,
  lockDurationMs: 1_000,
  sweepAfterSeconds: 1,
  maxWaiting: 1,
};

const servers: RedisServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

async function open(args: readonly string[] = []) {
  const server = await startRedis(inject("redisProgram"), args);
  servers.push(server);
  const lines: string[] = [];
  const log = createLog({ destination: { write: (line) => void lines.push(line) } });
  const redis = { url: server.url, ca: undefined };
  const queues = await openQueues({ queue: QUEUE, redis, databaseUrl: "", log });
  return { server, queues, lines };
}

test("a Redis that throws jobs away when it is full is complained about loudly, and once", async () => {
  const printed = (["log", "warn", "error"] as const).map((name) => vi.spyOn(console, name));
  const { queues, lines } = await open(["--maxmemory-policy", "allkeys-lru"]);
  await queues.add("classify", "0198a");
  await queues.add("deliver", "0198a");
  await new Promise<void>((resolve) => {
    const handler = async () => resolve();
    void queues.work("classify", { concurrency: 1, handler, onFailed: async () => {} });
  });
  await queues.close();
  expect(printed.flatMap((spy) => spy.mock.calls)).toEqual([]);
  vi.restoreAllMocks();
  expect(lines.filter((line) => line.includes("noeviction"))).toHaveLength(1);
  expect(lines.map((line) => JSON.parse(line))).toContainEqual(
    expect.objectContaining({ level: "error", message: expect.stringContaining("set maxmemory-policy to noeviction") }),
  );
});

test("a Redis that is not there is named, with what the connection met", async () => {
  const redis = { url: `redis://127.0.0.1:${await findFreePort()}`, ca: undefined };
  const opening = openQueues({ queue: QUEUE, redis, databaseUrl: "", log: createLog({ level: "silent" }) });
  await expect(opening).rejects.toThrow(/^Redis at redis:\/\/127\.0\.0\.1:\d+ cannot be used: connect ECONNREFUSED/);
});

test("a Redis that is set up well is not complained about", async () => {
  const { queues, lines } = await open(["--maxmemory-policy", "noeviction"]);
  await queues.close();
  expect(lines).toEqual([]);
});

test("while Redis is away, adding is refused instead of hanging, and works again afterwards", async () => {
  const { server, queues } = await open();
  await queues.add("classify", "0198a");
  const port = new URL(server.url).port;
  await server.stop();
  await expect(queues.add("classify", "0198b")).rejects.toThrow();
  servers.push(await startRedis(inject("redisProgram"), ["--port", port]));
  await expect
    .poll(
      () =>
        queues.add("classify", "0198b").then(
          () => "added",
          () => "refused",
        ),
      { timeout: 60_000 },
    )
    .toBe("added");
  await queues.close();
});

test("a Redis that is not there is an error at start", async () => {
  const log = createLog({ level: "silent" });
  const redis = { url: "redis://127.0.0.1:1", ca: undefined };
  await expect(openQueues({ queue: QUEUE, redis, databaseUrl: "", log })).rejects.toThrow();
});
