/** A Redis of its own for one test file (it starts in milliseconds), and the check that no test leaves a client. */
import { setTimeout as delay } from "node:timers/promises";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, inject } from "vitest";
import { type RedisServer, startRedis } from "./redis-server.ts";
import "./provided-context.ts";

const LEAK_GRACE_MS = 15_000;

export interface TestRedis {
  /** Set while tests run; reading it earlier throws. */
  readonly url: string;
  /** What an operator (or an accident) does to a Redis: everything is gone. */
  flushAll(): Promise<void>;
}

/** @param args  More settings, such as `--maxmemory-policy allkeys-lru`. */
export function useRedis(args: readonly string[] = []): TestRedis {
  let server: RedisServer | undefined;
  let onlooker: Redis | undefined;
  let before = 0;

  beforeAll(async () => {
    server = await startRedis(inject("redisProgram"), args);
    onlooker = new Redis(server.url);
  });
  beforeEach(async () => {
    before = (await clientsOf(onlooker ?? fail())).length;
  });
  afterEach(async () => {
    const deadline = performance.now() + LEAK_GRACE_MS;
    let open = await clientsOf(onlooker ?? fail());
    while (open.length > before && performance.now() < deadline) {
      await delay(20);
      open = await clientsOf(onlooker ?? fail());
    }
    if (open.length > before) throw new Error(`Redis clients left open: ${open.join("; ")}`);
  });
  afterAll(async () => {
    await onlooker?.quit();
    await server?.stop();
  });

  return {
    get url() {
      return (server ?? fail()).url;
    },
    async flushAll() {
      await (onlooker ?? fail()).flushall();
    },
  };
}

function fail(): never {
  throw new Error("Redis is there only while tests run");
}

async function clientsOf(redis: Redis): Promise<readonly string[]> {
  return String(await redis.client("LIST"))
    .split("\n")
    .filter((line) => line !== "");
}
