/** Host names as Received fields give them: whose they are, as far as a name can tell. */
import { getDomain } from "tldts";

const HOST_NAMES_ONLY = { extractHostname: false, validateHostname: false };
const INTERNAL_SUFFIX = /\.(?:local|localdomain|internal|lan|localnet|intranet|corp|home|private)$/;

/** The same name, or the same organizational domain by the public suffix list; a host without a name is nobody's. */
export function isSameSite(name: string | undefined, other: string | undefined): boolean {
  if (name === undefined || other === undefined) return false;
  if (name === other) return true;
  const domain = getDomain(name, HOST_NAMES_ONLY);
  return domain !== null && domain === getDomain(other, HOST_NAMES_ONLY);
}

/** `localhost`, `ex01` and `mail.corp.local` are names inside somebody's site. */
export function isPublicName(name: string | undefined): name is string {
  if (name === undefined || !name.includes(".") || INTERNAL_SUFFIX.test(name)) return false;
  return getDomain(name, HOST_NAMES_ONLY) !== null;
}
