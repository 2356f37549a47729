/**
 * Walks the returned Received chain from the top (latest) down, as far as it can be believed.
 *
 * The topmost lines were written by the site that bounced the message; each says from which address it got the message.
 * Below the first client that is neither inside that site nor ours, anybody may have written anything: a relay of ours
 * that is only named there proves nothing. Pure.
 */
import { getDomain } from "tldts";
import type { RelaySet } from "../site/relay-set.ts";
import { isInternalIp } from "./ip-address.ts";
import type { ReceivedHop } from "./received-hop.ts";

/** What the chain shows. `line` counts Received fields from the top, starting at 1. */
export type PathFinding =
  /** The topmost line is our relay's own. */
  | { readonly kind: "our-line"; readonly hop: ReceivedHop; readonly line: number }
  /** A foreign host that can be believed got the message from our relay. `firm`: only hops inside one site stand above. */
  | {
      readonly kind: "handed-over";
      readonly hop: ReceivedHop;
      readonly line: number;
      readonly by: "address" | "name";
      readonly firm: boolean;
    }
  /** The first client from outside is not ours; `claimsRelay`: it or the lines below name a relay of ours. */
  | { readonly kind: "foreign-client"; readonly hop: ReceivedHop; readonly line: number; readonly claimsRelay: boolean }
  /** The chain ends inside a foreign site: it began there. */
  | { readonly kind: "foreign-origin"; readonly hop: ReceivedHop; readonly claimsRelay: boolean }
  /** No line names a host that could be judged. */
  | { readonly kind: "nothing" };

/** @param hops The chain from the top (latest) to the bottom. */
export function tracePath(hops: readonly ReceivedHop[], relays: RelaySet): PathFinding {
  let firm = true;
  let site: ReceivedHop | undefined;
  for (const [index, hop] of hops.entries()) {
    const line = index + 1;
    if (isOurHost(hop.by, hop.byIp, relays)) {
      // Below a foreign line that did not see us, our name is only a claim.
      return site === undefined
        ? { kind: "our-line", hop, line }
        : { kind: "foreign-origin", hop: site, claimsRelay: true };
    }
    if (site !== undefined && !isSameSite(hop.by, site.by) && isPublicName(hop.by)) firm = false;
    if (hop.clientIp !== undefined && relays.hasAddress(hop.clientIp)) {
      return { kind: "handed-over", hop, line, by: "address", firm };
    }
    if (hop.clientName !== undefined && relays.hasName(hop.clientName)) {
      return { kind: "handed-over", hop, line, by: "name", firm };
    }
    if (hop.by !== undefined && isPublicName(hop.by)) site ??= hop;
    const client = classifyClient(hop);
    if (client === "outside") {
      return { kind: "foreign-client", hop, line, claimsRelay: claimsRelay(hops.slice(index), relays) };
    }
    if (client === "claims-inside") firm = false;
  }
  return site === undefined
    ? { kind: "nothing" }
    : { kind: "foreign-origin", hop: site, claimsRelay: claimsRelay(hops, relays) };
}

/**
 * Whether the client belongs to the site that wrote the line. An internal address and a confirmed name of the same
 * organisation do; a HELO alone is what a spammer claims, and QUIRK(exchange) all that Exchange writes for its own hops.
 */
function classifyClient(hop: ReceivedHop): "inside" | "claims-inside" | "outside" {
  const { clientIp, clientName, helo, by } = hop;
  if (clientIp === undefined) {
    return helo === undefined || !isPublicName(helo) || isSameSite(helo, by) ? "inside" : "outside";
  }
  if (isInternalIp(clientIp) || isSameSite(clientName, by)) return "inside";
  return isSameSite(helo, by) ? "claims-inside" : "outside";
}

function isOurHost(name: string | undefined, ip: string | undefined, relays: RelaySet): boolean {
  return (name !== undefined && relays.hasName(name)) || (ip !== undefined && relays.hasAddress(ip));
}

function claimsRelay(hops: readonly ReceivedHop[], relays: RelaySet): boolean {
  return hops.some(
    (hop) =>
      isOurHost(hop.by, hop.byIp, relays) ||
      isOurHost(hop.clientName ?? hop.helo, hop.clientIp, relays) ||
      isOurHost(hop.helo, undefined, relays),
  );
}

/** Same organizational domain by the public suffix list, or the same name; a host without a name is nobody's. */
export function isSameSite(name: string | undefined, other: string | undefined): boolean {
  if (name === undefined || other === undefined) return false;
  if (name === other) return true;
  const domain = getDomain(name, HOST_NAMES_ONLY);
  return domain !== null && domain === getDomain(other, HOST_NAMES_ONLY);
}

/** `localhost`, `ex01` and `mail.corp.local` are names inside somebody's site. */
function isPublicName(name: string | undefined): boolean {
  if (name === undefined || !name.includes(".") || INTERNAL_SUFFIX.test(name)) return false;
  return getDomain(name, HOST_NAMES_ONLY) !== null;
}

const INTERNAL_SUFFIX = /\.(?:local|localdomain|internal|lan|localnet|intranet|corp|home|private)$/;
const HOST_NAMES_ONLY = { extractHostname: false, validateHostname: false };
