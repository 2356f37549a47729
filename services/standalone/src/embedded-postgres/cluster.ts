/**
 * The data of the server ("cluster" in PostgreSQL's words): made once, whole or not at all.
 *
 * Text is UTF-8 and sorted by code point with the built-in provider, so that an upgrade of the system's C library
 * never invalidates an index. Pages carry checksums. Everybody who connects needs the password, which lies inside
 * the folder that only the account can read.
 */
import { randomBytes } from "node:crypto";
import { appendFile, chown, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Account } from "./account.ts";
import type { Binaries } from "./binaries.ts";
import { EmbeddedPostgresError } from "./embedded-postgres-error.ts";
import { folderError, type Placement } from "./placement.ts";
import { runCommand } from "./run-command.ts";

/** Name of the superuser and of the database. */
export const TRIAGE_ROLE = "triage";
const PASSWORD_FILE = "triage-password";
/** What changes from start to start (where to listen). */
export const START_CONFIG_FILE = "triage.conf";

/** On top of PostgreSQL's defaults, which are durable: fsync and synchronous_commit stay on. */
const SETTINGS = `
# postmaster-triage
include_if_exists = '${START_CONFIG_FILE}'
max_connections = 200
max_wal_size = '2GB'
wal_compression = 'on'
jit = 'off'
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
log_min_messages = 'warning'
`;

/**
 * Makes the cluster when there is none, and checks that the server can read the one that there is.
 *
 * @throws {EmbeddedPostgresError} `POSTGRES_WRONG_VERSION`, `POSTGRES_DOES_NOT_START` (initdb failed), `POSTGRES_FOLDER`.
 */
export async function prepareCluster(
  placement: Placement,
  binaries: Binaries,
  onProgress: (line: string) => void,
): Promise<void> {
  const { clusterPath, account } = placement;
  if (placement.exists) return checkVersion(clusterPath, binaries.majorVersion);
  onProgress(`making a database in ${clusterPath}${account === undefined ? "" : ` (as ${account.name})`}`);
  const unfinished = `${clusterPath}.new`;
  const passwordFile = `${clusterPath}.new-password`;
  try {
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished, { mode: 0o700 });
    await writePrivateFile(passwordFile, randomBytes(24).toString("base64url"), account);
    if (account !== undefined) await chown(unfinished, account.uid, account.gid);
    await initialise(unfinished, passwordFile, binaries, account);
    await appendFile(join(unfinished, "postgresql.conf"), SETTINGS);
    await rename(passwordFile, join(unfinished, PASSWORD_FILE));
    await rename(unfinished, clusterPath);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true }).catch(() => {});
    await rm(passwordFile, { force: true }).catch(() => {});
    throw error instanceof EmbeddedPostgresError ? error : folderError(clusterPath, error);
  }
}

export async function readPassword(clusterPath: string): Promise<string> {
  return (await readFile(join(clusterPath, PASSWORD_FILE), "utf8")).trim();
}

/** A file that only the account (or we) can read. */
export async function writePrivateFile(path: string, text: string, account: Account | undefined): Promise<void> {
  await writeFile(path, text, { mode: 0o600 });
  if (account !== undefined) await chown(path, account.uid, account.gid);
}

async function checkVersion(clusterPath: string, majorVersion: string): Promise<void> {
  const written = (await readFile(join(clusterPath, "PG_VERSION"), "utf8").catch(() => "")).trim();
  if (written === majorVersion) return;
  const what = written === "" ? "are not those of a PostgreSQL" : `were written by PostgreSQL ${written}`;
  throw new EmbeddedPostgresError(
    "POSTGRES_WRONG_VERSION",
    `The data in ${clusterPath} ${what}, and this release brings PostgreSQL ${majorVersion}: ` +
      "run the release that wrote them and move them with pg_dump (docs/operations.md), or choose another folder with TRIAGE_DATA_DIR.",
  );
}

async function initialise(folder: string, passwordFile: string, binaries: Binaries, account: Account | undefined) {
  const init = await runCommand(
    binaries.initdb,
    [
      ...["--pgdata", folder, "--username", TRIAGE_ROLE, "--pwfile", passwordFile, "--auth", "scram-sha-256"],
      ...["--encoding", "UTF8", "--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"],
      ...["--data-checksums", "--no-instructions"],
    ],
    { account },
  );
  if (init.exitCode !== 0) throw initFailed(folder, init.output);
  const create = await runCommand(binaries.postgres, ["--single", "-D", folder, "postgres"], {
    account,
    input: `CREATE DATABASE ${TRIAGE_ROLE};\n`,
  });
  if (create.exitCode !== 0) throw initFailed(folder, create.output);
}

function initFailed(folder: string, output: string): EmbeddedPostgresError {
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  const line = lines.find((text) => /error:|FATAL:|PANIC:/.test(text)) ?? lines.at(-1) ?? "it said nothing";
  return new EmbeddedPostgresError(
    "POSTGRES_DOES_NOT_START",
    `PostgreSQL could not make a database in ${folder}: ${line.trim()}`,
  );
}
