/**
 * Same cause, same fingerprint: the reason, the remote's words without what changes from message to message, the remote
 * organisation, and whom of us it is about: our address where the remote names it, else the sender's domain. Versioned, so
 * that a better normalisation does not merge its incidents with the old ones. Pure.
 */
import { hash } from "node:crypto";
import { isIP } from "node:net";
import type { DsnRecipient, DsnReport, Report } from "@triage/reports";
import { normaliseDiagnostic } from "./normalise-diagnostic.ts";
import { remoteOrganisation } from "./remote-organisation.ts";

type Address = NonNullable<DsnRecipient["address"]>;

const VERSION = "v2";
const HEX_DIGITS = 16;

/** LIMIT: causes of one report. With more of them nobody can say what it is about, and it is not grouped with others. */
const MAX_CAUSES = 20;
/** LIMIT: characters in which an address of ours is looked for, and how many addresses. */
const MAX_DIAGNOSTIC_CHARS = 1_000;
const MAX_ADDRESSES = 4;

/** What may be an IP address, with whatever stands around it in the text. Linear: one class with a fixed bound. */
const ADDRESS_LIKE = /[0-9a-f:.]{7,45}/gi;

/** Whether an IP address is one of our outbound hosts; lower case, without brackets. */
export type IsOurAddress = (ip: string) => boolean;

/**
 * @param isOurAddress  Default: none is. Then it is about the sender's domain.
 * @returns             `v2:` and 16 hex digits. A report about several recipients has the fingerprint of all its causes
 *                      together: one that holds a second cause is not the same. undefined for what reports no failure
 *                      and no delay, and for more causes than MAX_CAUSES.
 */
export function fingerprintIncident(report: Report, isOurAddress?: IsOurAddress): string | undefined {
  if (report.kind !== "dsn") return undefined;
  const causes = new Set<string>();
  for (const recipient of report.recipients) {
    if (recipient.action !== "failed" && recipient.action !== "delayed") continue;
    causes.add(causeOf(recipient, report, isOurAddress));
    if (causes.size > MAX_CAUSES) return undefined;
  }
  if (causes.size === 0) return undefined;
  // The one-shot form: a Hash object for every message would cost twice the digest.
  return `${VERSION}:${hash("sha256", [...causes].sort().join("\n\n")).slice(0, HEX_DIGITS)}`;
}

function causeOf(recipient: DsnRecipient, { returned }: DsnReport, isOurAddress: IsOurAddress | undefined): string {
  const { reason, diagnostic = "", remoteMta = "", address } = recipient;
  const sender = returned.from ?? senderOf(returned.reversePath);
  const organisation = remoteOrganisation(remoteMta) || remoteOrganisation(address?.domain ?? "");
  const ourAddress = isOurAddress && ourAddressIn(diagnostic, isOurAddress);
  const ours = ourAddress ?? remoteOrganisation(sender?.domain ?? "");
  return [reason, normaliseDiagnostic(diagnostic, localPartsOf(address, sender)), organisation, ours].join("\n");
}

function senderOf(reversePath: DsnReport["returned"]["reversePath"]): Address | undefined {
  return reversePath?.kind === "address" ? reversePath : undefined;
}

function localPartsOf(address: Address | undefined, sender: Address | undefined): ReadonlySet<string> {
  const names = new Set<string>();
  if (address !== undefined) names.add(address.localPart.toLowerCase());
  if (sender !== undefined) names.add(sender.localPart.toLowerCase());
  return names;
}

/** The first address of ours that the remote names: it objects to that host, whoever of us used it. */
function ourAddressIn(diagnostic: string, isOurAddress: IsOurAddress): string | undefined {
  // All at once: there are few, and an iterator over them would cost more than finding them.
  const found = diagnostic.slice(0, MAX_DIAGNOSTIC_CHARS).match(ADDRESS_LIKE) ?? [];
  let looked = 0;
  for (const text of found) {
    const ip = text.toLowerCase().replace(/[.:]$/, "");
    if (isIP(ip) === 0) continue;
    if (isOurAddress(ip)) return ip;
    looked += 1;
    if (looked === MAX_ADDRESSES) return undefined;
  }
  return undefined;
}
