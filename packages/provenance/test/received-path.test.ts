import { describe, expect, test } from "vitest";
import { dsnReturning, evidenceOf, plainReport, returnedWith, siteOf } from "./samples.ts";

const ADDRESSES = siteOf({ relays: ["192.0.2.0/24", "2001:db8:1::/48", "203.0.113.9"] });
const NAMES = siteOf({ relays: ["mail.example.com", "*.out.example.com"] });
const BOTH = siteOf({ relays: ["mail.example.com", "192.0.2.0/24"] });

const chain = (...lines: readonly string[]) =>
  lines.map((line) => `Received: ${line}; Fri, 20 Nov 2026 10:00:00 +0000\r\n`).join("");
const follow = (site: typeof BOTH, header: string, reportingMta?: string) =>
  evidenceOf("received-path", { site, report: dsnReturning(returnedWith(header), { reportingMta }) });

const BOT = "from bot (dsl-7.isp.example.net [198.51.100.7]) by mx.example.org (Postfix) with SMTP id 1";
const OUR_SUBMISSION = "from ann-pc (unknown [10.0.0.5]) by mail.example.com (Postfix) with ESMTPSA id 2";

describe("the returned message passed a relay of ours", () => {
  test.each([
    [
      "an IPv4 block",
      ADDRESSES,
      "from mail.example.com (unknown [192.0.2.200]) by mx.example.org (Postfix) with ESMTP id 1",
    ],
    [
      "an IPv6 block",
      ADDRESSES,
      "from mail.example.com (unknown [IPv6:2001:db8:1:2::3]) by mx.example.org (Postfix) with ESMTP id 1",
    ],
    ["one address", ADDRESSES, "from [203.0.113.9] (helo=x) by mx.example.org with esmtp (Exim 4.96) id 1"],
    [
      "a name that was looked up",
      NAMES,
      "from x (mail.example.com [198.51.100.7]) by mx.example.org (Postfix) with ESMTP id 1",
    ],
    [
      "a wildcard name",
      NAMES,
      "from x (a.b.out.example.com [198.51.100.7]) by mx.example.org (Postfix) with ESMTP id 1",
    ],
  ])("when a foreign host got it from %s of ours", async (_, site, line) => {
    const found = await follow(site, chain(line, OUR_SUBMISSION));
    expect(found.outcome).toBe("pass");
    expect(found.strength).toBeUndefined();
    expect(found.detail).toMatch(/^mx\.example\.org got the returned message from .* \(Received line 1 of 2\)\.$/);
  });

  test("when our relay wrote the latest line, because it reported the failure itself", async () => {
    for (const reporter of [undefined, "mail.example.com"]) {
      const found = await follow(NAMES, chain(OUR_SUBMISSION), reporter);
      expect(found).toMatchObject({ outcome: "pass" });
      expect(found.strength).toBeUndefined();
    }
  });

  test("but softly, when a foreign host reports and yet wrote no line of its own", async () => {
    expect(await follow(NAMES, chain(OUR_SUBMISSION), "mx.example.org")).toMatchObject({
      outcome: "pass",
      strength: "soft",
    });
    const report = plainReport("virus-notice", returnedWith(chain(OUR_SUBMISSION)));
    expect(await evidenceOf("received-path", { site: NAMES, report })).toMatchObject({
      outcome: "pass",
      strength: "soft",
    });
  });

  test("and then went over hops inside the other site", async () => {
    const found = await follow(
      BOTH,
      chain(
        "from mx.example.org (mx.example.org [198.51.100.1]) by store.example.org (Postfix) with ESMTP id 2",
        "from mail.example.com (mail.example.com [192.0.2.1]) by mx.example.org (Postfix) with ESMTPS id 3",
        OUR_SUBMISSION,
      ),
    );
    expect(found).toMatchObject({ outcome: "pass" });
    expect(found.strength).toBeUndefined();
    expect(found.detail).toContain("Received line 2 of 3");
  });

  test.each([
    ["a local content filter", "from localhost (localhost [127.0.0.1]) by mx.example.org (Postfix) with ESMTP id 1"],
    ["an internal network", "from edge (edge [10.0.0.1]) by mx.example.org (Postfix) with ESMTP id 1"],
    ["a delivery to a program by qmail", "(qmail 7120 invoked by uid 89)"],
  ])("and then over %s, where a local program could have written our line: softly", async (what, above) => {
    const found = await follow(
      BOTH,
      chain(above, "from mail.example.com (mail.example.com [192.0.2.1]) by mx.example.org (Postfix) with ESMTPS id 3"),
    );
    expect(found.outcome).toBe("pass");
    expect(found.strength).toBe("soft");
    expect(found.detail, what).toContain("Received line 2 of 2");
  });

  test("and then over Exchange's hops, which name themselves only by HELO: softly", async () => {
    const found = await follow(
      BOTH,
      chain(
        "from AM0.eurprd04.prod.outlook.com (2603:10a6:208::1) by DB7.eurprd04.prod.outlook.com (2603:10a6:10::2) with Microsoft SMTP Server id 15.20",
        "from mail.example.com (192.0.2.1) by AM0.mail.protection.outlook.com (10.152.16.1) with Microsoft SMTP Server id 15.20",
      ),
    );
    expect(found).toMatchObject({ outcome: "pass", strength: "soft" });
  });
});

