import type { SiteProfile } from "@triage/provenance";
import { expect, test } from "vitest";
import { dnsPortsOf } from "../../src/dns/dns-ports.ts";
import { emptySite } from "../../src/empty-site.ts";

const OPTIONS = { servers: ["192.0.2.53"], timeoutMs: 100, tries: 1 };
const portsOf = (site: Partial<SiteProfile>) => Object.keys(dnsPortsOf({ ...emptySite(), ...site }, OPTIONS));

test("no name server is asked unless the configuration allows it", () => {
  expect(portsOf({})).toEqual([]);
  expect(portsOf({ dkim: { keys: new Map(), dns: false }, spf: { dns: false }, dnsbl: { zones: [] } })).toEqual([]);
});

test.each([
  [{ dkim: { keys: new Map(), dns: true } }, "dkimKey"],
  [{ spf: { dns: true } }, "spf"],
  [{ dnsbl: { zones: ["ips.example.org"] } }, "dnsbl"],
])("%o allows one port: %s", (site, port) => {
  expect(portsOf(site)).toEqual([port]);
});
