import { createHmac } from "node:crypto";
import type { WriteLocalPart } from "@triage/message";
import type { AddressForm } from "./config/resolved-config.ts";

/** Hexadecimal digits of the hash: two of a thousand addresses are alike once in a million sites. */
const HASH_CHARS = 10;
/** What a hash looks like: it is not hashed again. */
const HASHED = /^h-[0-9a-f]{10}$/;

/**
 * How local parts are written: `***@example.net`, or `h-1a2b3c4d5e@example.net`, the same for the same address.
 *
 * @param secret  For the hash: without it nobody can try addresses out.
 * @returns       undefined: as they are.
 */
export function addressWriter(form: AddressForm, secret = ""): WriteLocalPart | undefined {
  switch (form) {
    case "full":
      return undefined;
    case "domain":
      return () => "***";
    case "hash":
      return ({ localPart, domain }) => {
        if (HASHED.test(localPart)) return localPart;
        const same = `${localPart}@${domain}`.toLowerCase();
        return `h-${createHmac("sha256", secret).update(same).digest("hex").slice(0, HASH_CHARS)}`;
      };
    default:
      return form satisfies never;
  }
}
