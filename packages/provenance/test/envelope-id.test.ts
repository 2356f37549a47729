import { describe, expect, test } from "vitest";
import { fillTokenPattern, parseTokenPattern, type SentLedgerPort } from "../src/index.ts";
import { daysFrom, dsnReturning, evidenceOf, NOW, plainReport, returnedWith, siteOf } from "./samples.ts";

function profileOf(source: string, secrets: readonly string[]) {
  const pattern = parseTokenPattern(source, "envelope-id");
  if (pattern.kind === "bad-pattern") throw new Error(pattern.message);
  return { pattern, secrets, maxAgeDays: 30 };
}

const SIGNED = profileOf("{date}.{id}.{hmac}@example.com", ["a secret of 16 chars"]);
const filled = fillTokenPattern(SIGNED, { id: "4TgHk2" }, NOW);
const ENVID = filled.kind === "filled" ? filled.text : "";
const site = siteOf({ envelopeId: SIGNED });

const check = (
  envelopeId: string | undefined,
  options: { now?: Date; ledger?: SentLedgerPort; site?: typeof site } = {},
) =>
  evidenceOf("envelope-id", {
    site: options.site ?? site,
    report: dsnReturning(returnedWith(undefined), { envelopeId }),
    ports: { now: options.now ?? NOW, ...(options.ledger && { ledger: options.ledger }) },
  });

describe("an ENVID with an HMAC", () => {
  test("proves that we sent the message, with or without the case of its letters", async () => {
    expect(ENVID).toMatch(/^20261122\.4TgHk2\.[0-9a-f]{16}@example\.com$/);
    for (const text of [ENVID, ENVID.toLowerCase(), ENVID.toUpperCase()]) {
      expect(await check(text)).toMatchObject({ outcome: "pass" });
    }
  });

  test("of our form with another hash speaks against us", async () => {
    expect((await check(ENVID.replace("4TgHk2", "4TgHk3"))).outcome).toBe("fail");
  });

  test("that is too old was ours once", async () => {
    expect(await check(ENVID, { now: daysFrom(NOW, 31) })).toMatchObject({ outcome: "fail", strength: "soft" });
  });

  test("of another form says nothing, since every MTA may set its own", async () => {
    for (const text of ["QQ314159", undefined]) expect((await check(text)).outcome).toBe("neutral");
  });
});

describe("an ENVID of our form without an HMAC", () => {
  const plain = siteOf({ envelopeId: profileOf("mail-{id}@example.com", []) });
  const ledger: SentLedgerPort = { find: async () => ({ kind: "found", by: "envelope-id", at: NOW }) };

  test("is soft evidence", async () => {
    expect(await check("mail-42@example.com", { site: plain })).toMatchObject({ outcome: "pass", strength: "soft" });
  });

  test("is left to the sent ledger where there is one, so that one fact counts once", async () => {
    expect((await check("mail-42@example.com", { site: plain, ledger })).outcome).toBe("neutral");
  });
});

test("a report that is no DSN, or a site without a pattern, says nothing", async () => {
  expect((await evidenceOf("envelope-id", { site, report: plainReport("auto-reply") })).outcome).toBe("neutral");
  expect((await check(ENVID, { site: siteOf() })).outcome).toBe("skip");
});
