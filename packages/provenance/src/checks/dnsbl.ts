/**
 * Block lists of backscatterers: is the host that sent us the report known for bouncing forged mail?
 *
 * Off unless zones are configured. A listing is soft evidence: it says that the host answers forged mail with bounces,
 * not that this bounce is one; the same host sends genuine ones too. Not to be listed says nothing.
 */
import { dnsblName } from "../dnsbl/query-name.ts";
import { readListing } from "../dnsbl/read-listing.ts";
import { type Evidence, evidence, softEvidence } from "../evidence.ts";
import { isInternalIp, parseIp } from "../path/ip-address.ts";
import type { DnsblPort } from "../ports.ts";
import type { CheckInput } from "./check.ts";

const OFF = found("skip", "No block lists are configured (site.dnsbl).");

export function checkDnsbl({ envelope, site, ports }: CheckInput): Evidence | Promise<Evidence> {
  const zones = site.profile.dnsbl?.zones;
  if (zones === undefined || zones.length === 0) return OFF;
  if (ports.dnsbl === undefined) return found("skip", "Block lists cannot be asked here: there is no DNS.");
  const ip = envelope.clientIp === undefined ? undefined : parseIp(envelope.clientIp);
  if (ip === undefined) return found("skip", "It is not known which address sent this report.");
  if (isInternalIp(ip) || site.relays.hasAddress(ip)) {
    return found("skip", `This report came from ${ip}, a host of our own; block lists say nothing of it.`);
  }
  return askAll(ip, zones, ports.dnsbl);
}

function found(outcome: Evidence["outcome"], detail: string): Evidence {
  return evidence("dnsbl", outcome, detail);
}

/** What one list said. `clause` continues "... is". */
interface ZoneFinding {
  readonly outcome: "listed" | "not-listed" | "unknown";
  readonly clause: string;
}

/** All lists side by side: the slowest alone counts. */
async function askAll(ip: string, zones: readonly string[], ask: DnsblPort): Promise<Evidence> {
  const findings = await Promise.all(zones.map((zone) => askZone(ip, zone, ask)));
  const clauses = (outcome: ZoneFinding["outcome"]) =>
    findings.filter((finding) => finding.outcome === outcome).map((finding) => finding.clause);
  const listed = clauses("listed");
  if (listed.length > 0) {
    return softEvidence(
      "dnsbl",
      "fail",
      `${ip}, which sent this report, is listed as a host that bounces forged mail: ${listed.join("; ")}.`,
    );
  }
  const unknown = clauses("unknown");
  if (unknown.length > 0) {
    return found("temperror", `Whether ${ip}, which sent this report, is listed is not known: ${unknown.join("; ")}.`);
  }
  return found("neutral", `${ip}, which sent this report, is not listed by ${zones.join(", ")}.`);
}

async function askZone(ip: string, zone: string, ask: DnsblPort): Promise<ZoneFinding> {
  const answer = await ask(dnsblName(ip, zone));
  if (answer.kind === "none") return { outcome: "not-listed", clause: zone };
  if (answer.kind === "temperror") return { outcome: "unknown", clause: `${zone} did not answer (${answer.detail})` };
  const listing = readListing(answer.addresses);
  const codes = listing.codes.join(", ");
  switch (listing.kind) {
    case "listed": {
      const reason = answer.reason === undefined ? "" : `, "${answer.reason}"`;
      return { outcome: "listed", clause: `${zone} (${codes}${reason})` };
    }
    case "refused":
      return { outcome: "unknown", clause: `${zone} refuses our questions (${codes})` };
    case "not-a-list":
      return { outcome: "unknown", clause: `${zone} answers ${codes}, which no block list does` };
    default:
      return listing satisfies never;
  }
}