describe("our relay runs qmail, whose local steps name no host:", () => {
  test("its own line below a step from the network is still the latest", async () => {
    const found = await follow(NAMES, chain("(qmail 1 invoked from network)", OUR_SUBMISSION));
    expect(found.outcome).toBe("pass");
    expect(found.strength).toBeUndefined();
  });

  test("below a step of a local program, which could have made the message, it counts softly", async () => {
    expect(await follow(NAMES, chain("(qmail 1 invoked by uid 89)", OUR_SUBMISSION))).toMatchObject({
      outcome: "pass",
      strength: "soft",
    });
    expect((await follow(NAMES, chain("(qmail 1 invoked by uid 89)", BOT))).outcome).toBe("fail");
  });
});

describe("the returned message came from somewhere else", () => {
  test("when the first outside client is not ours; its name and address are told", async () => {
    for (const site of [ADDRESSES, NAMES, BOTH]) {
      const found = await follow(site, chain(BOT));
      expect(found).toMatchObject({ outcome: "fail" });
      expect(found.strength).toBeUndefined();
      expect(found.detail).toBe(
        "mx.example.org got the returned message from dsl-7.isp.example.net (198.51.100.7), which is not a relay of ours (Received line 1).",
      );
    }
  });

  test("softly, when the client has no name and we list our relays by name only", async () => {
    const line = "from bot ([198.51.100.7]) by mx.example.org (Postfix) with SMTP id 1";
    expect(await follow(NAMES, chain(line))).toMatchObject({ outcome: "fail", strength: "soft" });
    expect((await follow(BOTH, chain(line))).strength).toBeUndefined();
  });

  test("when the chain begins inside another site", async () => {
    const found = await follow(BOTH, chain("by web1.example.org (Postfix, from userid 33) id 1"));
    expect(found.outcome).toBe("fail");
    expect(found.detail).toContain("leads to web1.example.org");
  });
});

