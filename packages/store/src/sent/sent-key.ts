/**
 * Keys of the sent ledger: what an id or address becomes before it is stored or looked up.
 *
 * HMAC-SHA256 with the site's secret, cut to 64 bits (migration 0003 says why that is enough): whoever reads the database
 * learns neither who was written to nor which messages exist.
 */
import { createHmac } from "node:crypto";

export type SentKeyKind = "message-id" | "queue-id" | "envelope-id" | "recipient";

/** @returns A signed 64-bit number, as PostgreSQL's bigint has it. */
export type HashSentKey = (kind: SentKeyKind, text: string) => bigint;

/**
 * Message-IDs are logged with and without their angle brackets, and white space around any of them means nothing.
 * Recipients are compared without case: no host in use tells `Joe@` from `joe@`, but many write it their way.
 */
export function sentKeyHasher(secret: Buffer): HashSentKey {
  return (kind, text) => {
    const trimmed = text.trim();
    const bare = trimmed.startsWith("<") && trimmed.endsWith(">") ? trimmed.slice(1, -1) : trimmed;
    const same = kind === "recipient" ? bare.toLowerCase() : bare;
    return createHmac("sha256", secret).update(`${kind}\0${same}`).digest().readBigInt64BE(0);
  };
}
