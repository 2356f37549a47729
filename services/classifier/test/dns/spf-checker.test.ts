/** SPF against a real name server; the domain is the one of RFC 7208 appendix A. */
import { type Address, parseAddress } from "@triage/message";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type DnsServer, startDnsServer, type Zone } from "../../../../test/support/dns-server.ts";
import { createDnsClient } from "../../src/dns/dns-client.ts";
import { spfCheckerOf } from "../../src/dns/spf-checker.ts";

const HOSTS: Zone = {
  "example.com": [
    { type: "MX", value: "mail-a.example.com", preference: 10 },
    { type: "MX", value: "mail-b.example.com", preference: 20 },
    { type: "A", value: "192.0.2.10" },
    { type: "A", value: "192.0.2.11" },
  ],
  "amy.example.com": [{ type: "A", value: "192.0.2.65" }],
  "mail-a.example.com": [{ type: "A", value: "192.0.2.129" }],
  "mail-b.example.com": [
    { type: "A", value: "192.0.2.130" },
    { type: "AAAA", value: "2001:db8::130" },
  ],
  "10.2.0.192.in-addr.arpa": [{ type: "PTR", value: "example.com" }],
  "65.2.0.192.in-addr.arpa": [{ type: "PTR", value: "amy.example.com" }],
  "_spf.service.example": [{ type: "TXT", value: ["v=spf1 ip4:198.51.100.0/24 ip6:2001:db8:2::/48 -all"] }],
};

let server: DnsServer;
beforeEach(async () => {
  server = await startDnsServer();
});
afterEach(() => server.close());

function address(text: string): Address {
  const parsed = parseAddress(text);
  if (parsed === undefined) throw new Error(`not an address: ${text}`);
  return parsed;
}

/** What SPF says of the address when example.com publishes the record. */
function check(record: string | undefined, ip: string, more: Zone = {}, sender = "joe@example.com") {
  // Only who says nothing at all is waited for.
  const timeoutMs = Object.values(more).includes("silent") ? 200 : 10_000;
  const texts = record === undefined ? [] : [{ type: "TXT", value: record.match(/.{1,255}/g) ?? [""] } as const];
  const own = HOSTS["example.com"];
  server.serve({ ...HOSTS, "example.com": [...(Array.isArray(own) ? own : []), ...texts], ...more });
  const dns = createDnsClient({ servers: [server.address], timeoutMs, tries: 1 });
  return spfCheckerOf(dns).check({ ip, helo: "client.example.net", reversePath: address(sender) });
}

describe("the examples of RFC 7208 appendix A.1", () => {
  test.each([
    ["v=spf1 +all", "192.0.2.200", "neutral"], // a pass by the letter; it permits everybody, and so proves nothing
    ["v=spf1 a -all", "192.0.2.10", "pass"],
    ["v=spf1 a -all", "192.0.2.65", "fail"],
    ["v=spf1 a:example.org -all", "192.0.2.10", "fail"],
    ["v=spf1 mx -all", "192.0.2.129", "pass"],
    ["v=spf1 mx -all", "192.0.2.10", "fail"],
    ["v=spf1 mx -all", "2001:db8::130", "pass"],
    ["v=spf1 mx/30 -all", "192.0.2.131", "pass"],
    ["v=spf1 mx/30 -all", "192.0.2.132", "fail"],
    ["v=spf1 ptr -all", "192.0.2.10", "pass"],
    ["v=spf1 ptr -all", "192.0.2.65", "pass"],
    ["v=spf1 ip4:192.0.2.128/28 -all", "192.0.2.129", "pass"],
    ["v=spf1 ip4:192.0.2.128/28 -all", "192.0.2.65", "fail"],
  ])("%s says of %s: %s", async (record, ip, result) => {
    expect(await check(record, ip)).toMatchObject({ result, domain: "example.com" });
  });
});

describe("what a domain may say besides", () => {
  test("a service that is included, and its own networks", async () => {
    const record = "v=spf1 include:_spf.service.example ~all";
    expect((await check(record, "198.51.100.7")).result).toBe("pass");
    expect((await check(record, "2001:db8:2::7")).result).toBe("pass");
    expect((await check(record, "203.0.113.7")).result).toBe("softfail");
  });

  test("another domain's record by redirect=, and macros", async () => {
    expect((await check("v=spf1 redirect=_spf.service.example", "203.0.113.7")).result).toBe("fail");
    const exists: Zone = { "7.113.0.203.joe.allow.example.com": [{ type: "A", value: "127.0.0.2" }] };
    expect((await check("v=spf1 exists:%{ir}.%{l}.allow.example.com -all", "203.0.113.7", exists)).result).toBe("pass");
  });

  test("a record in several strings is one record", async () => {
    const filler = Array.from({ length: 20 }, (_, at) => `ip4:203.0.113.${at}`).join(" ");
    expect((await check(`v=spf1 ${filler} ip4:192.0.2.7 -all`, "192.0.2.7")).result).toBe("pass");
  });

  test("nothing decisive: ?all, or no record at all", async () => {
    expect((await check("v=spf1 ?all", "203.0.113.7")).result).toBe("neutral");
    expect(await check(undefined, "203.0.113.7")).toMatchObject({ result: "none", detail: "there is no SPF record" });
  });

  test("the record is quoted for the human, a long one cut", async () => {
    expect((await check("v=spf1 mx -all", "203.0.113.7")).detail).toBe("v=spf1 mx -all");
    expect((await check(`v=spf1 ${"ip4:192.0.2.1 ".repeat(40)}-all`, "203.0.113.7")).detail).toHaveLength(163);
  });

  test("an internationalized domain is asked for by its A-label", async () => {
    const zone: Zone = { "xn--bcher-kva.example": [{ type: "TXT", value: ["v=spf1 ip4:192.0.2.7 -all"] }] };
    expect((await check(undefined, "192.0.2.7", zone, "joe@bücher.example")).result).toBe("pass");
  });
});

describe("a record that is wrong is permerror, never a denial", () => {
  test.each([
    ["two records", "v=spf1 -all", { "example.com": [txt("v=spf1 -all"), txt("v=spf1 mx -all")] }],
    ["an address that is none", "v=spf1 ip4:999.0.0.1 -all", {}],
    ["an include without a record", "v=spf1 include:mail-a.example.com -all", {}],
    ["a loop", "v=spf1 include:example.com -all", {}],
    ["more than ten look-ups (section 4.6.4)", `v=spf1 ${"exists:mail-a.example.com.x ".repeat(11)}-all`, {}],
  ] as const)("%s", async (_, record, zone) => {
    const answer = await check(record, "203.0.113.7", zone);
    expect(answer.result).toBe("permerror");
    expect(answer.detail).not.toBe("");
  });
});

describe("a name server that fails is temperror, never a denial", () => {
  test.each(["servfail", "refused", "silent"] as const)("%s on the record itself", async (failure) => {
    expect((await check(undefined, "203.0.113.7", { "example.com": failure })).result).toBe("temperror");
  });

  test.each(["servfail", "refused", "silent"] as const)("%s on an included record", async (failure) => {
    const record = "v=spf1 include:_spf.service.example -all";
    expect((await check(record, "203.0.113.7", { "_spf.service.example": failure })).result).toBe("temperror");
  });

  test("on a host that the record names", async () => {
    const answer = await check("v=spf1 a:mail-a.example.com -all", "203.0.113.7", { "mail-a.example.com": "servfail" });
    expect(answer).toMatchObject({ result: "temperror" });
  });
});

function txt(value: string) {
  return { type: "TXT", value: [value] } as const;
}
