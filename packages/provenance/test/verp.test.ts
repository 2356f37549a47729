import type { DsnRecipient } from "@triage/reports";
import { describe, expect, test } from "vitest";
import { fillTokenPattern, parseTokenPattern } from "../src/index.ts";
import {
  address,
  daysFrom,
  dsnReturning,
  envelopeTo,
  evidenceOf,
  NOW,
  plainReport,
  returnedWith,
  siteOf,
} from "./samples.ts";

const SECRETS = ["a secret of 16 chars", "the secret of before"];

function profileOf(source: string, secrets: readonly string[] = SECRETS) {
  const pattern = parseTokenPattern(source, "address");
  if (pattern.kind === "bad-pattern") throw new Error(pattern.message);
  return { pattern, secrets, maxAgeDays: 30 };
}

const SIGNED = profileOf("b+{date}-{hmac}-{recipient}@lists.example.com");
const PLAIN = profileOf("users-bounces+{recipient}@lists.example.com", []);
const site = siteOf({ verp: [PLAIN, SIGNED] });
const UNSIGNED = "users-bounces+joe=example.net@lists.example.com";

function signedFor(recipient: string, on = NOW): string {
  const filled = fillTokenPattern(SIGNED, { recipient: address(recipient) }, on);
  if (filled.kind !== "filled") throw new Error(filled.kind);
  return filled.text;
}

function failing(recipient: string, originalRecipient?: string): DsnRecipient {
  return {
    address: address(recipient),
    addressText: recipient,
    originalRecipient: originalRecipient === undefined ? undefined : address(originalRecipient),
    action: "failed",
    status: "5.1.1",
    replyCode: "550",
    reason: "user-unknown",
    reasonRule: "test",
    permanent: true,
    diagnostic: undefined,
    remoteMta: undefined,
    willRetryUntil: undefined,
  };
}

const check = (forwardPath: string, recipients: readonly DsnRecipient[] = [], now = NOW) =>
  evidenceOf("verp", {
    site,
    envelope: envelopeTo(forwardPath),
    report: dsnReturning(returnedWith(undefined), { recipients }),
    ports: { now },
  });

describe("a VERP address with an HMAC", () => {
  test("proves that we made it, and says for whom", async () => {
    const found = await check(signedFor("joe@example.net"), [failing("joe@example.net")]);
    expect(found.outcome).toBe("pass");
    expect(found.strength).toBeUndefined();
    expect(found.detail).toContain(
      "signed with our secret 1 of 2, 0 days old; it was made for joe@example.net, whom the report names",
    );
  });

  test("proves it still when the report is about somebody else, and says so", async () => {
    const found = await check(signedFor("joe@example.net"), [failing("jo@example.org")]);
    expect(found.outcome).toBe("pass");
    expect(found.detail).toContain(
      "made for joe@example.net, but the report is about jo@example.org (forwarded, or forged)",
    );
  });

  test("is compared with the Original-Recipient too, which a forward leaves alone", async () => {
    const found = await check(signedFor("joe@example.net"), [failing("jo@example.org", "Joe@example.net")]);
    expect(found.detail).toContain("whom the report names");
  });

  test("with another hash speaks against us", async () => {
    const path = signedFor("joe@example.net");
    expect(await check(path.replace("joe", "ann"))).toMatchObject({ outcome: "fail" });
  });

  test("that is too old was ours once", async () => {
    const found = await check(signedFor("joe@example.net"), [], daysFrom(NOW, 31));
    expect(found).toMatchObject({ outcome: "fail", strength: "soft" });
    expect(found.detail).toContain("was once ours, 31 days old; the limit is 30");
  });

  test("counts softly where it stands in the returned Return-Path only", async () => {
    const report = dsnReturning(returnedWith(`Return-Path: <${signedFor("joe@example.net")}>\r\n`));
    const found = await evidenceOf("verp", { site, envelope: envelopeTo("ann@example.com"), report });
    expect(found).toMatchObject({ outcome: "pass", strength: "soft" });
    const unsigned = dsnReturning(returnedWith(`Return-Path: <${UNSIGNED}>\r\n`));
    expect(
      (await evidenceOf("verp", { site, envelope: envelopeTo("ann@example.com"), report: unsigned })).outcome,
    ).toBe("neutral");
  });
});

describe("a VERP address without an HMAC", () => {
  test("is soft evidence when the report is about its recipient, or names none", async () => {
    expect(await check(UNSIGNED, [failing("joe@example.net")])).toMatchObject({ outcome: "pass", strength: "soft" });
    expect(await check(UNSIGNED)).toMatchObject({ outcome: "pass", strength: "soft" });
  });

  test("says nothing when the report is about somebody else", async () => {
    const found = await check(UNSIGNED, [failing("ann@example.org")]);
    expect(found.outcome).toBe("neutral");
    expect(found.detail).toContain("made for joe@example.net, but the report is about ann@example.org");
  });

  test("of a complaint is compared with the recipient who complains", async () => {
    const feedback = (recipient: string) => ({
      ...plainReport("other"),
      kind: "feedback" as const,
      feedbackType: "abuse",
      userAgent: undefined,
      sourceIp: undefined,
      originalMailFrom: undefined,
      originalRecipients: [address(recipient)],
      reportedDomains: [],
    });
    const found = (recipient: string) =>
      evidenceOf("verp", { site, envelope: envelopeTo(UNSIGNED), report: feedback(recipient) });
    expect((await found("joe@example.net")).outcome).toBe("pass");
    expect((await found("ann@example.net")).outcome).toBe("neutral");
  });

  test("of an automatic reply is read as well", async () => {
    const envelope = envelopeTo(UNSIGNED);
    expect((await evidenceOf("verp", { site, envelope, report: plainReport("auto-reply") })).outcome).toBe("pass");
  });
});

test("the best of several forward-paths counts", async () => {
  const envelope = envelopeTo("ann@example.com", UNSIGNED, signedFor("joe@example.net"));
  const found = await evidenceOf("verp", { site, envelope, report: dsnReturning(returnedWith(undefined)) });
  expect(found.outcome).toBe("pass");
});

test("a plain address, or a site without patterns, says nothing", async () => {
  expect((await check("ann@example.com")).outcome).toBe("neutral");
  expect((await evidenceOf("verp", { site: siteOf(), envelope: envelopeTo(UNSIGNED) })).outcome).toBe("skip");
});
