import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from "../src/embedded-postgres/embedded-postgres.ts";
import { EmbeddedPostgresError } from "../src/embedded-postgres/embedded-postgres-error.ts";

const isRoot = process.getuid?.() === 0;

let folder: string;
let options: EmbeddedPostgresOptions;
const running: EmbeddedPostgres[] = [];
const children: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "triage-pg-"));
  await chmod(folder, 0o755);
  const elsewhere = { cacheDir: join(folder, "programs"), stateDir: join(folder, "state") };
  options = { dataDir: join(folder, "data"), elsewhere };
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await Promise.all(running.splice(0).map((postgres) => postgres.stop()));
  await rm(folder, { recursive: true, force: true });
});

async function start(more: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ ...options, ...more });
  running.push(postgres);
  return postgres;
}

async function query(postgres: EmbeddedPostgres, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: postgres.databaseUrl });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** A service that is killed once its database is ready; the database outlives it. */
async function startAndKill(): Promise<number> {
  const script = fileURLToPath(new URL("holding-service.ts", import.meta.url));
  const args = ["--conditions=triage-source", "--import", "tsx", script, JSON.stringify(options)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  const [line] = await once(child.stdout, "data");
  child.kill("SIGKILL");
  await once(child, "exit");
  return Number(String(line));
}

describe("data", () => {
  test("are there again after a stop, in UTF-8, with checksums, on a server that flushes to disk", async () => {
    const first = await start();
    await query(first, "CREATE TABLE kept AS SELECT 'ä' AS letter");
    await first.stop();
    const second = await start();
    expect(await query(second, "SELECT letter, octet_length(letter) AS bytes FROM kept")).toEqual([
      { letter: "ä", bytes: 2 },
    ]);
    expect(
      await query(second, "SELECT current_setting('data_checksums') AS sums, current_setting('fsync') AS fsync"),
    ).toEqual([{ sums: "on", fsync: "on" }]);
  });

  test("can be read by nobody else, and reached only with the password", async () => {
    const postgres = await start();
    expect((await stat(postgres.clusterPath)).mode & 0o077).toBe(0);
    const url = new URL(postgres.databaseUrl);
    url.password = "guessed";
    const client = new pg.Client({ connectionString: url.href });
    await expect(client.connect()).rejects.toThrow(/password authentication failed/);
  });

  test("of a first start that was cut off are made anew", async () => {
    await mkdir(join(folder, "data/postgres.new"), { recursive: true });
    await writeFile(join(folder, "data/postgres.new/PG_VERSION"), "18\n");
    const postgres = await start();
    expect(await query(postgres, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    expect(await readdir(join(folder, "data"))).toEqual(["postgres", "postgres.lock"]);
  });

  test("lie behind a path that is too long for a socket, too", async () => {
    const postgres = await start({ dataDir: join(folder, "long-".repeat(20), "data") });
    expect(new URL(postgres.databaseUrl).hostname).toBe("127.0.0.1");
    expect(await query(postgres, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });
});

describe("after a crash", () => {
  test("of the service, the server that still runs is taken over", async () => {
    const pid = await startAndKill();
    const progress: string[] = [];
    const postgres = await start({ onProgress: (line) => progress.push(line) });
    expect(postgres.pid).toBe(pid);
    expect(progress).toEqual([`taking over the PostgreSQL that still runs (process ${pid})`]);
    expect(await query(postgres, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  test("of the service and the server, the stale lock is cleared and the data recovered", async () => {
    const pid = await startAndKill();
    process.kill(pid, "SIGKILL");
    const postgres = await start();
    expect(postgres.pid).not.toBe(pid);
    expect(await query(postgres, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  test("and a restart of the machine, another program that has the old number is left alone", async () => {
    const first = await start();
    await first.stop();
    const stale = `${process.pid}\n${first.clusterPath}\n1\n5432\n${first.clusterPath}\n\n 1 1\nready   \n`;
    await writeFile(join(first.clusterPath, "postmaster.pid"), stale);
    await writeFile(join(folder, "data/postgres.lock"), JSON.stringify({ pid: process.pid, identity: "another one" }));
    const second = await start();
    expect(await query(second, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  test("of the server alone, it is started again under the same address", async () => {
    const postgres = await start();
    await query(postgres, "CREATE TABLE kept AS SELECT pg_postmaster_start_time() AS start");
    process.kill(postgres.pid, "SIGKILL");
    const startedAnew = () => query(postgres, "SELECT start < pg_postmaster_start_time() AS anew FROM kept");
    await expect.poll(() => startedAnew().catch(() => "away"), { timeout: 120_000 }).toEqual([{ anew: true }]);
  });
});

describe("what cannot work is one clear sentence", () => {
  async function refusal(more: Partial<EmbeddedPostgresOptions> = {}): Promise<string> {
    const error: unknown = await start(more).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EmbeddedPostgresError);
    return error instanceof EmbeddedPostgresError ? error.message : "";
  }

  test("a second service on the same data", async () => {
    await start();
    expect(await refusal()).toMatch(/^Another service \(process \d+\) runs on the same data: stop it first, or choose/);
  });

  test("data of another major version", async () => {
    const first = await start();
    await first.stop();
    await writeFile(join(first.clusterPath, "PG_VERSION"), "9\n");
    expect(await refusal()).toContain("were written by PostgreSQL 9, and this release brings PostgreSQL 18");
  });

  test("a file where the folder should be", async () => {
    await writeFile(join(folder, "file"), "");
    expect(await refusal({ dataDir: join(folder, "file") })).toMatch(/cannot be used: there is a file of this name/);
    expect(await refusal({ dataDir: join(folder, "file/data") })).toMatch(/a part of the path is a file/);
  });

  test("a server that does not start tells its own reason", async () => {
    const first = await start();
    await first.stop();
    await writeFile(join(first.clusterPath, "postgresql.auto.conf"), "shared_buffers = 'plenty'\n");
    expect(await refusal()).toMatch(/^PostgreSQL does not start on .*contains errors \(log: .*server\.log\)\.$/);
  });
});

describe.runIf(isRoot)("started by root", () => {
  test("the server runs as an unprivileged account", async () => {
    const postgres = await start();
    const status = await readFile(`/proc/${postgres.pid}/status`, "utf8");
    expect(status).not.toMatch(/^Uid:\s+0\s/m);
  });

  test("a private data folder: the data are put where the server can go, and found again", async () => {
    const dataDir = join(folder, "private/data");
    await mkdir(dataDir, { recursive: true });
    await chmod(join(folder, "private"), 0o700);
    const progress: string[] = [];
    const first = await start({ dataDir, onProgress: (line) => progress.push(line) });
    expect(progress[0]).toContain(`cannot reach ${dataDir}: the database is kept in ${folder}/state/`);
    expect((await lstat(join(dataDir, "postgres"))).isSymbolicLink()).toBe(true);
    expect(await readFile(join(first.clusterPath, "../README"), "utf8")).toContain(dataDir);
    await query(first, "CREATE TABLE kept AS SELECT 7 AS number");
    await first.stop();
    const second = await start({ dataDir });
    expect(await query(second, "SELECT number FROM kept")).toEqual([{ number: 7 }]);
    await second.stop();
    await rm(second.clusterPath, { recursive: true });
    await expect(start({ dataDir })).rejects.toThrow(/points to data that are gone: put them back, or remove/);
  });

  test("data that an ordinary user made are served as that user", async () => {
    const first = await start();
    const owner = (await stat(first.clusterPath)).uid;
    expect(owner).not.toBe(0);
    await first.stop();
    const second = await start();
    expect((await stat(`/proc/${second.pid}`)).uid).toBe(owner);
  });
});
