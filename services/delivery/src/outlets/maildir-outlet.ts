/**
 * Delivery into a Maildir (https://cr.yp.to/proto/maildir.html): any mail program or IMAP server reads it.
 *
 * The mail is written to `tmp/`, fsynced, renamed into `new/`, and `new/` is fsynced: after a power cut it is there
 * whole or not at all. The file name is made from the message id, not from clock and process id as Maildir suggests,
 * so that a repeat meets its predecessor instead of standing beside it; ids are unique among all hosts.
 */
import { randomUUID } from "node:crypto";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { OutboundMail } from "../compose/outbound-mail.ts";
import type { Outlet, OutletResult } from "./outlet.ts";
import { NAME_SUFFIX, openReadMail, type ReadMail } from "./read-mail.ts";
import { FILE_LIMIT_MS, withinTime } from "./time-limit.ts";

/** The Maildir page lets readers delete files in `tmp/` after 36 hours; ours are done in seconds. */
const STALE_TMP_MS = 36 * 60 * 60 * 1_000;

/** Opens (and makes, where it is missing) the Maildir in `path`. */
export async function openMaildirOutlet(options: {
  /** Default `maildir`. */
  readonly id?: string;
  readonly path: string;
  readonly now?: () => number;
  /** For one mail; default FILE_LIMIT_MS. */
  readonly limitMs?: number;
}): Promise<Outlet> {
  const { id = "maildir", path, now = Date.now, limitMs = FILE_LIMIT_MS } = options;
  for (const folder of ["", "tmp", "new", "cur"]) await mkdir(join(path, folder), { recursive: true, mode: 0o700 });
  await removeStaleFiles(join(path, "tmp"), now() - STALE_TMP_MS);
  const read = openReadMail(join(path, "cur"), now);
  return {
    id,
    lineEnd: "lf",
    async deliver(mail, recipients) {
      const result = await deliverOnce(path, mail, read, limitMs);
      return recipients.map((recipient) => ({ recipient, ...result }));
    },
    close: () => Promise.resolve(),
  };
}

async function deliverOnce(
  path: string,
  mail: OutboundMail,
  read: ReadMail,
  limitMs: number,
): Promise<Omit<OutletResult, "recipient">> {
  try {
    return { outcome: "delivered", detail: await withinTime(putOnce(path, mail, read), limitMs, "the file system") };
  } catch (error) {
    // A full disk, a quota, a mount that is away: all of them may be gone on the next attempt (like an LDA's exit 75).
    return { outcome: "error", detail: error instanceof Error ? error.message : String(error) };
  }
}

/** @returns Where it lies, for the record. */
async function putOnce(path: string, mail: OutboundMail, read: ReadMail): Promise<string> {
  const name = fileNameOf(mail.id);
  const earlier = await findEarlier(path, name, read);
  if (earlier !== undefined) return `already there as ${earlier}`;
  await writeDurably(path, name, mail.raw);
  return `new/${name}`;
}

/**
 * `<seconds>.<id>.triage`, the three parts of a Maildir name. The seconds are those of the id (UUIDv7: milliseconds in
 * its first 48 bits), so that readers which sort by name sort by time. Never a path separator or the flags' colon.
 */
function fileNameOf(id: string): string {
  const seconds = Math.floor(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16) / 1_000);
  return `${Number.isFinite(seconds) ? seconds : 0}.${id.replace(/[^\w-]/g, "_")}${NAME_SUFFIX}`;
}

async function findEarlier(path: string, name: string, read: ReadMail): Promise<string | undefined> {
  if (await exists(join(path, "new", name))) return `new/${name}`;
  const entry = await read.find(name);
  return entry === undefined ? undefined : `cur/${entry}`;
}

async function writeDurably(path: string, name: string, raw: Buffer): Promise<void> {
  // Two workers may hold the same message for a moment (a lock that ran out): each writes its own file, the rename is one.
  const tmp = join(path, "tmp", `${name}.${randomUUID()}`);
  try {
    const file = await open(tmp, "wx", 0o600);
    try {
      await file.writeFile(raw);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(tmp, join(path, "new", name));
  } catch (error) {
    await rm(tmp, { force: true });
    throw error;
  }
  await syncFolder(join(path, "new"));
}

/** A rename is durable only when the folder that holds the name is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}

async function removeStaleFiles(folder: string, before: number): Promise<void> {
  for (const entry of await readdir(folder)) {
    if (!entry.includes(NAME_SUFFIX)) continue;
    const file = join(folder, entry);
    const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (mtimeMs < before) await rm(file, { force: true });
  }
}
