/**
 * The lock of an mbox: a file `<mbox>.lock`, which procmail, Postfix, Dovecot, mutt and everything after them respect.
 *
 * LIMIT: programs that lock by fcntl() or flock() alone are not kept out: Node has neither. Dovecot writes under both locks
 * (`mbox_write_locks = dotlock fcntl`, its default), and reads under fcntl alone: it may see the last mail begun and not ended
 * until it looks again.
 */
import { randomUUID } from "node:crypto";
import { link, open, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as wait } from "node:timers/promises";

/** Ours is held for milliseconds; liblockfile and procmail take five minutes (or more) for "its owner has died". */
const STALE_MS = 300_000;
const FIRST_WAIT_MS = 20;
const MAX_WAIT_MS = 1_000;

/** Another program held the lock for the whole time. */
export class LockHeldError extends Error {}

/**
 * Runs `work` under the lock.
 *
 * @throws {LockHeldError} the lock was not free within `timeoutMs`.
 */
export async function withDotLock<Result>(
  path: string,
  timeoutMs: number,
  work: () => Promise<Result>,
): Promise<Result> {
  const lock = `${path}.lock`;
  const deadline = Date.now() + timeoutMs;
  for (let pause = FIRST_WAIT_MS; !(await takeLock(lock)); pause = Math.min(pause * 2, MAX_WAIT_MS)) {
    if (Date.now() + pause > deadline) throw new LockHeldError(`${lock} is held by another program`);
    await wait(pause * (0.5 + Math.random() / 2));
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

/** By link(), which is atomic on NFS too; exclusive creation was not always. */
async function takeLock(lock: string): Promise<boolean> {
  const own = `${lock}.${randomUUID()}`;
  await writeFile(own, `${process.pid}\n${hostname()}\n`, { flag: "wx", mode: 0o600 });
  try {
    await link(own, lock);
    return true;
  } catch (error) {
    if (!isCode(error, "EEXIST")) throw error;
    // Both times are of the file system's clock, which may be another machine's.
    const [mine, other] = await Promise.all([stat(own), stat(lock).catch(() => undefined)]);
    if (other !== undefined && mine.mtimeMs - other.mtimeMs > STALE_MS) await removeStale(lock, other.ino);
    return false;
  } finally {
    await rm(own, { force: true });
  }
}

/** Not the lock that somebody has just put in its place. */
async function removeStale(lock: string, ino: number): Promise<void> {
  const file = await open(lock, "r").catch(() => undefined);
  if (file === undefined) return;
  try {
    if ((await file.stat()).ino === ino) await rm(lock, { force: true });
  } finally {
    await file.close();
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
