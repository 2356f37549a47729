/**
 * Global setup of the tests that need real servers: one PostgreSQL (the embedded one) and one Redis for the whole run,
 * each in a temporary folder and on a port of its own, so that several runs at the same time do not meet.
 */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startEmbeddedPostgres } from "../../services/standalone/src/embedded-postgres/embedded-postgres.ts";
import { findRedisProgram, startRedis } from "./redis-server.ts";
import "./provided-context.ts";

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const program = await findRedisProgram();
  if ("reason" in program) throw new Error(program.reason);
  const folder = await mkdtemp(join(tmpdir(), "triage-test-"));
  // root runs PostgreSQL as another account, which must reach its data
  await chmod(folder, 0o755);
  const elsewhere = { cacheDir: join(folder, "programs"), stateDir: join(folder, "state") };
  const [postgres, redis] = await Promise.all([
    startEmbeddedPostgres({ dataDir: folder, elsewhere }),
    startRedis(program),
  ]);
  project.provide("databaseUrl", postgres.databaseUrl);
  project.provide("redisUrl", redis.url);
  project.provide("redisProgram", program);
  return async () => {
    await Promise.all([postgres.stop(), redis.stop()]);
    await rm(folder, { recursive: true, force: true });
  };
}
