import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dnsblName } from "../src/dnsbl/query-name.ts";
import { type DnsblAnswer, reportingClientIp } from "../src/index.ts";
import { envelopeTo, evidenceOf, returnedWith, siteOf } from "./samples.ts";

const ZONE = "ips.example.org";
const SITE = siteOf({ relays: ["192.0.2.128/25"], dnsbl: { zones: [ZONE] } });
const listed = (...addresses: string[]): DnsblAnswer => ({ kind: "found", addresses, reason: undefined });

async function judge(answers: Readonly<Record<string, DnsblAnswer>>, clientIp: string | undefined, site = SITE) {
  const asked: string[] = [];
  const dnsbl = async (name: string) => {
    asked.push(name);
    return answers[name] ?? ({ kind: "none" } as const);
  };
  const envelope = { ...envelopeTo("ann@example.com"), ...(clientIp !== undefined && { clientIp }) };
  return { asked, found: await evidenceOf("dnsbl", { site, envelope, ports: { dnsbl } }) };
}

describe("the name that is asked for (RFC 5782)", () => {
  test.each([
    ["192.0.2.99", "99.2.0.192.bad.example.com"], // section 2.1
    [
      "2001:db8:1:2:3:4:567:89ab",
      "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2.bad.example.com", // section 2.4
    ],
    ["2001:db8::1", `1.${"0.".repeat(23)}8.b.d.0.1.0.0.2.bad.example.com`],
    ["::1", `1.${"0.".repeat(31)}bad.example.com`],
    ["2001:db8::192.0.2.1", `1.0.2.0.0.0.0.c.${"0.".repeat(16)}8.b.d.0.1.0.0.2.bad.example.com`],
  ])("of %s", (ip, name) => {
    expect(dnsblName(ip, "bad.example.com")).toBe(name);
  });

  test("has 32 nibbles for any IPv6 address", () => {
    fc.assert(
      fc.property(fc.ipV6(), (ip) => {
        expect(dnsblName(ip.toLowerCase(), "z")).toMatch(/^(?:[0-9a-f]\.){32}z$/);
      }),
    );
  });
});

test("a listed reporter speaks softly against, and the sentence says who, where and why", async () => {
  const reason = "Sorry 198.51.100.7 is blacklisted";
  const answer: DnsblAnswer = { kind: "found", addresses: ["127.0.0.2"], reason };
  const { asked, found } = await judge({ [`7.100.51.198.${ZONE}`]: answer }, "198.51.100.7");
  expect(asked).toEqual([`7.100.51.198.${ZONE}`]);
  expect(found).toEqual({
    check: "dnsbl",
    outcome: "fail",
    strength: "soft",
    detail: `198.51.100.7, which sent this report, is listed as a host that bounces forged mail: ${ZONE} (127.0.0.2, "${reason}").`,
  });
});

test("a reporter that no list knows is neutral: most backscatterers are on none", async () => {
  expect((await judge({}, "2001:db8::7")).found).toMatchObject({ outcome: "neutral" });
});

describe("an answer that is not a listing", () => {
  test.each([
    ["a refusal of Spamhaus: public resolver", listed("127.255.255.254"), "refuses our questions (127.255.255.254)"],
    ["a refusal of Spamhaus: too many questions", listed("127.255.255.255"), "refuses our questions"],
    ["a refusal of URIBL", listed("127.0.0.1"), "refuses our questions"],
    ["an address of the web: the list is dead and its domain parked", listed("203.0.113.80"), "no block list does"],
    ["none in time", { kind: "temperror", detail: "no answer" } as const, "did not answer (no answer)"],
  ])("%s: temperror", async (_, answer, words) => {
    const { found } = await judge({ [`7.100.51.198.${ZONE}`]: answer }, "198.51.100.7");
    expect(found.outcome).toBe("temperror");
    expect(found.detail).toContain(words);
  });

  test("does not hide that another list has one", async () => {
    const site = siteOf({ dnsbl: { zones: [ZONE, "second.example.org"] } });
    const answers = {
      [`7.100.51.198.${ZONE}`]: listed("127.255.255.254"),
      "7.100.51.198.second.example.org": listed("127.0.0.2", "127.0.0.10"),
    };
    const { found } = await judge(answers, "198.51.100.7", site);
    expect(found).toMatchObject({ outcome: "fail", strength: "soft" });
    expect(found.detail).toContain("second.example.org (127.0.0.2, 127.0.0.10)");
    expect(found.detail).not.toContain(ZONE);
  });
});

describe("no list is asked", () => {
  test.each([
    ["when none is configured", siteOf(), "198.51.100.7"],
    ["when the list of lists is empty", siteOf({ dnsbl: { zones: [] } }), "198.51.100.7"],
    ["about an unknown client", SITE, undefined],
    ["about what is no address", SITE, "mail.example.net"],
    ["about a relay of ours", SITE, "192.0.2.130"],
    ["about a private address", SITE, "10.0.0.1"],
  ])("%s", async (_, site, clientIp) => {
    const { asked, found } = await judge({}, clientIp, site);
    expect(asked).toEqual([]);
    expect(found.outcome).toBe("skip");
  });

  test("where there is no DNS", async () => {
    const envelope = { ...envelopeTo(), clientIp: "198.51.100.7" };
    expect((await evidenceOf("dnsbl", { site: SITE, envelope })).outcome).toBe("skip");
  });
});

describe("who sent the report, when the MTA does not say", () => {
  const clientOf = (header: string) => {
    const headers = returnedWith(header).headers;
    if (headers === undefined) throw new Error("no header");
    return reportingClientIp(headers, SITE);
  };
  const filter = "Received: from localhost (localhost [127.0.0.1]) by mail.example.com; now\r\n";
  const relay = "Received: from mx2.example.com (mx2.example.com [192.0.2.130]) by mail.example.com; now\r\n";
  const outside = "Received: from mx.example.net (mx.example.net [198.51.100.7]) by mx2.example.com; now\r\n";

  test("is the client of the topmost Received line from outside", () => {
    expect(clientOf(outside)).toBe("198.51.100.7");
    expect(clientOf(filter + relay + outside)).toBe("198.51.100.7");
  });

  test("is nobody where no line has an address, or too many lines are in the way", () => {
    expect(clientOf("Received: from a by b; now\r\nSubject: x\r\n")).toBeUndefined();
    expect(clientOf(filter.repeat(6) + outside)).toBeUndefined();
  });
});
