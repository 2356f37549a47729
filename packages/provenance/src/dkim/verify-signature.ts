/**
 * Verifies the header half of a DKIM signature (RFC 6376 section 6.1.3): b= signs the header fields and bh=, not the body,
 * so a returned header proves its origin without the body.
 */
import { createHash, type KeyObject, verify } from "node:crypto";
import type { HeaderList } from "@triage/message";
import { signedHeaderForms } from "./canonical-header.ts";
import type { DkimSignature } from "./signature.ts";

/** `refolded`: the signature fits after folds that a bouncing MTA changed were put back. */
export type HeaderVerification = "valid" | "refolded" | "invalid";

/** @param key Of the type that the signature's algorithm names. */
export function verifySignedHeader(headers: HeaderList, signature: DkimSignature, key: KeyObject): HeaderVerification {
  let isAsCame = true;
  for (const text of signedHeaderForms(headers, signature)) {
    if (verifyBytes(Buffer.from(text, "latin1"), signature, key)) return isAsCame ? "valid" : "refolded";
    isAsCame = false;
  }
  return "invalid";
}

function verifyBytes(bytes: Buffer, signature: DkimSignature, key: KeyObject): boolean {
  if (signature.algorithm === "rsa-sha256") return verify("sha256", bytes, key, signature.signature);
  // RFC 8463 section 3: Ed25519 signs the SHA-256 of the data, not the data.
  return verify(null, createHash("sha256").update(bytes).digest(), key, signature.signature);
}
