/**
 * PostgreSQL without anybody having to install it: the real server, with its data in the data folder.
 *
 * Handled here: ordinary users and root; private folders; a server that outlived its service (`kill -9`); stale locks;
 * two services on the same data; data of another major version. Everything that cannot be handled ends in one sentence.
 */
import { realpath } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Account } from "./account.ts";
import { type Binaries, findBinaries } from "./binaries.ts";
import { prepareCluster, readPassword, START_CONFIG_FILE, writePrivateFile } from "./cluster.ts";
import { lockData } from "./data-lock.ts";
import { type Elsewhere, SYSTEM_FOLDERS } from "./elsewhere.ts";
import { EmbeddedPostgresError } from "./embedded-postgres-error.ts";
import { databaseUrl, listenSettings } from "./listen-address.ts";
import { folderError, placeData } from "./placement.ts";
import { findRunning, logFileOf, type Postmaster, startPostmaster } from "./postmaster.ts";
import { superviseServer } from "./supervise-server.ts";

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
  const dataDir = resolve(options.dataDir);
  const elsewhere = options.elsewhere ?? SYSTEM_FOLDERS;
  const placement = await placeData(dataDir, elsewhere, onProgress);
  const { clusterPath, account } = placement;
  const lock = await lockData(`${clusterPath}.lock`).catch((error: unknown) => {
    throw error instanceof EmbeddedPostgresError ? error : folderError(dataDir, error);
  });
  try {
    const binaries = await findBinaries(account, elsewhere, onProgress);
    await prepareCluster(placement, binaries, onProgress);
    let known: Postmaster | undefined;
    const start = async () => {
      known = await takeOverOrStart({ clusterPath, binaries, account, onProgress, port: known?.port });
      return known;
    };
    const server = await superviseServer({ clusterPath, start, onProgress });
    return {
      databaseUrl: databaseUrl(server.first, await readPassword(clusterPath)),
      clusterPath,
      logFile: logFileOf(clusterPath),
      pid: server.first.pid,
      stop: async () => {
        await server.stop();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error instanceof EmbeddedPostgresError ? error : folderError(dataDir, error);
  }
}

/**
 * Looks for the data and for a server that runs on them, and starts nothing.
 *
 * @returns The URL of the server, with the password in it; undefined: there are data, but no server runs on them.
 * @throws {EmbeddedPostgresError} `POSTGRES_FOLDER`: there are no data.
 */
export async function findEmbeddedPostgres(dataDir: string): Promise<string | undefined> {
  const clusterPath = await realpath(join(dataDir, "postgres")).catch(() => undefined);
  if (clusterPath === undefined) {
    throw new EmbeddedPostgresError(
      "POSTGRES_FOLDER",
      `There is no database in ${resolve(dataDir)}: set DATABASE_URL or TRIAGE_DATA_DIR to those of the service.`,
    );
  }
  const running = await findRunning(clusterPath);
  return running && databaseUrl(running, await readPassword(clusterPath));
}

interface StartOptions {
  readonly clusterPath: string;
  readonly binaries: Binaries;
  readonly account: Account | undefined;
  readonly onProgress: (line: string) => void;
  /** Of the server that ran before: whoever is connected to it will look for it there again. */
  readonly port: number | undefined;
}

async function takeOverOrStart(options: StartOptions): Promise<Postmaster> {
  const { clusterPath, binaries, account, onProgress, port } = options;
  const running = await findRunning(clusterPath);
  if (running !== undefined) {
    onProgress(`taking over the PostgreSQL that still runs (process ${running.pid})`);
    return running;
  }
  onProgress("starting PostgreSQL");
  for (let attempt = 1; ; attempt++) {
    await writePrivateFile(join(clusterPath, START_CONFIG_FILE), await listenSettings(clusterPath, port), account);
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
