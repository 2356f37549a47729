import { describe, expect, test } from "vitest";
import { dsnReturning, envelopeTo, evidenceOf, plainReport, returnedWith, siteOf } from "./samples.ts";

describe("the domain of the returned Message-ID", () => {
  const site = siteOf({ messageIdDomains: ["example.com", "*.mail.example.com"] });
  const judge = (messageId: string | undefined, from = site) =>
    evidenceOf("message-id-domain", {
      site: from,
      report: dsnReturning({ ...returnedWith(undefined), messageId }),
    });

  test.each([
    ["<1@example.com>", "pass"],
    ["<1@EXAMPLE.COM>", "pass"],
    ["1@example.com", "pass"],
    ["<1@a.mail.example.com>", "pass"],
    ["<1@b@example.com>", "pass"],
    ["<1@ann-pc.example.com>", "neutral"],
    ["<1@example.com.evil.example>", "fail"],
    ["<1@badexample.com>", "fail"],
    ["<no-domain>", "neutral"],
    ["<empty@>", "neutral"],
    [undefined, "neutral"],
  ])("of %s is %s", async (messageId, outcome) => {
    expect((await judge(messageId)).outcome).toBe(outcome);
  });

  test.each(["<1@ANN-PC>", "<1@localhost>", "<1@mac.local>", "<1@[192.0.2.1]>"])(
    "of %s is only a soft sign against us: mail programs write such names",
    async (messageId) => {
      expect(await judge(messageId)).toMatchObject({ outcome: "fail", strength: "soft" });
    },
  );

  test("of somebody else is only a soft sign where the configuration does not say which are ours", async () => {
    const assumed = siteOf({ messageIdDomains: ["example.com"], messageIdDomainsAreAssumed: true });
    expect(await judge("<1@prod.example.net>", assumed)).toMatchObject({ outcome: "fail", strength: "soft" });
    expect((await judge("<1@prod.example.net>")).strength).toBeUndefined();
  });

  test("is that which an automatic reply or a challenge answers, where nothing came back", async () => {
    for (const kind of ["auto-reply", "challenge"] as const) {
      const answering = (id: string) => ({ ...plainReport(kind), answersMessageId: id });
      const outcomeOf = async (id: string) =>
        (await evidenceOf("message-id-domain", { site, report: answering(id) })).outcome;
      expect(await outcomeOf("<1@example.com>")).toBe("pass");
      expect(await outcomeOf("<1@example.org>")).toBe("fail");
    }
  });

  test("is not looked at when we name none", async () => {
    expect((await judge("<1@example.com>", siteOf())).outcome).toBe("skip");
  });
});

describe("the sender that the returned message names", () => {
  const judge = (header: string, forwardPath = "ann@example.com") =>
    evidenceOf("returned-sender-domain", {
      site: siteOf(),
      envelope: envelopeTo(forwardPath),
      report: dsnReturning(returnedWith(header)),
    });

  test("proves nothing when it is ours, since that is what backscatter forges", async () => {
    expect((await judge("From: ann@example.com\r\n")).outcome).toBe("neutral");
    expect((await judge("Return-Path: <ann@example.com>\r\nFrom: joe@example.net\r\n")).outcome).toBe("neutral");
  });

  test("speaks softly against us when it is somebody else, and that is told", async () => {
    const found = await judge("Return-Path: <kim@example.org>\r\nFrom: joe@example.net\r\n");
    expect(found).toMatchObject({ outcome: "fail", strength: "soft" });
    expect(found.detail).toContain("example.net and example.org");
  });

  test("may be somebody else in forwarded mail and in list mail", async () => {
    const srs = await judge("From: joe@example.net\r\n", "SRS0=vmyz=2W=example.net=joe@example.com");
    expect(srs.outcome).toBe("neutral");
    expect((await judge("From: joe@example.net\r\nList-Id: <talk.example.com>\r\n")).outcome).toBe("neutral");
  });

  test("may be somebody else where the path passes our relay: we forwarded it", async () => {
    const site = siteOf({ relays: ["mail.example.com"] });
    const passed =
      "Received: from x (mail.example.com [192.0.2.1]) by mx.example.org (Postfix) with ESMTP id 1\r\nFrom: joe@example.net\r\n";
    const found = await evidenceOf("returned-sender-domain", { site, report: dsnReturning(returnedWith(passed)) });
    expect(found.outcome).toBe("neutral");
    expect(found.detail).toContain("passed our relay");
  });

  test("is unknown when nothing came back", async () => {
    expect((await judge("Subject: hello\r\n")).outcome).toBe("neutral");
  });
});
