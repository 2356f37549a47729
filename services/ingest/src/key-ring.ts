/**
 * Who may use the API: named bearer keys (RFC 6750), from the configuration and from a file that may change at any time.
 *
 * A key is compared by its SHA-256 with every known one, in constant time, so that the time of an answer tells
 * nothing about a key. The file is looked at when an unknown key comes in and at least once a second otherwise, so a
 * new key works at once and a removed one stops working within a second; there is nothing to restart.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { stat } from "node:fs/promises";
import { type ApiKey, readApiKeys } from "@triage/runtime";

/** How long a removed key may go on working. */
const MAX_STALE_MS = 1_000;
/** LIMIT: nobody needs a longer key, and hashing is not free. */
const MAX_KEY_CHARS = 512;

const BEARER = /^Bearer +(\S+)$/i;

export interface KeyRing {
  /** Name of the key that an Authorization field holds; undefined when it holds none that we know. */
  identify(authorization: string | undefined): Promise<string | undefined>;
}

export interface KeyRingOptions {
  /** Keys that stay for the life of the process. */
  readonly keys: readonly ApiKey[];
  /** One key a line: `name key`. */
  readonly keysFile?: string | undefined;
  /** Hears that the file cannot be read any more; the keys read last stay valid. */
  readonly onUnreadable?: (error: unknown) => void;
  /** Milliseconds of a clock that never goes back; default `performance.now`. */
  readonly now?: () => number;
}

interface HashedKey {
  readonly name: string;
  readonly digest: Buffer;
}

/** @throws The file system's error when the file cannot be read at the start. */
export async function openKeyRing(options: KeyRingOptions): Promise<KeyRing> {
  const { keysFile, now = () => performance.now() } = options;
  const fixed = options.keys.map(hashKey);
  if (keysFile === undefined) return { identify: async (authorization) => findKey(fixed, authorization) };
  const file = await openKeyFile(keysFile, options.onUnreadable ?? (() => {}));
  let lookedAt = now();
  return {
    async identify(authorization) {
      const name = findKey([...fixed, ...file.keys()], authorization);
      if (name !== undefined && now() - lookedAt < MAX_STALE_MS) return name;
      lookedAt = now();
      await file.refresh();
      return findKey([...fixed, ...file.keys()], authorization);
    },
  };
}

function hashKey({ name, key }: ApiKey): HashedKey {
  return { name, digest: createHash("sha256").update(key).digest() };
}

/** Looks at every key, also after a match. */
function findKey(keys: readonly HashedKey[], authorization: string | undefined): string | undefined {
  const given = BEARER.exec(authorization ?? "")?.[1];
  if (given === undefined || given.length > MAX_KEY_CHARS) return undefined;
  const digest = createHash("sha256").update(given).digest();
  let found: string | undefined;
  for (const key of keys) {
    if (timingSafeEqual(key.digest, digest)) found = key.name;
  }
  return found;
}

interface KeyFile {
  keys(): readonly HashedKey[];
  /** Reads the file again when it is not the one that was read last. Never rejects. */
  refresh(): Promise<void>;
}

async function openKeyFile(path: string, onUnreadable: (error: unknown) => void): Promise<KeyFile> {
  let version = await fileVersion(path);
  let keys = (await readApiKeys(path)).map(hashKey);
  let readable = true;
  return {
    keys: () => keys,
    async refresh() {
      try {
        const current = await fileVersion(path);
        if (current === version && readable) return;
        keys = (await readApiKeys(path)).map(hashKey);
        version = current;
        readable = true;
      } catch (error) {
        if (readable) onUnreadable(error);
        readable = false;
      }
    },
  };
}

/** Tells a file that was written to, or replaced, from the one before. */
async function fileVersion(path: string): Promise<string> {
  const { ino, size, mtimeNs } = await stat(path, { bigint: true });
  return `${ino}:${size}:${mtimeNs}`;
}
