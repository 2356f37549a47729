import type { Log } from "../log.ts";
import type { RedisClient } from "./redis-client.ts";

/**
 * Says loudly when Redis is set up in a way that loses jobs. It is no error: the sweeper brings lost jobs back, but every
 * message then waits for it.
 */
export async function checkRedis(client: RedisClient, log: Log): Promise<void> {
  // INFO and not CONFIG GET: hosted services forbid the latter
  const info = await client.info("memory");
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1];
  if (policy === undefined || policy === "noeviction") return;
  log.error(
    { policy },
    `Redis is set to throw jobs away when its memory is full: set maxmemory-policy to noeviction (it is ${policy})`,
  );
}
