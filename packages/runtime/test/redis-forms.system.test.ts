import { randomUUID } from "node:crypto";
import { createLog, openQueues, type QueueConfig } from "@triage/runtime";
import { Redis } from "ioredis";
import { afterEach, expect, inject, test } from "vitest";
import { findFreePort } from "../../../test/support/free-port.ts";
import { type RedisServer, startRedis, startSentinel } from "../../../test/support/redis-server.ts";

const QUEUE: QueueConfig = {
  prefix: "triage",
  attempts: { classify: 2, deliver: 2 },
  backoffMs: 1,
  maxBackoffMs: 1,
  lockDurationMs: 30_000,
  sweepAfterSeconds: 1,
  maxWaiting: 1,
};

const servers: RedisServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

/** Both queues do their work: one message after the other goes through each, once after an error. */
async function passMessages(url: string): Promise<void> {
  const log = createLog({ level: "silent" });
  const queues = await openQueues({ queue: QUEUE, redis: { url, ca: undefined }, databaseUrl: "", log });
  const ids = Array.from({ length: 5 }, () => randomUUID());
  const tried = new Set<string>();
  const delivered: string[] = [];
  await new Promise<void>((resolve, reject) => {
    const onFailed = async (_: unknown, error: Error) => reject(error);
    const work = async () => {
      await queues.work("classify", {
        concurrency: 2,
        handler: ({ messageId }) => queues.add("deliver", messageId),
        onFailed,
      });
      await queues.work("deliver", {
        concurrency: 2,
        handler: async ({ messageId }) => {
          if (!tried.has(messageId)) {
            tried.add(messageId);
            throw new Error("451 once more");
          }
          delivered.push(messageId);
          if (delivered.length === ids.length) resolve();
        },
        onFailed,
      });
      await queues.addMany("classify", ids);
    };
    work().catch(reject);
  });
  expect(await queues.counts("deliver")).toMatchObject({ waiting: 0, delayed: 0 });
  await queues.close();
  expect(delivered.sort()).toEqual(ids.sort());
}

test("a Redis Cluster: the keys of one queue lie in one slot", async () => {
  const cluster = ["--cluster-enabled", "yes", "--cluster-announce-ip", "127.0.0.1"];
  const server = await startRedis(inject("redisProgram"), [...cluster, "--cluster-port", String(await findFreePort())]);
  servers.push(server);
  const client = new Redis(server.url);
  await client.call("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
  await expect
    .poll(async () => String(await client.call("CLUSTER", "INFO")), { timeout: 60_000 })
    .toContain("cluster_state:ok");
  await client.quit();
  await passMessages(server.url.replace("redis://", "redis+cluster://"));
});

test("a Redis that Sentinel watches is found by its name", async () => {
  const master = await startRedis(inject("redisProgram"));
  const sentinel = await startSentinel(inject("redisProgram"), master);
  servers.push(sentinel, master);
  await passMessages(`${sentinel.url.replace("redis://", "redis+sentinel://")}/mymaster`);
});

test("a Redis with a password and a numbered database", async () => {
  const server = await startRedis(inject("redisProgram"), ["--requirepass", "p@ss/word"]);
  servers.push(server);
  await passMessages(`redis://:${encodeURIComponent("p@ss/word")}@${new URL(server.url).host}/5`);
});
