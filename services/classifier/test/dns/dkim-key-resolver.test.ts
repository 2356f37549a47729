import { afterEach, expect, test } from "vitest";
import { type DnsServer, startDnsServer, type Zone } from "../../../../test/support/dns-server.ts";
import { dkimKeysOf } from "../../src/dns/dkim-key-resolver.ts";
import { createDnsClient } from "../../src/dns/dns-client.ts";

const NAME = "2026._domainkey.example.com";
let server: DnsServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function keyFrom(zone: Zone, timeoutMs = 10_000) {
  server = await startDnsServer(zone);
  return dkimKeysOf(createDnsClient({ servers: [server.address], timeoutMs, tries: 1 }))(NAME);
}

const txt = (...value: string[]) => ({ type: "TXT", value }) as const;

test("joins the strings of a TXT record without anything between them (RFC 6376 section 3.6.2.2)", async () => {
  const found = await keyFrom({ [NAME]: [txt("v=DKIM1; k=rsa; p=MIGf", "MA0G")] });
  expect(found).toEqual({ kind: "found", record: "v=DKIM1; k=rsa; p=MIGfMA0G" });
});

test("takes the record that holds a key, not the SPF record of a wildcard beside it", async () => {
  expect(await keyFrom({ [NAME]: [txt("v=spf1 -all"), txt("p=MIGf")] })).toEqual({ kind: "found", record: "p=MIGf" });
});

test.each([
  ["the name does not exist", {}],
  ["the name has no TXT record", { [NAME]: [] }],
  ["the record is no key", { [NAME]: [txt("v=spf1 -all")] }],
])("where %s, there is no key", async (_, zone) => {
  expect(await keyFrom(zone)).toEqual({ kind: "none" });
});

test.each(["servfail", "refused", "silent", "tampered"] as const)(
  "a name server that is %s says nothing about the key",
  async (failure) => {
    expect(await keyFrom({ [NAME]: failure }, 200)).toMatchObject({ kind: "temperror" });
  },
);
