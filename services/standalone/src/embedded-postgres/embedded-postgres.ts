/**
 * PostgreSQL without anybody having to install it: the real server, with its data in the data folder.
 *
 * Handled here: ordinary users and root; private folders; a server that outlived its service (`kill -9`); stale locks;
 * two services on the same data; data of another major version. Everything that cannot be handled ends in one sentence.
 */
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Account } from "./account.ts";
import { type Binaries, findBinaries } from "./binaries.ts";
import { prepareCluster, readPassword, START_CONFIG_FILE, TRIAGE_ROLE, writePrivateFile } from "./cluster.ts";
import { lockData } from "./data-lock.ts";
import { type Elsewhere, SYSTEM_FOLDERS } from "./elsewhere.ts";
import { EmbeddedPostgresError } from "./embedded-postgres-error.ts";
import { folderError, placeData } from "./placement.ts";
import { findRunning, logFileOf, type Postmaster, startPostmaster, stopPostmaster } from "./postmaster.ts";

/** LIMIT: sockaddr_un takes 108 bytes on Linux, 104 on macOS, with the final zero. */
const MAX_SOCKET_PATH_BYTES = 103;
const SOCKET_PORT = 5432;
const START_ATTEMPTS = 3;

export interface EmbeddedPostgresOptions {
  /** Made when it is missing. */
  readonly dataDir: string;
  /** Says what happens meanwhile, one short line each. */
  readonly onProgress?: (line: string) => void;
  /** Where root puts what the server cannot reach in its place; a test keeps that out of the system's folders. */
  readonly elsewhere?: Elsewhere;
}

export interface EmbeddedPostgres {
  /** With the password in it: never log it. */
  readonly databaseUrl: string;
  /** Where the data really are. */
  readonly clusterPath: string;
  readonly logFile: string;
  readonly pid: number;
  /** Fast shutdown; everything committed is on disk. Calling it again is harmless. */
  stop(): Promise<void>;
}

/**
 * Starts the server on the data folder, or takes over the one that still runs on it.
 *
 * @throws {EmbeddedPostgresError} with one sentence that says what to do.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const onProgress = options.onProgress ?? (() => {});
  const elsewhere = options.elsewhere ?? SYSTEM_FOLDERS;
  const placement = await placeData(options.dataDir, elsewhere, onProgress);
  const { clusterPath, account } = placement;
  const lock = await lockData(`${clusterPath}.lock`).catch((error: unknown) => {
    throw error instanceof EmbeddedPostgresError ? error : folderError(clusterPath, error);
  });
  try {
    const binaries = await findBinaries(account, elsewhere, onProgress);
    await prepareCluster(placement, binaries, onProgress);
    const postmaster = await takeOverOrStart(clusterPath, binaries, account, onProgress);
    return {
      databaseUrl: databaseUrl(postmaster, await readPassword(clusterPath)),
      clusterPath,
      logFile: logFileOf(clusterPath),
      pid: postmaster.pid,
      stop: async () => {
        await stopPostmaster(postmaster.pid, clusterPath);
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error instanceof EmbeddedPostgresError ? error : folderError(clusterPath, error);
  }
}

async function takeOverOrStart(
  clusterPath: string,
  binaries: Binaries,
  account: Account | undefined,
  onProgress: (line: string) => void,
): Promise<Postmaster> {
  const running = await findRunning(clusterPath);
  if (running !== undefined) {
    onProgress(`taking over the PostgreSQL that still runs (process ${running.pid})`);
    return running;
  }
  onProgress("starting PostgreSQL");
  for (let attempt = 1; ; attempt++) {
    await writePrivateFile(join(clusterPath, START_CONFIG_FILE), await listenSettings(clusterPath), account);
    try {
      return await startPostmaster(clusterPath, binaries, account);
    } catch (error) {
      // Children of a server that was killed may live a moment longer than it; a free port may be taken meanwhile.
      const passing = error instanceof Error && /shared memory block|could not (bind|create any)/.test(error.message);
      if (!passing || attempt === START_ATTEMPTS) throw error;
      await delay(attempt * 1_000);
    }
  }
}

/** A socket inside the private folder, or, where its path is too long for one, a free port of the loopback interface. */
async function listenSettings(clusterPath: string): Promise<string> {
  const socketPath = join(clusterPath, `.s.PGSQL.${SOCKET_PORT}`);
  const usable = process.platform !== "win32" && /^[\w./@+ -]+$/.test(socketPath);
  if (usable && Buffer.byteLength(socketPath) <= MAX_SOCKET_PATH_BYTES) {
    return `listen_addresses = ''\nunix_socket_directories = '"${clusterPath}"'\nport = ${SOCKET_PORT}\n`;
  }
  return `listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\nport = ${await findFreePort()}\n`;
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

function databaseUrl(postmaster: Postmaster, password: string): string {
  const login = `${TRIAGE_ROLE}:${encodeURIComponent(password)}`;
  if (postmaster.socketDir === "") return `postgresql://${login}@127.0.0.1:${postmaster.port}/${TRIAGE_ROLE}`;
  return `postgresql://${login}@localhost:${postmaster.port}/${TRIAGE_ROLE}?host=${encodeURIComponent(postmaster.socketDir)}`;
}
