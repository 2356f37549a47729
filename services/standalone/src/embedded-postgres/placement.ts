/**
 * Where the data of the server lie.
 *
 * `<data folder>/postgres`, unless we are root and the account that the server runs as cannot go there (a clone under
 * /root, a private temporary folder): then they lie under /var/lib, and `<data folder>/postgres` is a symbolic link,
 * by which the next start finds them.
 */
import { createHash } from "node:crypto";
import { lstat, mkdir, realpath, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { type Account, chooseAccount } from "./account.ts";
import type { Elsewhere } from "./elsewhere.ts";
import { EmbeddedPostgresError } from "./embedded-postgres-error.ts";
import { runCommand } from "./run-command.ts";

export interface Placement {
  /** Absolute, without symbolic links; exists when there are data already. */
  readonly clusterPath: string;
  readonly exists: boolean;
  readonly account: Account | undefined;
}

/**
 * Makes the data folder when it is missing, and finds out where the data are or will be.
 *
 * @throws {EmbeddedPostgresError} `POSTGRES_FOLDER`: a folder cannot be made, read or reached, or belongs to somebody else.
 */
export async function placeData(
  dataDir: string,
  elsewhere: Elsewhere,
  onProgress: (line: string) => void,
): Promise<Placement> {
  try {
    await mkdir(dataDir, { recursive: true });
    const folder = await realpath(dataDir);
    const wanted = join(folder, "postgres");
    return (await findExisting(wanted)) ?? (await placeNew(folder, wanted, elsewhere.stateDir, onProgress));
  } catch (error) {
    throw error instanceof EmbeddedPostgresError ? error : folderError(resolve(dataDir), error);
  }
}

async function findExisting(wanted: string): Promise<Placement | undefined> {
  if ((await lstat(wanted).catch(noneIfMissing)) === undefined) return undefined;
  const clusterPath = await realpath(wanted).catch(() => undefined);
  if (clusterPath === undefined) {
    throw new EmbeddedPostgresError(
      "POSTGRES_FOLDER",
      `${wanted} points to data that are gone: put them back, or remove ${wanted} to begin with an empty database.`,
    );
  }
  const owner = (await stat(clusterPath)).uid;
  const self = process.getuid?.();
  if (self !== undefined && self !== 0 && owner !== self) {
    throw new EmbeddedPostgresError(
      "POSTGRES_FOLDER",
      `The data in ${clusterPath} belong to another account (uid ${owner}): start as that account or as root, or change their owner.`,
    );
  }
  if (self === 0 && owner === 0) {
    throw new EmbeddedPostgresError(
      "POSTGRES_FOLDER",
      `The data in ${clusterPath} belong to root, which PostgreSQL refuses to run as: give them to an ordinary account with chown -R.`,
    );
  }
  const account = await chooseAccount(clusterPath);
  if (account !== undefined && !(await canReach(clusterPath, account))) {
    throw new EmbeddedPostgresError(
      "POSTGRES_FOLDER",
      `The account ${account.name} that owns the data in ${clusterPath} cannot reach them: let it pass through every folder above (chmod a+x).`,
    );
  }
  return { clusterPath, exists: true, account };
}

async function placeNew(
  folder: string,
  wanted: string,
  stateDir: string,
  onProgress: (line: string) => void,
): Promise<Placement> {
  const account = await chooseAccount(wanted);
  if (account === undefined || (await canReach(folder, account))) {
    return { clusterPath: wanted, exists: false, account };
  }
  const clusterPath = join(stateDir, await nameOf(folder), "postgres");
  await mkdir(dirname(clusterPath), { recursive: true, mode: 0o755 });
  onProgress(`the account ${account.name} cannot reach ${folder}: the database is kept in ${clusterPath}`);
  await writeFile(join(dirname(clusterPath), "README"), `PostgreSQL data of postmaster-triage in ${folder}\n`);
  await symlink(clusterPath, wanted);
  return { clusterPath, exists: (await stat(clusterPath).catch(noneIfMissing)) !== undefined, account };
}

/**
 * The same folder always has the same name, so that a link that was lost is made again; a folder that was removed and
 * made anew has another one, so that whoever removed the data begins without them.
 */
async function nameOf(folder: string): Promise<string> {
  const { birthtimeMs, ino } = await stat(folder);
  return createHash("sha256").update(`${folder}\n${ino}\n${birthtimeMs}`).digest("hex").slice(0, 16);
}

/** Whether the account can go into the folder: asked of the system, because permissions are more than mode bits. */
async function canReach(folder: string, account: Account): Promise<boolean> {
  const { exitCode, error } = await runCommand("/bin/sh", ["-c", 'cd -- "$1"', "sh", folder], { account });
  if (error !== undefined) {
    throw new EmbeddedPostgresError(
      "POSTGRES_NO_ACCOUNT",
      `PostgreSQL does not run as root, and no program can be started as ${account.name} here (${error.message}): ` +
        "start as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.",
      { cause: error },
    );
  }
  return exitCode === 0;
}

function noneIfMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
  return undefined;
}

const SYSTEM_ERRORS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "no space is left on the disk",
  EDQUOT: "the disk quota is used up",
  ENOTDIR: "a part of the path is a file, not a folder",
  EEXIST: "there is a file of this name, not a folder",
};

/** One sentence for an error of the file system. */
export function folderError(folder: string, error: unknown): EmbeddedPostgresError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const reason = SYSTEM_ERRORS[code] ?? (error instanceof Error ? error.message : String(error));
  return new EmbeddedPostgresError("POSTGRES_FOLDER", `The data folder ${folder} cannot be used: ${reason}.`, {
    cause: error,
  });
}
