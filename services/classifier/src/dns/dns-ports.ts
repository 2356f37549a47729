/** The ports of provenance that ask name servers: those that the configuration allows, and no others. */
import type { ProvenancePorts, SiteProfile } from "@triage/provenance";
import { dkimKeysOf } from "./dkim-key-resolver.ts";
import { createDnsClient, type DnsClientOptions } from "./dns-client.ts";
import { dnsblOf } from "./dnsbl-lookup.ts";
import { spfCheckerOf } from "./spf-checker.ts";

export type DnsPorts = Pick<ProvenancePorts, "dkimKey" | "spf" | "dnsbl">;

/** @returns An empty object, and no resolver at all, for a site that allows no DNS. */
export function dnsPortsOf(site: SiteProfile, options: DnsClientOptions): DnsPorts {
  const asksKeys = site.dkim?.dns === true;
  const asksSpf = site.spf?.dns === true;
  const asksLists = site.dnsbl !== undefined && site.dnsbl.zones.length > 0;
  if (!asksKeys && !asksSpf && !asksLists) return {};
  const dns = createDnsClient(options);
  return {
    ...(asksKeys && { dkimKey: dkimKeysOf(dns) }),
    ...(asksSpf && { spf: spfCheckerOf(dns) }),
    ...(asksLists && { dnsbl: dnsblOf(dns) }),
  };
}
