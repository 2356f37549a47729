/** What the global setup gives to the tests: `inject("databaseUrl")`. Most tests take useDatabase and useRedis instead. */
import type { RedisProgram } from "./debian-redis.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The superuser's connection to the server that all test files share. */
    readonly databaseUrl: string;
    /** The Redis that all test files share: use a queue prefix of your own, and never FLUSHALL. */
    readonly redisUrl: string;
    /** To start a Redis of one's own. */
    readonly redisProgram: RedisProgram;
  }
}
