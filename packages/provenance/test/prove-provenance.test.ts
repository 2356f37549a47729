import type { Report } from "@triage/reports";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CHECKS, proveProvenance } from "../src/index.ts";
import { dsnReturning, envelopeTo, NOW, plainReport, returnedWith, siteOf } from "./samples.ts";

const prove = (report: Report, site = siteOf()) =>
  proveProvenance(report, envelopeTo("ann@example.com"), site, { now: NOW });

describe("provenance is looked into", () => {
  test.each(["auto-reply", "challenge", "virus-notice"] as const)(
    "for a report that answers mail: %s",
    async (kind) => {
      expect((await prove(plainReport(kind))).map((item) => item.check)).toEqual(CHECKS.map((check) => check.id));
    },
  );

  test.each(["person", "other", "dmarc-aggregate", "tls-report"] as const)(
    "not for mail that returns nothing: %s",
    async (kind) => {
      expect(await prove(plainReport(kind))).toEqual([]);
    },
  );
});

test("a check that is switched off looks at nothing and says so; the others do as ever", async () => {
  const report = dsnReturning(returnedWith("Message-ID: <1@example.org>\r\nFrom: joe@example.org\r\n"));
  const site = { messageIdDomains: ["example.com"] };
  const before = await prove(report, siteOf(site));
  const after = await prove(report, siteOf({ ...site, checksOff: ["message-id-domain"] }));
  expect(after.find((item) => item.check === "message-id-domain")).toEqual({
    check: "message-id-domain",
    outcome: "skip",
    detail: "Switched off (site.checks.off).",
  });
  const others = (all: typeof after) => all.filter((item) => item.check !== "message-id-domain");
  expect(others(after)).toEqual(others(before));
});

test("every check says in one sentence what it looked at, even when there was nothing to look at", async () => {
  const header =
    "Received: from a.example ([192.0.2.1]) by b.example; now\r\nMessage-ID: <1@a.example>\r\nFrom: x@a.example\r\n";
  for (const returned of [returnedWith(undefined), returnedWith(header)]) {
    for (const item of await prove(dsnReturning(returned))) {
      expect(item.detail).toMatch(/^[A-Z][^\r\n]+\.$/);
    }
  }
});

test("a DSN that returns nothing is not held against us: no check fails", async () => {
  const site = siteOf({
    relays: ["192.0.2.1"],
    messageIdDomains: ["example.com"],
    dkim: { keys: new Map(), dns: false },
  });
  const outcomes = (await prove(dsnReturning(returnedWith(undefined)), site)).map((item) => item.outcome);
  expect(outcomes).not.toContain("fail");
  expect(outcomes).not.toContain("pass");
});

describe("whatever strangers write into the mail", () => {
  const site = siteOf({
    relays: ["mail.example.com", "192.0.2.0/24"],
    messageIdDomains: ["example.com"],
    batv: { keys: new Map([["0", "secret"]]), signsAllMail: true },
    srs: { domain: "example.com", secrets: ["secret"], maxAgeDays: 21 },
    dkim: { keys: new Map([["s._domainkey.example.com", "p=AAAA"]]), dns: false },
  });
  const noise = fc.string({ unit: "binary", maxLength: 60 });
  const piece = fc.oneof(
    noise,
    fc.constantFrom(
      "from ",
      " by ",
      "(",
      ")",
      "[192.0.2.1]",
      "; ",
      "d=example.com",
      "s=s",
      "b=",
      "h=from",
      "\u001b[31m",
      "\r\n ",
    ),
  );
  const value = fc.array(piece, { maxLength: 20 }).map((parts) => parts.join(""));
  const field = fc.tuple(
    fc.constantFrom("Received", "DKIM-Signature", "Message-ID", "From", "Return-Path", "Date"),
    value,
  );

  test("no check stumbles over it, and no sentence carries a control character out of it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(field, { maxLength: 12 }), value, async (fields, localPart) => {
        const header = fields.map(([name, text]) => `${name}: ${text}\r\n`).join("");
        const envelope = {
          reversePath: undefined,
          forwardPaths: [{ kind: "address" as const, localPart, domain: "example.com" }],
        };
        for (const item of await proveProvenance(dsnReturning(returnedWith(header)), envelope, site, { now: NOW })) {
          expect(item.detail).toMatch(/^[^\p{Cc}\p{Cf}]{1,603}$/u);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("a name of a thousand letters is cut in the sentence", async () => {
    const header = `Message-ID: <1@${"a".repeat(1000)}.example>\r\n`;
    const found = await proveProvenance(dsnReturning(returnedWith(header)), envelopeTo(), site, { now: NOW });
    for (const item of found) expect(item.detail.length).toBeLessThanOrEqual(603);
  });
});

test("checks that ask run side by side, so that the slowest alone counts", async () => {
  const order: string[] = [];
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const header =
    "Message-ID: <1@example.com>\r\nDKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=x; h=from; bh=eA==; b=eA==\r\n";
  const running = proveProvenance(
    dsnReturning(returnedWith(header)),
    envelopeTo(),
    siteOf({ dkim: { keys: new Map(), dns: true } }),
    {
      now: NOW,
      dkimKey: async () => {
        order.push("dkim asked");
        await held;
        return { kind: "none" };
      },
      ledger: {
        find: async () => {
          order.push("ledger asked");
          release();
          return { kind: "absent", coverage: undefined };
        },
      },
    },
  );
  await running;
  expect(order).toEqual(["dkim asked", "ledger asked"]);
});
