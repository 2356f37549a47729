/**
 * One mbox file: appending to it so that a crash at any point leaves whole mails only.
 *
 * The mail is written to a journal beside the file first, then appended, then both are fsynced and the journal goes. Whoever finds a
 * journal afterwards takes back what was appended, if and only if the end of the file is the beginning of the mail in the
 * journal: then it is torn, it is ours, and nobody has written after it.
 */
import { constants } from "node:fs";
import { type FileHandle, open, readFile, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** A link that somebody put in the place of the file is not followed. */
const APPEND = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
/** LIMIT: a repeat comes within minutes; what it repeats stands at the end. */
const LOOK_BACK_BYTES = 1_048_576;

/**
 * Appends one mail. The caller holds the lock.
 *
 * @param entry   The mail with its From_ line and the empty line after it.
 * @param markers Whole lines of which one stands in this mail and in no other, to know a repeat by.
 * @returns       `false`: it stands there already.
 */
export async function appendToMbox(path: string, entry: Buffer, markers: readonly Buffer[]): Promise<boolean> {
  const journal = `${path}.triage-journal`;
  const file = await open(path, APPEND, 0o600);
  try {
    await takeBackTornMail(file, journal);
    if (await standsAtEnd(file, markers)) return false;
    const { size } = await file.stat();
    const text = Buffer.concat([await separatorFor(file, size), entry]);
    await writeJournal(journal, size, text);
    try {
      await file.appendFile(text);
      await file.sync();
    } catch (error) {
      await file.truncate(size);
      await rm(journal, { force: true });
      throw error;
    }
    await rm(journal, { force: true });
    if (size === 0) await syncFolder(dirname(path));
    return true;
  } finally {
    await file.close();
  }
}

/** First line: where the mail begins in the file. */
async function writeJournal(journal: string, size: number, text: Buffer): Promise<void> {
  await rm(journal, { force: true });
  const file = await open(journal, "wx", 0o600);
  try {
    await file.writeFile(Buffer.concat([Buffer.from(`${size}\n`), text]));
    await file.sync();
  } finally {
    await file.close();
  }
  await syncFolder(dirname(journal));
}

async function takeBackTornMail(file: FileHandle, journal: string): Promise<void> {
  const kept = await readFile(journal).catch(() => undefined);
  if (kept === undefined) return;
  const lineEnd = kept.indexOf("\n");
  const begin = Number(kept.subarray(0, Math.max(lineEnd, 0)).toString("latin1"));
  const text = kept.subarray(lineEnd + 1);
  const { size } = await file.stat();
  // A whole mail stays: its job is repeated, and finds it. An empty journal was torn itself: nothing had been appended.
  const isTorn = lineEnd > 0 && size > begin && size - begin < text.length;
  if (isTorn && (await readAt(file, begin, size - begin)).equals(text.subarray(0, size - begin))) {
    await file.truncate(begin);
    await file.sync();
  }
  await rm(journal, { force: true });
}

async function standsAtEnd(file: FileHandle, markers: readonly Buffer[]): Promise<boolean> {
  const { size } = await file.stat();
  const begin = Math.max(0, size - LOOK_BACK_BYTES);
  const end = await readAt(file, begin, size - begin);
  return markers.some((marker) => end.includes(marker));
}

/** A From_ line is one only after an empty line (RFC 4155): somebody else's last mail may lack it. */
async function separatorFor(file: FileHandle, size: number): Promise<Buffer> {
  const end = (await readAt(file, Math.max(0, size - 2), Math.min(size, 2))).toString("latin1");
  if (size === 0 || end === "\n\n" || end === "\n") return Buffer.alloc(0);
  return Buffer.from(end.endsWith("\n") ? "\n" : "\n\n");
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

/** A new name is durable only when the folder that holds it is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
