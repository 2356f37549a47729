/** Addresses as text (RFC 5321 section 4.1.2). Pure. */
import type { Address } from "./address.ts";

/** A Dot-string, with the letters of RFC 6531; anything else is written as a Quoted-string. */
const DOT_STRING = /^[^\s\p{Cc}.<>()[\]",;:\\@]+(?:\.[^\s\p{Cc}.<>()[\]",;:\\@]+)*$/u;

/** Writes `local@domain`, quoting the local part where it needs to be; without a domain the local part alone. */
export function formatAddress(address: Address): string {
  const { localPart, domain } = address;
  const local = DOT_STRING.test(localPart) ? localPart : `"${localPart.replace(/["\\]/g, "\\$&")}"`;
  return domain === "" ? local : `${local}@${domain}`;
}
