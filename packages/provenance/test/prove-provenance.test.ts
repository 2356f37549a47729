import type { Report } from "@triage/reports";
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
          return { kind: "absent" };
        },
      },
    },
  );
  await running;
  expect(order).toEqual(["dkim asked", "ledger asked"]);
});
