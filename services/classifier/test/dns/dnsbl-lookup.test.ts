import { afterEach, expect, test } from "vitest";
import { type DnsServer, startDnsServer, type Zone } from "../../../../test/support/dns-server.ts";
import { createDnsClient } from "../../src/dns/dns-client.ts";
import { dnsblOf } from "../../src/dns/dnsbl-lookup.ts";

const NAME = "1.2.0.192.ips.example.org";
let server: DnsServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function answerFrom(zone: Zone) {
  server = await startDnsServer(zone);
  return dnsblOf(createDnsClient({ servers: [server.address], timeoutMs: 10_000, tries: 1 }))(NAME);
}

test("a listed address comes with its codes, and with the reason for people", async () => {
  const zone: Zone = {
    [NAME]: [
      { type: "A", value: "127.0.0.2" },
      { type: "TXT", value: ["Sorry, see ", "https://example.org/?192.0.2.1"] },
    ],
  };
  const reason = "Sorry, see https://example.org/?192.0.2.1";
  expect(await answerFrom(zone)).toEqual({ kind: "found", addresses: ["127.0.0.2"], reason });
});

test("a list without reasons is one too", async () => {
  const zone: Zone = { [NAME]: [{ type: "A", value: "127.0.0.2" }] };
  expect(await answerFrom(zone)).toEqual({ kind: "found", addresses: ["127.0.0.2"], reason: undefined });
});

test("an address that is not listed is asked about once, without a reason", async () => {
  expect(await answerFrom({ "2.0.0.127.ips.example.org": [] })).toEqual({ kind: "none" });
  expect(server?.questions).toEqual([`A ${NAME}`]);
});

test("a list that does not answer has not said that the address is clean", async () => {
  expect(await answerFrom({ [NAME]: "servfail" })).toMatchObject({ kind: "temperror" });
});
