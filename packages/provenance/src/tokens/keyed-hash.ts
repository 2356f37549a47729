/** Keyed hashes of all tokens (RFC 2104), and the one way in which they are compared. Pure. */
import { createHmac, timingSafeEqual } from "node:crypto";

/** SHA-1 and MD5 are broken as hashes, not as HMACs (RFC 6151, RFC 6194); they are here because the schemes prescribe them. */
export type HashAlgorithm = "md5" | "sha1" | "sha256";

export function keyedHash(algorithm: HashAlgorithm, secret: string, text: string): Buffer {
  return createHmac(algorithm, secret).update(text).digest();
}

/**
 * Compares in a time that does not depend on where the two differ, so that nobody finds a token character by character.
 * Their lengths are public: they stand in the mail.
 */
export function isSameHash(given: string, expected: string): boolean {
  const left = Buffer.from(given);
  const right = Buffer.from(expected);
  return left.length === right.length && timingSafeEqual(left, right);
}
