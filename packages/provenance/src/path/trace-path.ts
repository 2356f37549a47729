/**
 * Walks the returned Received chain from the top (latest) down, as far as it can be believed.
 *
 * The topmost lines were written by the site that bounced the message; each says from which address it got the message.
 * Below the first client that is neither inside that site nor ours, anybody may have written anything: a relay of ours
 * that is only named there proves nothing. Pure.
 */
import type { CompiledSite } from "../site/compile-site.ts";
import { isPublicName, isSameSite } from "./host-name.ts";
import { isInternalIp } from "./ip-address.ts";
import type { ReceivedHop } from "./received-hop.ts";

/** The hosts that are ours: the relays and, where these are listed by address alone, hosts below our domains. */
export type OurHosts = Pick<CompiledSite, "relays" | "ownHosts">;

/** What the chain shows. `line` counts Received fields from the top, starting at 1. */
export type PathFinding =
  /** Our relay wrote the line; `firm`: the topmost that names a host, not below others that could be anybody's. */
  | { readonly kind: "our-line"; readonly hop: ReceivedHop; readonly firm: boolean }
  /** A foreign host that can be believed got the message from our relay. `firm`: all hops above it are confirmed to be of one site. */
  | {
      readonly kind: "handed-over";
      readonly hop: ReceivedHop;
      readonly line: number;
      readonly by: "address" | "name" | "domain";
      readonly firm: boolean;
    }
  /** The topmost line is of a host below our domains that is not among the relays. */
  | { readonly kind: "unlisted-host"; readonly hop: ReceivedHop }
  /** The first client from outside is not ours; `claimsUs`: it or the lines below name a host of ours. */
  | {
      readonly kind: "foreign-client";
      readonly hop: ReceivedHop;
      readonly line: number;
      readonly claimsUs: boolean;
      readonly firm: boolean;
    }
  /** The chain ends, or can no longer be followed, inside a foreign site. */
  | { readonly kind: "foreign-origin"; readonly hop: ReceivedHop; readonly claimsUs: boolean }
  /** A line of ours, or one that saw us, stands below an earlier one. */
  | { readonly kind: "out-of-order"; readonly hop: ReceivedHop }
  /** No line names a host that could be judged. */
  | { readonly kind: "nothing" };

/** @param hops The chain from the top (latest) to the bottom. */
export function tracePath(hops: readonly ReceivedHop[], ours: OurHosts): PathFinding {
  let firm = true;
  let site: ReceivedHop | undefined;
  let siteIsPublic = false;
  let above: ReceivedHop | undefined;
  for (const [index, hop] of hops.entries()) {
    const own = judgeWriter(hop, site, firm, ours);
    if (own !== undefined) return own.kind === "our-line" ? inOrder(own, hops, index) : own;
    // Nobody outside that site saw who handed over to this host: the chain is broken.
    if (siteIsPublic && isPublicName(hop.by) && !isSameSite(hop.by, site?.by)) break;
    if (namesWriter(hop) && !siteIsPublic) {
      site = hop;
      siteIsPublic = isPublicHost(hop);
    }
    if (above !== undefined && !isLinked(above, hop)) firm = false;
    const by = recogniseClient(hop, ours);
    if (by !== undefined) {
      return inOrder({ kind: "handed-over", hop, line: index + 1, by, firm: firm && by !== "domain" }, hops, index);
    }
    const client = classifyClient(hop);
    if (client === "outside") {
      return { kind: "foreign-client", hop, line: index + 1, claimsUs: claimsUs(hops.slice(index), ours), firm };
    }
    // qmail writes such a line for its deliveries to programs too, without its name: only the trust ends there.
    if (hop.isOrigin && site !== undefined) break;
    if (hop.isOrigin || isLocalWriter(hop) || (client === "unconfirmed" && !isNameless(hop))) firm = false;
    above = client === "inside" ? hop : undefined;
  }
  if (site === undefined) return { kind: "nothing" };
  const claimed = claimsUs(hops, ours);
  return claimed || isForeign(site, ours)
    ? { kind: "foreign-origin", hop: site, claimsUs: claimed }
    : { kind: "nothing" };
}

/**
 * Whether the host that handed over wrote the line below. A customer's machine has a confirmed name of its provider, too, so
 * that the organisation alone does not make it a host of that site: it has to go on as one.
 */
function isLinked(above: ReceivedHop, hop: ReceivedHop): boolean {
  if (hop.by !== undefined && (hop.by === above.clientName || hop.by === above.helo)) return true;
  return hop.byIp !== undefined && hop.byIp === above.clientIp;
}

/** LIMIT: clocks of mail hosts differ by minutes, those with a wrong time zone by hours; a chain that is made up, by anything. */
const MAX_CLOCK_SKEW_MS = 3_600_000;

