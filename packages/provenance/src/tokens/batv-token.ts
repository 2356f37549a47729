/**
 * Bounce Address Tag Validation (draft-levine-smtp-batv-01): `prvs=KDDDSSSSSS=local@domain`.
 *
 * K is the key's number, DDD the last day of validity (days since 1970 modulo 1000), SSSSSS the first three bytes of
 * HMAC-SHA1(key, K DDD local@domain) in hex. The MTA puts it into the reverse-path of what it sends, so a genuine
 * DSN carries it back in its forward-path. Exim's `${prvs{...}}` and batv-milter write the same; the latter also as a
 * sub-address, `local+prvs=KDDDSSSSSS@domain`. Pure: the day comes in.
 *
 * Other tags are told by their form only, because how they are computed is not published: Barracuda's `btv1==DDDhhhhhhhh==`,
 * Cisco's (and Proofpoint's) nine or ten digits after `prvs=`, SparkPost's `msprvs1=`.
 */
import type { Address } from "@triage/message";
import { isSameHash, keyedHash } from "./keyed-hash.ts";

/** Section 4.2 of the draft: a token lives seven days, longer than the five that MTAs retry. Some milters can be told otherwise. */
export const BATV_VALID_DAYS = 7;
const DAY_MODULUS = 1000;
const DAY_MS = 86_400_000;
/** K DDD SSSSSS; the hex may come back in capitals. */
const TAG = /^[0-9]{4}[0-9a-f]{6}$/i;
/** `+prvs=` and the tag. */
const SUB_ADDRESS_CHARS = 16;

/** A tag of the draft's form; `localPart` is what stood before the MTA signed it. */
export interface BatvToken {
  readonly kind: "token";
  readonly keyNumber: string;
  /** DDD, 0 to 999. */
  readonly lastDay: number;
  /** Six hex digits, lower-cased. */
  readonly signature: string;
  readonly localPart: string;
}

/** Looks like BATV, but the tag is not of the draft's form. */
export interface UnreadableBatvToken {
  readonly kind: "unreadable";
  readonly scheme: "prvs" | "btv1" | "msprvs1";
}

/** @returns The address with a token in front of its local part. */
export function signBatv(
  address: Address,
  key: { readonly number: string; readonly secret: string },
  now: Date,
  validDays = BATV_VALID_DAYS,
): Address {
  const lastDay = (dayOf(now) + validDays) % DAY_MODULUS;
  const stamp = key.number + String(lastDay).padStart(3, "0");
  const tag = stamp + signatureOf(key.secret, stamp, address.localPart, address.domain);
  return { kind: "address", localPart: `prvs=${tag}=${address.localPart}`, domain: address.domain };
}

/**
 * Reads a token: `prvs=TAG=local`, `prvs=local/TAG` (the order of the first drafts), or `local+prvs=TAG` and
 * `local-prvs=TAG` (sub-addresses); the scheme in any case of letters.
 *
 * @param localPart As sent, unquoted.
 */
export function parseBatvToken(localPart: string): BatvToken | UnreadableBatvToken | undefined {
  const equals = localPart.indexOf("=");
  if (equals < 4) return undefined;
  const behind = readSubAddress(localPart);
  if (behind !== undefined || equals > 7) return behind;
  const scheme = localPart.slice(0, equals).toLowerCase();
  if (scheme === "msprvs1" || scheme === "btv1") return { kind: "unreadable", scheme };
  if (scheme !== "prvs") return undefined;
  const rest = localPart.slice(equals + 1);
  const end = rest.indexOf("=");
  if (end > 0 && TAG.test(rest.slice(0, end))) return readTag(rest.slice(0, end), rest.slice(end + 1));
  const slash = rest.lastIndexOf("/");
  if (slash > 0 && TAG.test(rest.slice(slash + 1))) return readTag(rest.slice(slash + 1), rest.slice(0, slash));
  return { kind: "unreadable", scheme };
}

function readSubAddress(localPart: string): BatvToken | undefined {
  const start = localPart.length - SUB_ADDRESS_CHARS;
  if (start < 1 || !"+-".includes(localPart.charAt(start))) return undefined;
  if (localPart.slice(start + 1, start + 6).toLowerCase() !== "prvs=") return undefined;
  const tag = localPart.slice(start + 6);
  return TAG.test(tag) ? readTag(tag, localPart.slice(0, start)) : undefined;
}

function readTag(tag: string, localPart: string): BatvToken {
  return {
    kind: "token",
    keyNumber: tag.slice(0, 1),
    lastDay: Number(tag.slice(1, 4)),
    signature: tag.slice(4).toLowerCase(),
    localPart,
  };
}

/**
 * Checks the signature in constant time.
 *
 * Some MTAs fold the case of a forward-path. The hex digits and `prvs` do not depend on it; the local part does, because
 * the draft signs it as it is. So it is tried as it came, in lower case (how most sites sign), and in each known
 * spelling. A capital that was lost and stands nowhere else cannot be proven. The domain counts in lower case.
 *
 * @param spellings Local parts as the returned header writes them; those that differ in more than case are not tried.
 * @returns         How the local part had to be read, or undefined: it is not signed with this secret.
 */
export function verifyBatv(
  token: BatvToken,
  domain: string,
  secret: string,
  spellings: readonly string[] = [],
): "as-sent" | "folded" | "restored" | undefined {
  const stamp = token.keyNumber + String(token.lastDay).padStart(3, "0");
  const isSigned = (localPart: string) => isSameHash(token.signature, signatureOf(secret, stamp, localPart, domain));
  if (isSigned(token.localPart)) return "as-sent";
  const folded = token.localPart.toLowerCase();
  if (folded !== token.localPart && isSigned(folded)) return "folded";
  const others = spellings.filter((spelling) => spelling !== token.localPart && spelling.toLowerCase() === folded);
  return others.some(isSigned) ? "restored" : undefined;
}

/** Days for which the token is still valid, 0 to 7; negative: expired that many days ago; above: not a day that we could have signed. */
export function batvDaysLeft(token: BatvToken, now: Date): number {
  const ahead = (token.lastDay - (dayOf(now) % DAY_MODULUS) + DAY_MODULUS) % DAY_MODULUS;
  // DDD wraps around every 1000 days: the nearer reading is the true one.
  return ahead < DAY_MODULUS / 2 ? ahead : ahead - DAY_MODULUS;
}

function dayOf(now: Date): number {
  return Math.floor(now.getTime() / DAY_MS);
}

function signatureOf(secret: string, stamp: string, localPart: string, domain: string): string {
  return keyedHash("sha1", secret, `${stamp}${localPart}@${domain}`).toString("hex", 0, 3);
}