describe("a forger who writes our relay into the message", () => {
  test.each([
    ["as the line below the one that saw him", [BOT, OUR_SUBMISSION]],
    [
      "as a whole chain of ours",
      [
        BOT,
        "from mail.example.com (mail.example.com [192.0.2.1]) by bot.example.net (Postfix) with ESMTP id 9",
        OUR_SUBMISSION,
      ],
    ],
    [
      "as a chain that continues at the deceived site",
      [
        BOT,
        "from mail.example.com (mail.example.com [192.0.2.1]) by mx.example.org (Postfix) with ESMTP id 9",
        OUR_SUBMISSION,
      ],
    ],
    ["as his HELO", ["from mail.example.com (unknown [198.51.100.7]) by mx.example.org (Postfix) with SMTP id 1"]],
    ["as his HELO, to a host that writes no address", ["from mail.example.com by mx.example.org with SMTP id 1"]],
    [
      "as his HELO, in the form in which Exchange writes it",
      ["from mail.example.com (198.51.100.7) by mx.example.org with Microsoft SMTPSVC"],
    ],
    [
      "as a chain that continues at the web server that he broke into",
      [
        "by web1.example.org (Postfix, from userid 33) id 1",
        "from mail.example.com (mail.example.com [192.0.2.1]) by web1.example.org (Postfix) with ESMTP id 9",
      ],
    ],
    [
      "as a chain that continues somewhere else",
      [
        "from localhost (localhost [127.0.0.1]) by web1.example.org (Postfix) with ESMTP id 1",
        "from mail.example.com (mail.example.com [192.0.2.1]) by mx.example.net (Postfix) with ESMTP id 9",
      ],
    ],
    ["below a web server that he broke into", ["by web1.example.org (Postfix, from userid 33) id 1", OUR_SUBMISSION]],
    [
      "below hops inside the site that bounced it",
      [
        "from mx.example.org (mx.example.org [198.51.100.1]) by store.example.org (Postfix) with ESMTP id 2",
        BOT,
        OUR_SUBMISSION,
      ],
    ],
  ])("%s gains nothing: the check is neutral, never pass", async (_, lines) => {
    const found = await follow(BOTH, chain(...lines));
    expect(found.outcome).toBe("neutral");
    expect(found.detail).toContain("host of ours only");
  });

  test("with our domain as his HELO is found out by the name that was looked up", async () => {
    const found = await follow(
      BOTH,
      chain("from example.com (dsl-7.isp.example.net [198.51.100.7]) by mx.example.org (Postfix) with SMTP id 1"),
    );
    expect(found.outcome).toBe("fail");
  });

  test("with the name of the site that he deceives as his HELO, at most a soft pass", async () => {
    const found = await follow(
      BOTH,
      chain(
        "from mx2.example.org (unknown [198.51.100.7]) by mx1.example.org (Postfix) with SMTP id 1",
        "from mail.example.com (mail.example.com [192.0.2.1]) by mx2.example.org (Postfix) with ESMTP id 9",
      ),
    );
    expect(found.strength === "soft" || found.outcome !== "pass").toBe(true);
  });

  test("under one public suffix with the deceived site is still outside of it", async () => {
    const found = await follow(
      BOTH,
      chain(
        "from bot (bot.evil.co.uk [198.51.100.7]) by mx.good.co.uk (Postfix) with SMTP id 1",
        "from mail.example.com (mail.example.com [192.0.2.1]) by bot.evil.co.uk (Postfix) with ESMTP id 9",
      ),
    );
    expect(found.outcome).toBe("neutral");
  });
});

describe("the chain is followed only as far as its lines hang together:", () => {
  const ISP_CUSTOMER =
    "from bot (60-0-0-61.static.isp.example.net [198.51.100.61]) by mail11.isp.example.net (Sendmail) with ESMTP id 1";
  const SEEN =
    "from mail.example.com (mail.example.com [192.0.2.1]) by mail11.isp.example.net (Postfix) with ESMTP id 9";

  test("a provider's customer has a name of the provider, and what he wrote below proves little", async () => {
    expect(await follow(BOTH, chain(ISP_CUSTOMER, SEEN, OUR_SUBMISSION))).toMatchObject({
      outcome: "pass",
      strength: "soft",
    });
  });

  test.each([
    ["by the protocol", "with ESMTPSA id 1", ""],
    ["by Postfix's comment", "with ESMTP id 1", " (Authenticated sender: kim)"],
  ])("a customer who logged in, told %s, made the message there", async (_, how, comment) => {
    const line = `from bot (60-0-0-61.static.isp.example.net [198.51.100.61])${comment} by mail11.isp.example.net (Postfix) ${how}`;
    expect((await follow(BOTH, chain(line, SEEN))).outcome).toBe("neutral");
  });

  test("a host that names neither a client nor a protocol made the message itself", async () => {
    expect((await follow(BOTH, chain("by mx5.example.org (5.65/1.37) id 1", SEEN))).outcome).toBe("neutral");
  });

  const dated = (line: string, date: string) => `Received: ${line}; ${date}\r\n`;
  const LOCAL = "from localhost (localhost [127.0.0.1]) by mx.example.org (Postfix) with ESMTP id 1";
  const GOT_IT = "from mail.example.com (mail.example.com [192.0.2.1]) by mx.example.org (Postfix) with ESMTP id 9";

  test("a line that is later than those above it was made up, or its clock is wrong: neutral", async () => {
    const found = await follow(
      BOTH,
      dated(LOCAL, "Fri, 20 Nov 2026 10:00:00 +0000") + dated(GOT_IT, "Fri, 20 Nov 2026 12:00:00 +0000"),
    );
    expect(found.outcome).toBe("neutral");
    expect(found.detail).toContain("later than one above it");
  });

  test("clocks that differ by minutes, and dates that cannot be read, are no sign", async () => {
    for (const date of ["Fri, 20 Nov 2026 10:40:00 +0000", "20 Nov 2026 12:00:00 +0200", "whenever"]) {
      const found = await follow(BOTH, dated(LOCAL, "Fri, 20 Nov 2026 10:00:00 +0000") + dated(GOT_IT, date));
      expect(found.outcome, date).toBe("pass");
    }
  });

  test("lines that name no host, and say that the message was made there, lead to whoever reports", async () => {
    const nameless = chain("by 10.68.220.169 with SMTP id 1", "by 10.66.159.39 with HTTP");
    expect(await follow(NAMES, nameless, "mail.example.org")).toMatchObject({ outcome: "fail", strength: "soft" });
    for (const reporter of [undefined, "mail.example.com"]) {
      expect((await follow(NAMES, nameless, reporter)).outcome).toBe("neutral");
    }
  });

  test("our line below a host that calls itself localhost is nothing where a stranger reports", async () => {
    const lines = chain(
      "from [127.0.0.1] (localhost [127.0.0.1]); by localhost (OpenSMTPD) with ESMTP id 1",
      OUR_SUBMISSION,
    );
    expect((await follow(NAMES, lines, "mx.example.org")).outcome).toBe("neutral");
    expect(await follow(NAMES, lines, "mail.example.com")).toMatchObject({ outcome: "pass", strength: "soft" });
  });
});

