import type { Log } from "../log.ts";
import type { RedisClient } from "./redis-client.ts";

/** BullMQ's own: below the first it refuses to work, below the second it warns. */
const OLDEST: Version = [5, 0];
const RECOMMENDED: Version = [6, 2];

type Version = readonly [major: number, minor: number];

/**
 * Says loudly when Redis is set up in a way that loses jobs. It is no error: the sweeper brings lost jobs back, but every
 * message then waits for it.
 *
 * @returns Whether everything is as it should be. Where it is not, BullMQ must be told not to look: it would write the same
 *          into our log again, for every queue and worker, as plain text.
 * @throws {Error} Redis is too old for BullMQ.
 */
export async function checkRedis(client: RedisClient, log: Log): Promise<boolean> {
  // INFO and not CONFIG GET: hosted services forbid the latter
  const info = `${await client.info("server")}\n${await client.info("memory")}`;
  return [checkVersion(info, log), checkPolicy(info, log)].every((isGood) => isGood);
}

function checkPolicy(info: string, log: Log): boolean {
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1];
  if (policy === undefined || policy === "noeviction") return true;
  log.error(
    { policy },
    `Redis is set to throw jobs away when its memory is full: set maxmemory-policy to noeviction (it is ${policy})`,
  );
  return false;
}

/** Valkey says there which Redis it is like. */
function checkVersion(info: string, log: Log): boolean {
  const [text = "", major, minor] = /^redis_version:(\d{1,9})\.(\d{1,9})/m.exec(info) ?? [];
  if (text === "") return true;
  const version: Version = [Number(major), Number(minor)];
  if (isBelow(version, OLDEST)) throw new Error(`it is version ${version.join(".")}, and 5.0 is the oldest that works`);
  if (!isBelow(version, RECOMMENDED)) return true;
  log.warn({ version: version.join(".") }, "this Redis is old: 6.2 or newer is recommended");
  return false;
}

function isBelow([major, minor]: Version, [otherMajor, otherMinor]: Version): boolean {
  return major === otherMajor ? minor < otherMinor : major < otherMajor;
}
