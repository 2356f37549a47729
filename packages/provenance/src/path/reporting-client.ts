/**
 * Who sent us a message, as far as its own header tells: the address in the topmost Received line that is from outside.
 *
 * For files and pipes, where nobody says which client handed the message over. The lines on top are our own MTA's and what
 * stands behind it (content filters, private networks); the first client that is none of ours is the sender. Pure.
 */
import type { HeaderList } from "@triage/message";
import { compileSite } from "../site/compile-site.ts";
import type { SiteProfile } from "../site-profile.ts";
import { isInternalIp } from "./ip-address.ts";
import { parseReceived } from "./received-hop.ts";

/** LIMIT: hops inside our own site; further down others wrote what they liked. */
const MAX_OWN_HOPS = 6;

/** @returns An address as `parseIp` gives it, never an internal one; undefined where no line names one. */
export function reportingClientIp(headers: HeaderList, profile: SiteProfile): string | undefined {
  const { relays } = compileSite(profile);
  for (const field of headers.all("received").slice(0, MAX_OWN_HOPS)) {
    const { clientIp } = parseReceived(field.rawValue);
    if (clientIp !== undefined && !isInternalIp(clientIp) && !relays.hasAddress(clientIp)) return clientIp;
  }
  return undefined;
}
