/**
 * The files of one log: the one that is written to, and what rotation made of its forerunners (`mail.log.1`,
 * `mail.log.2.gz`, `mail.log-20261122.gz`), the oldest first.
 *
 * A file is known again by its first bytes, decompressed: they stay when it is renamed, copied or compressed. The inode
 * decides where those are too few to tell two files apart.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";

/** Enough for several lines, of which the first has a time stamp. */
export const HEAD_BYTES = 1_024;

export interface LogFile {
  readonly path: string;
  readonly inode: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

/** Where reading stopped. */
export interface LogPlace {
  readonly inode: string;
  /** Bytes that are done with, always whole lines; of a compressed file, those that come out. */
  readonly offset: number;
  /** The first bytes of the file, at most HEAD_BYTES and none behind `offset`. */
  readonly head: LogHead;
}

export interface LogHead {
  readonly bytes: number;
  /** SHA-256, hexadecimal. */
  readonly digest: string;
}

/** @returns The files that there are, the oldest first; the log itself, where there is one, is the last. */
export async function listLogFiles(log: string): Promise<readonly LogFile[]> {
  const folder = dirname(log);
  const names = await readdir(folder).catch(() => []);
  const rotated = await Promise.all(
    names.filter((name) => isRotated(name, basename(log))).map((name) => statLogFile(join(folder, name))),
  );
  const old = rotated.filter((file) => file !== undefined);
  old.sort((a, b) => a.modifiedMs - b.modifiedMs || b.path.localeCompare(a.path, "en", { numeric: true }));
  const live = await statLogFile(log);
  return live === undefined ? old : [...old, live];
}

/** `log.1`, `log.20261122`, `log-20261122`, each with or without `.gz`. Other compressions are not read. */
export function isRotated(name: string, log: string): boolean {
  return name.startsWith(log) && /^[.-][0-9][0-9.-]{0,30}(?:\.gz)?$/.test(name.slice(log.length));
}

export async function statLogFile(path: string): Promise<LogFile | undefined> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  if (found === undefined || !(found.isFile() || found.isFIFO())) return undefined;
  return { path, inode: String(found.ino), sizeBytes: Number(found.size), modifiedMs: Number(found.mtimeMs) };
}

/** The bytes of a file from `offset` on, decompressed. */
export function readLogFile(path: string, offset: number): Readable {
  if (!path.endsWith(".gz")) return createReadStream(path, { start: offset, highWaterMark: 262_144 });
  return createReadStream(path, { highWaterMark: 65_536 }).compose(createGunzip()).compose(skipBytes(offset));
}

function skipBytes(count: number) {
  return async function* (chunks: AsyncIterable<Buffer>) {
    let left = count;
    for await (const chunk of chunks) {
      if (left < chunk.length) yield chunk.subarray(left);
      left = Math.max(0, left - chunk.length);
    }
  };
}

/** @returns The first `bytes` bytes; fewer when the file is shorter or damaged. */
export async function readHead(path: string, bytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    if (bytes === 0) return Buffer.alloc(0);
    for await (const chunk of readLogFile(path, 0)) {
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size >= bytes) break;
    }
  } catch {
    // gone since, or cut short: then it is not the one that we look for
  }
  return Buffer.concat(chunks).subarray(0, bytes);
}

export function headOf(bytes: Buffer): LogHead {
  return { bytes: bytes.length, digest: createHash("sha256").update(bytes).digest("hex") };
}

export async function hasHead(path: string, head: LogHead): Promise<boolean> {
  const bytes = await readHead(path, head.bytes);
  return bytes.length === head.bytes && headOf(bytes).digest === head.digest;
}

/** @returns The file in which `place` lies; the one with the same inode where several begin alike. */
export async function findPlace(files: readonly LogFile[], place: LogPlace): Promise<LogFile | undefined> {
  const sameInode = files.filter(({ inode }) => inode === place.inode);
  const others = place.head.bytes === 0 ? [] : files.filter(({ inode }) => inode !== place.inode);
  for (const file of [...sameInode, ...others]) {
    if (!file.path.endsWith(".gz") && file.sizeBytes < place.offset) continue;
    if (await hasHead(file.path, place.head)) return file;
  }
  return undefined;
}
