/** DKIM public keys as published in DNS (RFC 6376 section 3.6.1; k=ed25519: RFC 8463 section 4). */
import { createPublicKey, type KeyObject } from "node:crypto";
import { parseTagList, withoutWhitespace } from "./tag-list.ts";

/** RFC 8301 section 3.2: verifiers must not consider signatures of RSA keys below 1024 bits valid. */
const MIN_RSA_BITS = 1024;
/** DER in front of a raw Ed25519 key: SubjectPublicKeyInfo with OID 1.3.101.112 (RFC 8410 section 4). */
const ED25519_SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex");
const ED25519_KEY_BYTES = 32;

export type DkimKeyReading =
  | {
      readonly kind: "key";
      readonly type: "rsa" | "ed25519";
      readonly key: KeyObject;
      /** t=s: the identity must be in the domain itself, not below it. */
      readonly strictIdentity: boolean;
    }
  /** `reason` continues the sentence "the public key ...". */
  | { readonly kind: "unusable"; readonly reason: string };

/** @param record The TXT record; the strings of a long one joined. A bare `p=...` is enough. */
export function readKeyRecord(record: string): DkimKeyReading {
  const tags = parseTagList(record);
  const tag = (name: string) => withoutWhitespace(tags?.get(name) ?? "");
  if (tags === undefined || (tags.has("v") && tag("v") !== "DKIM1")) return unusable("is not a DKIM key record");
  if (tag("p") === "") return unusable(tags.has("p") ? "is revoked (empty p=)" : "record has no p=");
  if (!allows(tag("h"), "sha256")) return unusable("does not allow SHA-256");
  if (!allows(tag("s"), "email") && !allows(tag("s"), "*")) return unusable("is not meant for mail");
  const type = tag("k").toLowerCase() || "rsa";
  if (type !== "rsa" && type !== "ed25519") return unusable("is of an unknown type");
  const bytes = Buffer.from(tag("p"), "base64");
  const key = type === "rsa" ? readRsaKey(bytes) : readEd25519Key(bytes);
  if (key === undefined) return unusable("cannot be read");
  const bits = key.asymmetricKeyDetails?.modulusLength ?? Number.POSITIVE_INFINITY;
  if (bits < MIN_RSA_BITS) return unusable(`has ${bits} bits, fewer than ${MIN_RSA_BITS}`);
  return { kind: "key", type, key, strictIdentity: tag("t").split(":").includes("s") };
}

function unusable(reason: string): DkimKeyReading {
  return { kind: "unusable", reason };
}

/** An absent list allows everything. */
function allows(list: string, value: string): boolean {
  return list === "" || list.toLowerCase().split(":").includes(value);
}

/** SubjectPublicKeyInfo, as everybody publishes it, or the bare RSAPublicKey that RFC 6376 section 3.6.1 names. */
function readRsaKey(der: Buffer): KeyObject | undefined {
  const key = tryKey(der, "spki") ?? tryKey(der, "pkcs1");
  return key?.asymmetricKeyType === "rsa" ? key : undefined;
}

function readEd25519Key(bytes: Buffer): KeyObject | undefined {
  if (bytes.length !== ED25519_KEY_BYTES) return undefined;
  return tryKey(Buffer.concat([ED25519_SPKI_PREFIX, bytes]), "spki");
}

function tryKey(der: Buffer, type: "spki" | "pkcs1"): KeyObject | undefined {
  try {
    return createPublicKey({ key: der, format: "der", type });
  } catch {
    // OpenSSL only throws; a record that is no key is an expected outcome here.
    return undefined;
  }
}
