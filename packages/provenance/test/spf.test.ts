import { describe, expect, test } from "vitest";
import type { SpfAnswer, SpfQuery } from "../src/index.ts";
import { dsnReturning, envelopeTo, evidenceOf, returnedWith, siteOf } from "./samples.ts";

const MX = "by mx.example.net with ESMTP id 1; Fri, 20 Nov 2026 10:00:05 +0000";
const OUTSIDE = `Received: from client.example.org (client.example.org [198.51.100.7])\r\n\t${MX}\r\n`;
const LOWER =
  "Received: from sender (out.service.example [192.0.2.25]) by client.example.org; Fri, 20 Nov 2026 10:00:00 +0000\r\n";
const UNNAMED = "Received: from pc (unknown [203.0.113.9]) by client.example.org; Fri, 20 Nov 2026 10:00:00 +0000\r\n";
const REST = "Return-Path: <ann@example.com>\r\nFrom: ann@example.com\r\nMessage-ID: <1@example.com>\r\n";
const SITE = siteOf({ relays: ["192.0.2.1"], spf: { dns: true } });

type Results = Readonly<Record<string, SpfAnswer["result"]>>;

/** An SPF port that says of each address what the test says, and records what it was asked. */
async function judge(header: string | undefined, results: Results, site = SITE, envelope = envelopeTo()) {
  const asked: SpfQuery[] = [];
  const spf = {
    check: async (query: SpfQuery): Promise<SpfAnswer> => {
      asked.push(query);
      return { result: results[query.ip] ?? "fail", domain: query.reversePath.domain, detail: "v=spf1 mx -all" };
    },
  };
  const report = dsnReturning(returnedWith(header));
  const found = await evidenceOf("spf", { report, site, envelope, ports: { spf } });
  return { asked, found };
}

const OUTCOMES: readonly (readonly [SpfAnswer["result"], object])[] = [
  ["pass", { outcome: "pass" }],
  ["fail", { outcome: "fail" }],
  ["softfail", { outcome: "fail", strength: "soft" }],
  ["neutral", { outcome: "neutral" }],
  ["none", { outcome: "neutral" }],
  ["permerror", { outcome: "neutral" }],
  ["temperror", { outcome: "temperror" }],
];

test.each(OUTCOMES)("SPF %s for the host that handed the message over", async (result, outcome) => {
  const { asked, found } = await judge(OUTSIDE + REST, { "198.51.100.7": result });
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({ ip: "198.51.100.7", helo: "client.example.org", reversePath: { localPart: "ann" } });
  expect(found).toMatchObject(outcome);
  expect(found.detail).toContain("mx.example.net got the returned message from client.example.org (198.51.100.7)");
  expect(found.detail).toContain("example.com");
});

describe("a denial excuses who forwards mail of ours", () => {
  test("where a relay of ours stands further down", async () => {
    const below =
      "Received: from mail.example.com ([192.0.2.1]) by client.example.org; Fri, 20 Nov 2026 10:00:00 +0000\r\n";
    const { found } = await judge(OUTSIDE + below + REST, {});
    expect(found).toMatchObject({ outcome: "neutral" });
    expect(found.detail).toContain("a host of ours further down");
  });

  test("where an address stands further down that SPF permits, though it is not among the relays", async () => {
    const { asked, found } = await judge(OUTSIDE + LOWER + REST, { "192.0.2.25": "pass" });
    expect(asked.map(({ ip }) => ip)).toEqual(["198.51.100.7", "192.0.2.25"]);
    expect(found).toMatchObject({ outcome: "neutral" });
    expect(found.detail).toContain("192.0.2.25, which SPF permits, further down");
  });

  test("and decides nothing where the address further down cannot be looked up just now", async () => {
    const { found } = await judge(OUTSIDE + LOWER + REST, { "192.0.2.25": "temperror" });
    expect(found).toMatchObject({ outcome: "temperror" });
  });

  test("but not where nobody further down may send for us", async () => {
    const { found } = await judge(OUTSIDE + UNNAMED + REST, {});
    expect(found).toMatchObject({ outcome: "fail" });
    expect(found.strength).toBeUndefined();
  });

  test("a chain made up of many lines costs five questions", async () => {
    const { asked } = await judge(OUTSIDE + UNNAMED.repeat(40) + REST, {});
    expect(asked).toHaveLength(5);
  });
});

describe("a pass", () => {
  test("further down than the first foreign host is never asked for: anybody could have written the line", async () => {
    const { asked, found } = await judge(OUTSIDE + LOWER + REST, { "198.51.100.7": "neutral", "192.0.2.25": "pass" });
    expect(asked).toHaveLength(1);
    expect(found.outcome).toBe("neutral");
  });

  test("is soft behind hops that prove nothing", async () => {
    const inner =
      "Received: from mx.example.net (localhost [127.0.0.1]) by mx.example.net; Fri, 20 Nov 2026 10:00:06 +0000\r\n";
    const { found } = await judge(inner + OUTSIDE + REST, { "198.51.100.7": "pass" });
    expect(found).toMatchObject({ outcome: "pass", strength: "soft" });
  });
});

describe("SPF is asked about our domain only", () => {
  test("taken from the forward-path of the report where no Return-Path came back", async () => {
    const header = OUTSIDE + REST.replace(/Return-Path.*\r\n/, "");
    const { asked } = await judge(header, {}, SITE, envelopeTo("prvs=078668d8b6=joe@example.com"));
    expect(asked[0]?.reversePath).toMatchObject({ domain: "example.com" });
  });

  test("and not about a reverse-path of somebody else", async () => {
    const header = OUTSIDE + REST.replace("<ann@example.com>", "<ann@example.org>");
    const { asked, found } = await judge(header, {}, SITE, envelopeTo("ann@example.org"));
    expect(asked).toEqual([]);
    expect(found).toMatchObject({ outcome: "neutral" });
  });
});

describe("nothing is asked", () => {
  const ours = "Received: from mail.example.com (mail.example.com [192.0.2.1]) by mx.example.net; now\r\n";
  test.each([
    ["when the configuration does not allow DNS", OUTSIDE + REST, siteOf({ spf: { dns: false } }), "skip"],
    ["when SPF is not configured", OUTSIDE + REST, siteOf(), "skip"],
    ["when no header came back", undefined, SITE, "skip"],
    ["when our own relay handed it over", ours + REST, SITE, "neutral"],
    ["when the chain is missing", REST, SITE, "neutral"],
    ["when the foreign host has no address", `Received: from a.example.org ${MX}\r\n${REST}`, SITE, "neutral"],
  ])("%s", async (_, header, site, outcome) => {
    const { asked, found } = await judge(header, {}, site);
    expect(asked).toEqual([]);
    expect(found.outcome).toBe(outcome);
  });

  test("where there is no DNS, as on the command line without a configuration", async () => {
    const found = await evidenceOf("spf", { report: dsnReturning(returnedWith(OUTSIDE + REST)), site: SITE });
    expect(found.outcome).toBe("skip");
  });
});
