/**
 * The running server: finding one that lives already, starting one, stopping it.
 *
 * The server is a process of its own session, so that Ctrl-C at the terminal reaches us alone and we can finish our work
 * before it ends. It therefore outlives us when we are killed; the next start finds it by its `postmaster.pid`.
 */
import { spawn } from "node:child_process";
import { open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Account } from "./account.ts";
import type { Binaries } from "./binaries.ts";
import { EmbeddedPostgresError } from "./embedded-postgres-error.ts";
import { isPostgresOf } from "./process-identity.ts";
import { runCommand } from "./run-command.ts";

/** LIMIT: recovery after a power cut reads at most max_wal_size (2 GB) again. */
const START_TIMEOUT_MS = 180_000;
const STOP_TIMEOUT_MS = 20_000;
const POLL_MS = 25;
/** LIMIT: above this the log is put aside at the next start; one older one is kept. */
const MAX_LOG_BYTES = 10_000_000;

/** Names the socket in the data folder: `.s.PGSQL.5432`. */
export const SOCKET_PORT = 5432;

/** What the server writes of itself into `postmaster.pid`. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** Empty when it listens on no socket. */
  readonly socketDir: string;
  readonly state: "starting" | "ready" | "stopping";
}

/**
 * The server that runs on this cluster and is ready, if there is one. One that is still starting or just stopping (its
 * service was killed meanwhile) is waited for.
 */
export async function findRunning(clusterPath: string): Promise<Postmaster | undefined> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline) {
    const postmaster = await readPostmasterFile(clusterPath);
    if (postmaster === undefined || !(await isPostgresOf(postmaster.pid, clusterPath))) return undefined;
    if (postmaster.state === "ready") return postmaster;
    await delay(POLL_MS);
  }
  throw new EmbeddedPostgresError(
    "POSTGRES_DOES_NOT_START",
    `A PostgreSQL runs on ${clusterPath} but does not become ready: see ${logFileOf(clusterPath)}.`,
  );
}

/**
 * Starts the server and waits until it is ready. Nobody else may be working on the cluster (findRunning, data lock).
 *
 * @throws {EmbeddedPostgresError} `POSTGRES_DOES_NOT_START` with the server's own last words.
 */
export async function startPostmaster(
  clusterPath: string,
  binaries: Binaries,
  account: Account | undefined,
): Promise<Postmaster> {
  await disarmStaleLock(clusterPath);
  const logFile = logFileOf(clusterPath);
  await rotateLog(logFile);
  const log = await open(logFile, "a", 0o600);
  const begin = (await log.stat()).size;
  try {
    const child = spawn(binaries.postgres, ["-D", clusterPath], {
      cwd: "/",
      detached: true,
      stdio: ["ignore", log.fd, log.fd],
      env: { PATH: process.env.PATH ?? "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" },
      ...(account === undefined ? {} : { uid: account.uid, gid: account.gid }),
    });
    child.unref();
    let ended = false;
    const onEnd = () => {
      ended = true;
    };
    child.once("exit", onEnd).once("error", onEnd);
    const deadline = performance.now() + START_TIMEOUT_MS;
    while (!ended && performance.now() < deadline) {
      const postmaster = await readPostmasterFile(clusterPath);
      if (postmaster?.pid === child.pid && postmaster?.state === "ready") return postmaster;
      await delay(POLL_MS);
    }
  } finally {
    await log.close();
  }
  throw new EmbeddedPostgresError(
    "POSTGRES_DOES_NOT_START",
    `PostgreSQL does not start on ${clusterPath}: ${await lastWords(logFile, begin)} (log: ${logFile}).`,
  );
}

/** Fast shutdown: open transactions are rolled back, everything committed is on disk. After a while, an immediate one. */
export async function stopPostmaster(pid: number, clusterPath: string): Promise<void> {
  for (const signal of ["SIGINT", "SIGQUIT"] as const) {
    if (!(await isPostgresOf(pid, clusterPath))) return;
    process.kill(pid, signal);
    const deadline = performance.now() + STOP_TIMEOUT_MS;
    while (performance.now() < deadline) {
      if (!(await isPostgresOf(pid, clusterPath))) return;
      await delay(POLL_MS);
    }
  }
  throw new EmbeddedPostgresError("POSTGRES_DATA_IN_USE", `PostgreSQL (process ${pid}) does not stop.`);
}

export function logFileOf(clusterPath: string): string {
  return join(clusterPath, "server.log");
}

const STATES: ReadonlySet<string> = new Set<Postmaster["state"]>(["starting", "ready", "stopping"]);

/** Lines (src/include/utils/pidfile.h): pid, data folder, start time, port, socket folder, address, shared memory, state. */
async function readPostmasterFile(clusterPath: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(clusterPath, "postmaster.pid"), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const lines = text.split("\n").map((line) => line.trim());
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  const state = lines[7] ?? "";
  return {
    pid,
    port: Number(lines[3] ?? 0),
    socketDir: lines[4] ?? "",
    state: STATES.has(state) ? (state as Postmaster["state"]) : "starting",
  };
}

/**
 * The server removes a stale `postmaster.pid` itself, unless the number in it is alive again as another process of ours
 * (usual in containers, where the same few numbers come back). Then the number is replaced by one that is surely dead,
 * instead of removing the file: the server still looks into it for shared memory that a crash left in use. An ended
 * process whose parent never asks for its end (process 1 of many containers) counts as alive, too.
 */
async function disarmStaleLock(clusterPath: string): Promise<void> {
  // the lock of the socket says nothing but the number, and the socket lies in the folder of this server alone
  await rm(join(clusterPath, `.s.PGSQL.${SOCKET_PORT}.lock`), { force: true });
  const path = join(clusterPath, "postmaster.pid");
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return;
  const { pid: deadPid } = await runCommand("/bin/sh", ["-c", ":"], { account: undefined });
  if (deadPid === undefined) return;
  await writeFile(path, `${deadPid}\n${text.split("\n").slice(1).join("\n")}`);
}

async function rotateLog(logFile: string): Promise<void> {
  const size = (await stat(logFile).catch(() => undefined))?.size ?? 0;
  if (size > MAX_LOG_BYTES) await rename(logFile, `${logFile}.1`);
}

async function lastWords(logFile: string, begin: number): Promise<string> {
  const text = (await readFile(logFile)).subarray(begin).toString("utf8");
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const line = lines.find((entry) => /FATAL:|PANIC:/.test(entry)) ?? lines.at(-1) ?? "it said nothing";
  return line.replace(/^.*?(?:FATAL|PANIC): */, "").trim();
}
