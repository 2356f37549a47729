/**
 * Sender Rewriting Scheme (Meng Weng Wong and Shevek, "SRS"; as in Mail::SRS, libsrs2 and postsrsd).
 *
 *   SRS0=HHHH=TT=host=local@us                  we forwarded mail of local@host
 *   SRS1=HHHH=first=HHHH=TT=host=local@us       ... that `first` had forwarded to us before (its own separator kept)
 *
 * HHHH: at least four characters of the base64 HMAC-SHA1 over what follows it, lower-cased; TT: the day modulo 1024 in
 * base 32. The separator after the tag is `=`, `+` or `-`. Case may come back folded, so it never counts.
 * QUIRK(exim): `${srs_encode}` writes an SRS0 whose four characters are hex of an HMAC-MD5 over the sender alone: 16
 * bits, and the stamp is not signed. Pure.
 */
import type { Address } from "@triage/message";
import { isSameHash, keyedHash } from "./keyed-hash.ts";

const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
const STAMP_MODULUS = 1024;
const DAY_MS = 86_400_000;
/** Fewer characters than this would let a hash be guessed (Mail::SRS: SRSHASHLENGTH). */
const MIN_HASH_CHARS = 4;
/** An HMAC-SHA1 in base64 without padding. */
const MAX_HASH_CHARS = 27;
const EXIM_HASH = /^[0-9a-f]{4}$/;

export interface Srs0Address {
  readonly kind: "srs0";
  readonly hash: string;
  readonly stamp: string;
  readonly host: string;
  readonly localPart: string;
}

export interface Srs1Address {
  readonly kind: "srs1";
  readonly hash: string;
  /** The first forwarder, to whose SRS0 address the DSN goes on. */
  readonly firstHost: string;
  /** What stood behind `SRS0` in the first forwarder's address, its separator included. */
  readonly rest: string;
}

export type SrsAddress = Srs0Address | Srs1Address | { readonly kind: "malformed" };

/** @returns undefined when the local part is not SRS at all. */
export function parseSrs(localPart: string): SrsAddress | undefined {
  if (localPart.length < 5 || !"=+-".includes(localPart.charAt(4))) return undefined;
  const tag = localPart.slice(0, 4).toLowerCase();
  if (tag === "srs0") return parseSrs0(localPart.slice(5));
  if (tag === "srs1") return parseSrs1(localPart.slice(5));
  return undefined;
}

function parseSrs0(text: string): SrsAddress {
  const [hash = "", stamp = "", host = ""] = text.split("=", 3);
  const localPart = text.slice(hash.length + stamp.length + host.length + 3);
  if (!isHash(hash) || stamp.length !== 2 || host === "" || localPart === "") return { kind: "malformed" };
  return { kind: "srs0", hash, stamp, host, localPart };
}

function parseSrs1(text: string): SrsAddress {
  const [hash = "", firstHost = ""] = text.split("=", 2);
  const rest = text.slice(hash.length + firstHost.length + 2);
  if (!isHash(hash) || firstHost === "" || !"=+-".includes(rest.charAt(0)) || rest.length < 2) {
    return { kind: "malformed" };
  }
  return { kind: "srs1", hash, firstHost, rest };
}

function isHash(hash: string): boolean {
  return hash.length >= MIN_HASH_CHARS && hash.length <= MAX_HASH_CHARS;
}

/** Which secret made the hash, counted from 1 for the newest, and in which form. */
export interface SrsProof {
  readonly form: "guarded" | "exim";
  readonly secretNumber: number;
}

/** Checks the hash with each secret, in constant time and without regard to case (MTAs fold it). */
export function verifySrs(address: Srs0Address | Srs1Address, secrets: readonly string[]): SrsProof | undefined {
  const parts =
    address.kind === "srs0" ? [address.stamp, address.host, address.localPart] : [address.firstHost, address.rest];
  const given = address.hash.toLowerCase();
  const guarded = secrets.findIndex((secret) =>
    isSameHash(given, hashOf(secret, parts).slice(0, given.length).toLowerCase()),
  );
  if (guarded >= 0) return { form: "guarded", secretNumber: guarded + 1 };
  if (address.kind !== "srs0" || !EXIM_HASH.test(given)) return undefined;
  const sender = `${address.localPart}@${address.host}`.toLowerCase();
  const exim = secrets.findIndex((secret) => isSameHash(given, keyedHash("md5", secret, sender).toString("hex", 0, 2)));
  return exim < 0 ? undefined : { form: "exim", secretNumber: exim + 1 };
}

/**
 * Days since the address was made, 0 to 1023, or undefined when the stamp is not base 32. One day in the future is
 * clock skew and counts as today. Of an SRS1 address the stamp is the first forwarder's, which our hash covers too.
 */
export function srsAgeDays(address: Srs0Address | Srs1Address, now: Date): number | undefined {
  const inner = address.kind === "srs0" ? address : parseSrs0(address.rest.slice(1));
  if (inner.kind !== "srs0") return undefined;
  const stamp = inner.stamp.toLowerCase();
  const high = BASE32.indexOf(stamp.charAt(0));
  const low = BASE32.indexOf(stamp.charAt(1));
  if (high < 0 || low < 0) return undefined;
  const age = (Math.floor(now.getTime() / DAY_MS) - (high * 32 + low)) & (STAMP_MODULUS - 1);
  return age === STAMP_MODULUS - 1 ? 0 : age;
}

/** The sender whose mail was forwarded, as far as the address tells. */
export function srsOriginalSender(address: Srs0Address | Srs1Address): string | undefined {
  if (address.kind === "srs0") return `${address.localPart}@${address.host}`;
  const inner = parseSrs0(address.rest.slice(1));
  return inner.kind === "srs0" ? `${inner.localPart}@${inner.host}` : undefined;
}

/** Rewrites a sender as a forwarder does: SRS0 for a plain address, SRS1 for one that is SRS already. */
export function signSrs(sender: Address, domain: string, secret: string, now: Date): Address {
  const parsed = parseSrs(sender.localPart);
  if (parsed?.kind === "srs1") {
    return signed("SRS1", [parsed.firstHost, parsed.rest], secret, domain);
  }
  if (parsed?.kind === "srs0") {
    return signed("SRS1", [sender.domain, sender.localPart.slice(4)], secret, domain);
  }
  const day = Math.floor(now.getTime() / DAY_MS);
  const stamp = BASE32.charAt((day >> 5) & 31) + BASE32.charAt(day & 31);
  return signed("SRS0", [stamp.toUpperCase(), sender.domain, sender.localPart], secret, domain);
}

function signed(tag: "SRS0" | "SRS1", parts: readonly string[], secret: string, domain: string): Address {
  const hash = hashOf(secret, parts).slice(0, MIN_HASH_CHARS);
  return { kind: "address", localPart: `${tag}=${hash}=${parts.join("=")}`, domain };
}

function hashOf(secret: string, parts: readonly string[]): string {
  // ASCII only: the C libraries fold bytes, and an internationalised local part must hash as it does there.
  const folded = parts.join("").replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  return keyedHash("sha1", secret, folded).toString("base64");
}
