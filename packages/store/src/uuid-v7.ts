/** UUIDs of version 7 (RFC 9562 section 5.7): ids that sort by time, so that the day of a message is in its id. */
import { randomBytes } from "node:crypto";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Largest value of the 12-bit counter in `rand_a`. */
const MAX_COUNTER = 0xfff;

/** Whether PostgreSQL would take the text as a `uuid`. Ids come from clients: check before asking the database. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/**
 * Makes a generator whose ids never go backwards within the process, even when the clock does (RFC 9562 section 6.2,
 * method 1: `rand_a` is a counter, started at a random value below its half in each millisecond).
 *
 * @param now  Milliseconds since 1970.
 */
export function uuidGenerator(now: () => number): () => string {
  let lastMs = 0;
  let counter = 0;
  return () => {
    const bytes = randomBytes(16);
    const clockMs = now();
    counter += 1;
    if (clockMs > lastMs || counter > MAX_COUNTER) {
      lastMs = Math.max(clockMs, lastMs + 1);
      counter = bytes.readUInt16BE(6) & (MAX_COUNTER >> 1);
    }
    bytes.writeUIntBE(lastMs, 0, 6);
    bytes.writeUInt16BE(0x7000 | counter, 6);
    bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
    return formatUuid(bytes.toString("hex"));
  };
}

/** Milliseconds since 1970 that a UUIDv7 carries. */
export function uuidTimeMs(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** The smallest UUIDv7-shaped value of a millisecond: the border between two partitions. */
export function uuidFloor(timeMs: number): string {
  return formatUuid(timeMs.toString(16).padStart(12, "0").padEnd(32, "0"));
}

/** 32 hex digits as PostgreSQL gives a `uuid` back. */
export function formatUuid(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