/** A line cannot be later than those above it: then somebody wrote it who did not know when it would arrive. */
function inOrder(
  finding: Extract<PathFinding, { kind: "our-line" | "handed-over" }>,
  hops: readonly ReceivedHop[],
  index: number,
): PathFinding {
  let earliest = Number.POSITIVE_INFINITY;
  for (const hop of hops.slice(0, index + 1)) {
    const time = Date.parse(hop.date);
    if (Number.isNaN(time)) continue;
    if (time > earliest + MAX_CLOCK_SKEW_MS) return { kind: "out-of-order", hop };
    earliest = Math.min(earliest, time);
  }
  return finding;
}

/**
 * A line of our own host proves something only at the top, or below hosts of its own organisation; below a foreign
 * line that did not see us, our name is only a claim.
 */
function judgeWriter(
  hop: ReceivedHop,
  site: ReceivedHop | undefined,
  firm: boolean,
  ours: OurHosts,
): PathFinding | undefined {
  const isRelay = isRelayHost(hop.by, hop.byIp, ours);
  if (!isRelay && (hop.by === undefined || !ours.ownHosts.has(hop.by))) return undefined;
  if (site === undefined) return isRelay ? { kind: "our-line", hop, firm } : { kind: "unlisted-host", hop };
  if (isRelay && isSameSite(hop.by, site.by)) return { kind: "our-line", hop, firm: false };
  return { kind: "foreign-origin", hop: site, claimsUs: true };
}

/** qmail's local steps name nobody, and a content filter that calls itself localhost could be anybody's. */
function namesWriter(hop: ReceivedHop): boolean {
  return (hop.by !== undefined || hop.byIp !== undefined) && !isLocalWriter(hop);
}

/** `(qmail 1 invoked from network)`: a step inside a host, which neither names itself nor has a client. */
function isNameless({ by, byIp, clientIp }: ReceivedHop): boolean {
  return by === undefined && byIp === undefined && clientIp === undefined;
}

function isLocalWriter({ by, byIp }: ReceivedHop): boolean {
  if (by !== undefined) return by === "localhost" || by.startsWith("localhost.");
  return byIp?.startsWith("127.") === true;
}

/** How the host that wrote the line recognised us: what it saw of the client, never what the client said. */
function recogniseClient(hop: ReceivedHop, ours: OurHosts): "address" | "name" | "domain" | undefined {
  if (hop.clientIp !== undefined && ours.relays.hasAddress(hop.clientIp)) return "address";
  if (hop.clientName === undefined) return undefined;
  if (ours.relays.hasName(hop.clientName)) return "name";
  return ours.ownHosts.has(hop.clientName) ? "domain" : undefined;
}

/**
 * Whether the client belongs to the site that wrote the line. A confirmed name of the same organisation does. An
 * internal address does too, but a local program can then have written the lines below; a HELO alone is what a spammer
 * claims, and QUIRK(exchange) all that Exchange writes for its own hops.
 */
function classifyClient(hop: ReceivedHop): "inside" | "unconfirmed" | "outside" {
  const { clientIp, clientName, helo, by } = hop;
  if (clientIp === undefined) return !isPublicName(helo) || isSameSite(helo, by) ? "unconfirmed" : "outside";
  if (isInternalIp(clientIp)) return "unconfirmed";
  if (isSameSite(clientName, by)) return "inside";
  return isSameSite(helo, by) ? "unconfirmed" : "outside";
}

function isRelayHost(name: string | undefined, ip: string | undefined, { relays }: OurHosts): boolean {
  return (name !== undefined && relays.hasName(name)) || (ip !== undefined && relays.hasAddress(ip));
}

function isPublicHost({ by, byIp }: ReceivedHop): boolean {
  return isPublicName(by) || (byIp !== undefined && !isInternalIp(byIp));
}

/** Whether the host is known not to be ours: by its name, or by its address alone where our addresses are listed. */
function isForeign(hop: ReceivedHop, { relays }: OurHosts): boolean {
  return isPublicName(hop.by) || (relays.listsAddresses && isPublicHost(hop));
}

/** A HELO with our domain from a client that was looked up as somebody else is a lie, not a claim to consider. */
function claimsUs(hops: readonly ReceivedHop[], ours: OurHosts): boolean {
  const isOwn = (name: string | undefined) => name !== undefined && ours.ownHosts.has(name);
  return hops.some(
    (hop) =>
      isRelayHost(hop.by, hop.byIp, ours) ||
      isRelayHost(hop.clientName, hop.clientIp, ours) ||
      isRelayHost(hop.helo, undefined, ours) ||
      isOwn(hop.by) ||
      isOwn(hop.clientName ?? hop.helo),
  );
}
