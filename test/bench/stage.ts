/** Real servers and real roles for a bench: PostgreSQL, Redis, and each role in a process of its own, as `triage run` starts it. */
import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RoleName } from "@triage/runtime";
import pg from "pg";
import { startEmbeddedPostgres } from "../../services/standalone/src/embedded-postgres/embedded-postgres.ts";
import { findFreePort } from "../support/free-port.ts";
import { findRedisProgram, startRedis } from "../support/redis-server.ts";

const TRIAGE = fileURLToPath(new URL("../../services/cli/bin/triage.js", import.meta.url));
const READY_TIMEOUT_MS = 30_000;

/** Where the queues are. */
export type Backend = "Redis" | "PostgreSQL";
export const BACKENDS: readonly Backend[] = ["Redis", "PostgreSQL"];

export interface Stage {
  /** Temporary; gone with the stage. */
  readonly folder: string;
  readonly databaseUrl: string;
  readonly redisUrl: string;
}

/** Starts the servers, works, and stops them, whatever happens. */
export async function onStage<T>(work: (stage: Stage) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "triage-bench-"));
  // root runs PostgreSQL as another account, which must reach its data
  await chmod(folder, 0o755);
  const program = await findRedisProgram();
  if ("reason" in program) throw new Error(program.reason);
  const elsewhere = { cacheDir: join(folder, "programs"), stateDir: join(folder, "state") };
  const postgres = await startEmbeddedPostgres({ dataDir: folder, elsewhere });
  const redis = await startRedis(program, ["--maxmemory-policy", "noeviction"]);
  try {
    return await work({ folder, databaseUrl: postgres.databaseUrl, redisUrl: redis.url });
  } finally {
    await Promise.all([postgres.stop(), redis.stop()]);
    await rm(folder, { recursive: true, force: true });
  }
}

/** The same stage with an empty database of its own: what one run has learned, no other knows. @param name  A name in SQL. */
export async function withDatabase(stage: Stage, name: string): Promise<Stage> {
  const client = new pg.Client({ connectionString: stage.databaseUrl });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${name}`);
  } finally {
    await client.end();
  }
  const url = new URL(stage.databaseUrl);
  url.pathname = `/${name}`;
  return { ...stage, databaseUrl: url.href };
}

/** What a process needs to work on this stage. */
export function environmentOf(stage: Stage, backend: Backend): NodeJS.ProcessEnv {
  const { REDIS_URL: _, ...inherited } = process.env;
  const redis = backend === "Redis" ? { REDIS_URL: stage.redisUrl } : {};
  return { ...inherited, ...redis, DATABASE_URL: stage.databaseUrl, LOG_LEVEL: "error" };
}

export interface RunningRoles {
  /** Ports of their HTTP interfaces, in the order in which the roles were named. */
  readonly ports: readonly number[];
  stop(): Promise<void>;
}

/** @param env  With TRIAGE_CONFIG. Resolves when all of them are ready. */
export async function startRoles(roles: readonly RoleName[], env: NodeJS.ProcessEnv): Promise<RunningRoles> {
  const started: { readonly port: number; readonly child: ChildProcess }[] = [];
  for (const role of roles) {
    const port = await findFreePort();
    const child = spawn(process.execPath, [TRIAGE, "run", role], {
      env: { ...env, PORT: String(port) },
      stdio: "inherit",
    });
    started.push({ port, child });
  }
  const stop = async () => void (await Promise.all(started.map(({ child }) => stopChild(child))));
  try {
    for (const { port } of started) await waitUntilReady(`http://127.0.0.1:${port}/readyz`);
  } catch (error) {
    await stop();
    throw error;
  }
  return { ports: started.map(({ port }) => port), stop };
}

async function waitUntilReady(url: string): Promise<void> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (performance.now() < deadline) {
    const ready = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${url} was not ready within ${READY_TIMEOUT_MS / 1_000} s`);
}

export async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = new Promise((resolve) => child.once("close", resolve));
  child.kill("SIGTERM");
  await closed;
}
