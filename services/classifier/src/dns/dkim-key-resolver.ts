/** DKIM public keys from DNS (RFC 6376 section 3.6.2), for sites that do not list their keys in the configuration. */
import type { ProvenancePorts } from "@triage/provenance";
import type { DnsClient } from "./dns-client.ts";

/** Makes the `dkimKey` port of provenance. */
export function dkimKeysOf(dns: DnsClient): NonNullable<ProvenancePorts["dkimKey"]> {
  return async (name) => {
    const answer = await dns.ask(name, "TXT");
    if (answer.kind === "none") return { kind: "none" };
    if (answer.kind === "temperror") return answer;
    // Section 3.6.2.2: the strings of one record are joined without anything between them. A wildcard's SPF record is no key.
    const record = answer.records.map((strings) => strings.join("")).find((text) => /(?:^|;)\s*p\s*=/.test(text));
    return record === undefined ? { kind: "none" } : { kind: "found", record };
  };
}
