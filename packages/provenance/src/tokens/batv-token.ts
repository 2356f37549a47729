/**
 * Bounce Address Tag Validation (draft-levine-smtp-batv-01): `prvs=KDDDSSSSSS=local@domain`.
 *
 * K is the key's number, DDD the last day of validity (days since 1970 modulo 1000), SSSSSS the first three bytes of
 * HMAC-SHA1(key, K DDD local@domain) in hex. The MTA puts it into the reverse-path of what it sends, so a genuine
 * DSN carries it back in its forward-path. Pure: the day comes in.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Address } from "@triage/message";

/** Section 4.2 of the draft: a token lives seven days, longer than the five that MTAs retry. */
export const BATV_VALID_DAYS = 7;
const DAY_MODULUS = 1000;
const DAY_MS = 86_400_000;
/** K DDD SSSSSS; the hex may come back in capitals. */
const TAG = /^[0-9]{4}[0-9a-f]{6}$/i;

/** A tag of the draft's form; `localPart` is what stood before the MTA signed it. */
export interface BatvToken {
  readonly kind: "token";
  readonly scheme: "prvs" | "btv1";
  readonly keyNumber: string;
  /** DDD, 0 to 999. */
  readonly lastDay: number;
  /** Six hex digits, lower-cased. */
  readonly signature: string;
  readonly localPart: string;
}

/** Looks like BATV, but the tag is not of the draft's form: Barracuda and Cisco use tags whose algorithm is not published. */
export interface UnreadableBatvToken {
  readonly kind: "unreadable";
  readonly scheme: "prvs" | "btv1" | "msprvs1";
}

/** @returns The address with a token in front of its local part. */
export function signBatv(address: Address, key: { number: string; secret: string }, now: Date): Address {
  const lastDay = (dayOf(now) + BATV_VALID_DAYS) % DAY_MODULUS;
  const stamp = key.number + String(lastDay).padStart(3, "0");
  const tag = stamp + signatureOf(key.secret, stamp, address.localPart, address.domain).toString("hex");
  return { kind: "address", localPart: `prvs=${tag}=${address.localPart}`, domain: address.domain };
}

/**
 * Reads a token. Accepts `prvs=TAG=local`, `btv1==TAG==local` (Barracuda's delimiters) and `prvs=local/TAG`, the order
 * of the first drafts; the scheme in any case of letters.
 *
 * @param localPart As sent, unquoted.
 */
export function parseBatvToken(localPart: string): BatvToken | UnreadableBatvToken | undefined {
  const equals = localPart.indexOf("=");
  if (equals < 4 || equals > 7) return undefined;
  const scheme = localPart.slice(0, equals).toLowerCase();
  if (scheme === "msprvs1") return { kind: "unreadable", scheme };
  if (scheme !== "prvs" && scheme !== "btv1") return undefined;
  const delimiter = localPart.startsWith("==", equals) ? "==" : "=";
  const rest = localPart.slice(equals + delimiter.length);
  const end = rest.indexOf(delimiter);
  if (end > 0 && TAG.test(rest.slice(0, end))) {
    return readTag(scheme, rest.slice(0, end), rest.slice(end + delimiter.length));
  }
  const slash = rest.lastIndexOf("/");
  if (slash > 0 && TAG.test(rest.slice(slash + 1))) return readTag(scheme, rest.slice(slash + 1), rest.slice(0, slash));
  return { kind: "unreadable", scheme };
}

function readTag(scheme: "prvs" | "btv1", tag: string, localPart: string): BatvToken {
  return {
    kind: "token",
    scheme,
    keyNumber: tag.slice(0, 1),
    lastDay: Number(tag.slice(1, 4)),
    signature: tag.slice(4).toLowerCase(),
    localPart,
  };
}

/**
 * Checks the signature in constant time. Some MTAs lower-case a forward-path, and the domain is lower-cased by the
 * reader, so the local part is tried as it came and lower-cased; a capital that was lost cannot be restored.
 */
export function verifyBatv(token: BatvToken, domain: string, secret: string): boolean {
  const stamp = token.keyNumber + String(token.lastDay).padStart(3, "0");
  const given = Buffer.from(token.signature, "hex");
  if (timingSafeEqual(given, signatureOf(secret, stamp, token.localPart, domain))) return true;
  const folded = token.localPart.toLowerCase();
  return folded !== token.localPart && timingSafeEqual(given, signatureOf(secret, stamp, folded, domain));
}

/** Days for which the token is still valid, 0 to 7; negative: expired that many days ago; above 7: not a day that we could have signed. */
export function batvDaysLeft(token: BatvToken, now: Date): number {
  const ahead = (token.lastDay - (dayOf(now) % DAY_MODULUS) + DAY_MODULUS) % DAY_MODULUS;
  // DDD wraps around every 1000 days: the nearer reading is the true one.
  return ahead < DAY_MODULUS / 2 ? ahead : ahead - DAY_MODULUS;
}

function dayOf(now: Date): number {
  return Math.floor(now.getTime() / DAY_MS);
}

function signatureOf(secret: string, stamp: string, localPart: string, domain: string): Buffer {
  return createHmac("sha1", secret).update(`${stamp}${localPart}@${domain}`).digest().subarray(0, 3);
}