describe("a host of our domain, where we list our relays by address alone,", () => {
  const unlisted = "from ann-pc (home.isp.example.net [198.51.100.9]) by mail7.example.com (Postfix) with ESMTPSA id 2";

  test("is not held against us when it wrote the latest line, and the human is told to list it", async () => {
    const found = await follow(ADDRESSES, chain(unlisted));
    expect(found.outcome).toBe("neutral");
    expect(found.detail).toContain("mail7.example.com, a host of our domain that is not among the relays");
  });

  test("is somebody else's where we list our relays by name, since then we have said which are ours", async () => {
    for (const site of [NAMES, BOTH]) expect((await follow(site, chain(unlisted))).outcome).toBe("fail");
  });

  test("counts softly when another host looked its name up, and not at all in the lower lines", async () => {
    const seen = "from x (mail7.example.com [198.51.100.7]) by mx.example.org (Postfix) with ESMTP id 1";
    expect(await follow(ADDRESSES, chain(seen, unlisted))).toMatchObject({ outcome: "pass", strength: "soft" });
    expect((await follow(ADDRESSES, chain(BOT, unlisted))).outcome).toBe("neutral");
  });
});

test("a relay below other hosts of its own organisation counts softly", async () => {
  const above =
    "from mail.relayhost.example (mail.relayhost.example [198.51.100.7]) by mx9.relayhost.example (Postfix) with ESMTP id 1";
  const found = await follow(
    siteOf({ relays: ["pixel.relayhost.example"] }),
    chain(above, "by pixel.relayhost.example (Postfix, from userid 501) id 2"),
  );
  expect(found).toMatchObject({ outcome: "pass", strength: "soft" });
});

describe("there is no path to follow", () => {
  test("when nothing or no Received field came back, or we name no relays", async () => {
    expect((await follow(siteOf(), chain(BOT))).outcome).toBe("skip");
    expect((await evidenceOf("received-path", { site: BOTH })).outcome).toBe("skip");
    const found = await follow(BOTH, "From: ann@example.com\r\n");
    expect(found).toMatchObject({ outcome: "neutral", detail: "The returned header has no Received field." });
    expect((await follow(BOTH, chain("(qmail 1 invoked by uid 89)"))).outcome).toBe("neutral");
  });

  test("further than fifty lines, which are made up", async () => {
    const inside = "from localhost (localhost [127.0.0.1]) by mx.example.org (Postfix) with ESMTP id 1";
    const ours = "from mail.example.com (mail.example.com [192.0.2.1]) by mx.example.org (Postfix) with ESMTP id 1";
    expect((await follow(BOTH, chain(...Array(49).fill(inside), ours))).outcome).toBe("pass");
    expect((await follow(BOTH, chain(...Array(50).fill(inside), ours))).outcome).toBe("fail");
  });
});
