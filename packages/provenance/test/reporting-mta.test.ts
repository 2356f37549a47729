import { describe, expect, test } from "vitest";
import { dsnReturning, envelopeTo, evidenceOf, plainReport, returnedWith, siteOf } from "./samples.ts";

const SITE = siteOf({ relays: ["mail.example.com", "192.0.2.0/24"], messageIdDomains: ["example.com"] });
const OURS = "Message-ID: <1@example.com>\r\n";
const judge = (report: ReturnType<typeof dsnReturning>, clientIp?: string, site = SITE) =>
  evidenceOf("reporting-mta", {
    site,
    report,
    envelope: { ...envelopeTo("ann@example.com"), ...(clientIp !== undefined && { clientIp }) },
  });
const reportOf = (reportingMta: string, header: string | undefined = OURS, fields = {}) =>
  dsnReturning(returnedWith(header), { reportingMta, ...fields });
const recipient = (domain: string, remoteMta?: string) =>
  ({ address: { kind: "address", localPart: "joe", domain }, remoteMta }) as never;

describe("our own relay reports", () => {
  test("and the report came from an address of ours, or from the host itself: that speaks for us", async () => {
    for (const ip of ["192.0.2.7", "127.0.0.1", "::ffff:192.0.2.7"]) {
      const found = await judge(reportOf("MAIL.example.com"), ip);
      expect(found).toMatchObject({ outcome: "pass" });
      expect(found.strength).toBeUndefined();
    }
  });

  test("by its own word alone: softly", async () => {
    expect(await judge(reportOf("mail.example.com"))).toMatchObject({ outcome: "pass", strength: "soft" });
  });

  test("by its own word, but from somewhere else: that is nothing to go by", async () => {
    expect((await judge(reportOf("mail.example.com"), "198.51.100.7")).outcome).toBe("neutral");
  });
});

describe("a foreign host reports", () => {
  test("that made the Message-ID of the returned message itself: mail of ours would have had one", async () => {
    const found = await judge(reportOf("a1.smtp-out.example.net", "Message-ID: <1@mail.example.net>\r\n"));
    expect(found).toMatchObject({ outcome: "fail" });
    expect(found.strength).toBeUndefined();
  });

  test("that was to hand on mail which is neither its own nor ours", async () => {
    const recipients = [recipient("example.org", "mx.example.org")];
    const found = await judge(reportOf("mx.example.net", OURS, { recipients }));
    expect(found).toMatchObject({ outcome: "fail" });
    expect(found.detail).toContain("hand the message on to mx.example.org");
  });

  test("that says from whom it got the message: from our relay softly for us, from somebody else against", async () => {
    const from = (receivedFromMta: string) => judge(reportOf("mx.example.net", OURS, { receivedFromMta }));
    expect(await from("Mail.example.com")).toMatchObject({ outcome: "pass", strength: "soft" });
    const stranger = await from("dsl-7.isp.example.org");
    expect(stranger).toMatchObject({ outcome: "fail" });
    expect(stranger.strength).toBeUndefined();
    for (const inside of ["localhost", "out.example.net", "BLU436-SMTP66"]) {
      expect(await from(inside), inside).toMatchObject({ outcome: "fail", strength: "soft" });
    }
  });

  test("for its own recipients, or for an unknown reason: softly", async () => {
    const recipients = [recipient("example.net")];
    for (const fields of [{ recipients }, {}]) {
      expect(await judge(reportOf("mx.example.net", OURS, fields))).toMatchObject({
        outcome: "fail",
        strength: "soft",
      });
    }
  });

  test("known by the domain of its From alone, where it names itself by no public name", async () => {
    const report = { ...reportOf("lvmail01.local"), reporterDomain: "example.net" };
    expect((await judge(report)).outcome).toBe("fail");
    const ofOurDomain = { ...reportOf("lvmail01.local"), reporterDomain: "example.com" };
    expect((await judge(ofOurDomain)).outcome).toBe("neutral");
  });

  test("and the Received chain says more: the same fact is not counted twice", async () => {
    const chain =
      "Received: from bot (dsl-7.isp.example.org [198.51.100.7]) by mx.example.net (Postfix) with SMTP id 1; Fri, 20 Nov 2026 10:00:00 +0000\r\n";
    expect((await judge(reportOf("mx.example.net", chain + OURS))).outcome).toBe("neutral");
  });

  test("and nothing came back: that is not held against us", async () => {
    const nothing = dsnReturning(returnedWith(undefined), { reportingMta: "mx.example.net" });
    expect((await judge(nothing)).outcome).toBe("neutral");
  });
});

test("is not looked at where no relays are named, and of other reports than a DSN", async () => {
  expect((await judge(reportOf("mx.example.net"), undefined, siteOf())).outcome).toBe("skip");
  const report = plainReport("auto-reply", returnedWith(OURS));
  expect((await evidenceOf("reporting-mta", { site: SITE, report })).outcome).toBe("skip");
});
