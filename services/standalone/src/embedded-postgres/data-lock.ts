/**
 * One service per data folder. The lock is a file that names the process which holds it; a process that ended without
 * letting go (kill -9, power cut) leaves a stale lock, which the next one takes over.
 */
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { EmbeddedPostgresError } from "./embedded-postgres-error.ts";
import { identifyProcess } from "./process-identity.ts";

export interface DataLock {
  release(): Promise<void>;
}

interface Holder {
  readonly pid: number;
  readonly identity: string;
}

/**
 * @param path  The lock file; its folder exists.
 * @throws {EmbeddedPostgresError} `POSTGRES_DATA_IN_USE`: another service runs on the same data.
 */
export async function lockData(path: string): Promise<DataLock> {
  const own = JSON.stringify({
    pid: process.pid,
    identity: (await identifyProcess(process.pid)) ?? "",
  } satisfies Holder);
  const candidate = `${path}.${process.pid}`;
  await writeFile(candidate, own, { mode: 0o644 });
  try {
    for (;;) {
      // link(2) is atomic and fails when the name is taken
      const taken = await link(candidate, path).then(
        () => false,
        (error: NodeJS.ErrnoException) => {
          if (error.code === "EEXIST") return true;
          throw error;
        },
      );
      if (!taken) break;
      await removeStale(path);
    }
  } finally {
    await rm(candidate, { force: true });
  }
  return {
    release: async () => {
      if ((await readFile(path, "utf8").catch(() => "")) === own) await rm(path, { force: true });
    },
  };
}

/** Removes the lock of a process that is gone; throws when its holder lives. */
async function removeStale(path: string): Promise<void> {
  const text = await readFile(path, "utf8").catch(() => "");
  const holder = parseHolder(text);
  if (holder !== undefined && (await identifyProcess(holder.pid)) === holder.identity) {
    throw inUse(path, holder.pid);
  }
  // Another service may have removed the stale lock and made its own since we read: look at what we took away.
  const aside = `${path}.stale.${process.pid}`;
  await rename(path, aside).catch(() => {});
  const removed = await readFile(aside, "utf8").catch(() => text);
  if (removed !== text) await link(aside, path).catch(() => {});
  await rm(aside, { force: true });
}

function inUse(path: string, pid: number): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    "POSTGRES_DATA_IN_USE",
    `Another service (process ${pid}) runs on the same data: stop it first, or choose another folder with TRIAGE_DATA_DIR (lock: ${path}).`,
  );
}

function parseHolder(text: string): Holder | undefined {
  try {
    const value = JSON.parse(text) as Partial<Holder>;
    if (typeof value.pid === "number" && typeof value.identity === "string") {
      return { pid: value.pid, identity: value.identity };
    }
  } catch {
    // cut off while it was written: nobody holds it
  }
  return undefined;
}
