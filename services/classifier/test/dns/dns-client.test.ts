import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type DnsServer, startDnsServer } from "../../../../test/support/dns-server.ts";
import { createDnsClient, type DnsClient } from "../../src/dns/dns-client.ts";

let server: DnsServer;
let dns: DnsClient;
const clock = { now: 0 };

beforeEach(async () => {
  clock.now = 0;
  server = await startDnsServer({
    "mail.example.com": [
      { type: "A", value: "192.0.2.1", ttlSeconds: 120 },
      { type: "A", value: "192.0.2.2", ttlSeconds: 7_200 },
      { type: "AAAA", value: "2001:db8::1", ttlSeconds: 0 },
    ],
    "example.com": [
      { type: "MX", value: "mail.example.com", preference: 10 },
      { type: "TXT", value: ["v=spf1 ", "-all"] },
    ],
    "long.example.com": [{ type: "TXT", value: Array.from({ length: 40 }, (_, at) => String(at % 10).repeat(250)) }],
    "1.2.0.192.in-addr.arpa": [{ type: "PTR", value: "mail.example.com" }],
    "failing.example.com": "servfail",
    "refusing.example.com": "refused",
    "silent.example.com": "silent",
  });
  dns = createDnsClient({ servers: [server.address], timeoutMs: 10_000, tries: 1, now: () => clock.now });
});
afterEach(() => server.close());

describe("an answer", () => {
  test("is what the name server knows, of every type", async () => {
    expect(await dns.ask("mail.example.com", "A")).toEqual({ kind: "found", records: ["192.0.2.1", "192.0.2.2"] });
    expect(await dns.ask("mail.example.com", "AAAA")).toEqual({ kind: "found", records: ["2001:db8::1"] });
    expect(await dns.ask("example.com", "TXT")).toEqual({ kind: "found", records: [["v=spf1 ", "-all"]] });
    expect(await dns.ask("example.com", "MX")).toMatchObject({ records: [{ exchange: "mail.example.com" }] });
    expect(await dns.ask("1.2.0.192.in-addr.arpa", "PTR")).toMatchObject({ records: ["mail.example.com"] });
  });

  test("that is too long for UDP comes over TCP (RFC 7766)", async () => {
    const answer = await dns.ask("long.example.com", "TXT");
    expect(answer.kind === "found" && answer.records[0]).toHaveLength(40);
    expect(server.questions.filter((question) => question === "TXT long.example.com").length).toBeGreaterThan(1);
  });

  test("tells a name that does not exist from one that has no such record", async () => {
    expect(await dns.ask("nobody.example.com", "A")).toEqual({ kind: "none", reason: "no-name" });
    expect(await dns.ask("example.com", "A")).toEqual({ kind: "none", reason: "no-data" });
  });

  test.each([
    ["failing.example.com", "the name server failed (SERVFAIL)"],
    ["refusing.example.com", "the name server refused the question"],
  ])("about %s is a temperror: it says nothing about the name", async (name, detail) => {
    expect(await dns.ask(name, "TXT")).toEqual({ kind: "temperror", detail });
  });

  test("that does not come in time is a temperror, too", async () => {
    const impatient = createDnsClient({ servers: [server.address], timeoutMs: 100, tries: 1 });
    const detail = "the name server did not answer in time";
    expect(await impatient.ask("silent.example.com", "TXT")).toEqual({ kind: "temperror", detail });
  });

  test("for a name that DNS cannot hold is that there is none, and nobody is asked", async () => {
    expect(await dns.ask(`${"a.".repeat(200)}example.com`, "TXT")).toEqual({ kind: "none", reason: "no-name" });
    expect(await dns.ask(`${"a".repeat(70)}.example.com`, "TXT")).toEqual({ kind: "none", reason: "no-name" });
    expect(await dns.ask("a..example.com", "TXT")).toEqual({ kind: "none", reason: "no-name" });
    expect(server.questions).toEqual([]);
  });
});

describe("answers are kept", () => {
  const timesAsked = (question: string) => server.questions.filter((asked) => asked === question).length;

  test("so that a storm asks once, also while the first answer is on its way", async () => {
    await Promise.all([dns.ask("example.com", "TXT"), dns.ask("EXAMPLE.com", "TXT")]);
    await dns.ask("example.com", "TXT");
    expect(server.questions).toEqual(["TXT example.com"]);
  });

  test.each([
    ["an address as long as the shortest TTL says", "mail.example.com", "A", 120],
    ["an address with TTL 0 for half a minute all the same", "mail.example.com", "AAAA", 30],
    ["a record whose TTL is not told for ten minutes", "example.com", "TXT", 600],
    ["that there is none for ten minutes", "nobody.example.com", "TXT", 600],
    ["a failure for fifteen seconds", "failing.example.com", "TXT", 15],
  ] as const)("%s", async (_, name, type, seconds) => {
    await dns.ask(name, type);
    const first = timesAsked(`${type} ${name}`);
    clock.now = seconds * 1_000 - 1;
    await dns.ask(name, type);
    expect(timesAsked(`${type} ${name}`)).toBe(first);
    clock.now = seconds * 1_000;
    await dns.ask(name, type);
    expect(timesAsked(`${type} ${name}`)).toBeGreaterThan(first);
  });

  test("but names made up by strangers do not fill the memory: the oldest answer goes", async () => {
    await dns.ask("example.com", "TXT");
    const tooLong = (index: number) => `${String(index).padStart(5, "0")}${"a".repeat(250)}`;
    for (let index = 0; index < 9_999; index += 1) await dns.ask(tooLong(index), "TXT");
    await dns.ask("example.com", "TXT");
    expect(timesAsked("TXT example.com")).toBe(1);
    await dns.ask(tooLong(9_999), "TXT");
    await dns.ask("example.com", "TXT");
    expect(timesAsked("TXT example.com")).toBe(2);
  });
});
