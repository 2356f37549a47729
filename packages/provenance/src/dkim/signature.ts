/** DKIM-Signature fields (RFC 6376 section 3.5; algorithm ed25519-sha256: RFC 8463). */
import type { HeaderField } from "@triage/message";
import { parseTagList, withoutWhitespace } from "./tag-list.ts";

export type Canonicalization = "simple" | "relaxed";
export type DkimAlgorithm = "rsa-sha256" | "ed25519-sha256";

/** LIMIT: a signer names a few dozen fields; each costs a look-up and a canonicalisation. */
const MAX_SIGNED_FIELDS = 250;

export interface DkimSignature {
  readonly kind: "signature";
  readonly field: HeaderField;
  readonly algorithm: DkimAlgorithm;
  /** d=, lower-cased. */
  readonly domain: string;
  /** Domain of i=, lower-cased; d= where there is no i=. */
  readonly identityDomain: string;
  /** `selector._domainkey.domain`, lower-cased: where the public key is. */
  readonly keyName: string;
  readonly headerForm: Canonicalization;
  readonly bodyForm: Canonicalization;
  /** h=, lower-cased, in order; repetitions count. */
  readonly signedFields: readonly string[];
  readonly signature: Buffer;
  readonly bodyHash: Buffer;
  /** l= in bytes, when given. */
  readonly bodyLength: number | undefined;
  /** t= and x=, seconds since 1970. */
  readonly signedAt: number | undefined;
  readonly expiresAt: number | undefined;
}

/** A field that cannot be verified, with what is known of it. `reason` continues the sentence "the signature ...". */
export interface UnusableSignature {
  readonly kind: "unusable";
  readonly domain: string | undefined;
  readonly reason: string;
}

export function parseSignature(field: HeaderField): DkimSignature | UnusableSignature {
  const tags = parseTagList(field.rawValue);
  const tag = (name: string) => withoutWhitespace(tags?.get(name) ?? "");
  const domain = tag("d").toLowerCase();
  const unusable = (reason: string): UnusableSignature => ({ kind: "unusable", domain: domain || undefined, reason });
  if (tags === undefined) return unusable("is not a valid tag list");
  if (domain === "" || tag("s") === "" || tag("b") === "" || tag("bh") === "" || tag("v") !== "1") {
    return unusable("lacks a required tag");
  }
  const algorithm = tag("a").toLowerCase();
  if (algorithm !== "rsa-sha256" && algorithm !== "ed25519-sha256") {
    // RFC 8301 section 3: rsa-sha1 must not be taken for valid.
    return unusable(`uses ${algorithm === "rsa-sha1" ? "rsa-sha1, which is not secure" : "an unknown algorithm"}`);
  }
  const forms = parseForms(tag("c"));
  if (forms === undefined) return unusable("uses an unknown canonicalisation");
  const signedFields = tag("h").toLowerCase().split(":");
  if (signedFields.length > MAX_SIGNED_FIELDS) return unusable("names too many fields");
  if (!signedFields.includes("from")) return unusable("does not sign the From field");
  const identityDomain = domainOfIdentity(tag("i")) ?? domain;
  if (identityDomain !== domain && !identityDomain.endsWith(`.${domain}`)) {
    return unusable("names an identity outside its domain");
  }
  return {
    kind: "signature",
    field,
    algorithm,
    domain,
    identityDomain,
    keyName: `${tag("s").toLowerCase()}._domainkey.${domain}`,
    headerForm: forms.header,
    bodyForm: forms.body,
    signedFields,
    signature: Buffer.from(tag("b"), "base64"),
    bodyHash: Buffer.from(tag("bh"), "base64"),
    bodyLength: parseCount(tag("l")),
    signedAt: parseCount(tag("t")),
    expiresAt: parseCount(tag("x")),
  };
}

/** c= is `header/body`; each is `simple` when not given (section 3.5). */
function parseForms(value: string): { header: Canonicalization; body: Canonicalization } | undefined {
  const [header = "", body = ""] = value.toLowerCase().split("/");
  const forms = { header: header || "simple", body: body || "simple" };
  return isForm(forms.header) && isForm(forms.body) ? { header: forms.header, body: forms.body } : undefined;
}

function isForm(value: string): value is Canonicalization {
  return value === "simple" || value === "relaxed";
}

function domainOfIdentity(identity: string): string | undefined {
  const at = identity.lastIndexOf("@");
  return at < 0 ? undefined : identity.slice(at + 1).toLowerCase();
}

/** Unsigned decimal of at most 12 digits (section 3.5 allows more for l=, but no body is that long). */
function parseCount(value: string): number | undefined {
  return /^[0-9]{1,12}$/.test(value) ? Number(value) : undefined;
}
