/** Questions to DNS block lists (RFC 5782). What the answer means is provenance's business. */
import type { DnsblPort } from "@triage/provenance";
import type { DnsClient } from "./dns-client.ts";

/** Makes the `dnsbl` port of provenance. */
export function dnsblOf(dns: DnsClient): DnsblPort {
  return async (name) => {
    const answer = await dns.ask(name, "A");
    if (answer.kind === "none") return { kind: "none" };
    if (answer.kind === "temperror") return answer;
    // Section 2.1: the TXT record tells people why. Asked only of what is listed, which is little.
    const text = await dns.ask(name, "TXT");
    const reason = text.kind === "found" ? text.records[0].join("") : undefined;
    return { kind: "found", addresses: answer.records, reason };
  };
}
