/** All stages up to scoring on real messages: the project's own corpus, and one DSN seen by two sites. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Envelope, readMessage } from "@triage/message";
import { type ProvenancePorts, proveProvenance, type SiteProfile } from "@triage/provenance";
import { readReport } from "@triage/reports";
import {
  describeForLearning,
  LearnedModel,
  learn,
  type ScoringInput,
  scoreMessage,
  VERDICT_CLASSES,
  type Verdict,
} from "@triage/scoring";
import { describe, expect, test } from "vitest";
import { NO_SITE, unknownEnvelope } from "./build.ts";

const CORPUS = join(import.meta.dirname, "../../../test/corpus");

async function classify(
  raw: Buffer,
  site: SiteProfile = NO_SITE,
  envelope: Envelope = unknownEnvelope,
): Promise<Verdict> {
  return scoreMessage(await factsOf(raw, site, envelope));
}

const NOW = new Date("2025-03-03T12:00:00Z");

async function factsOf(
  raw: Buffer,
  site: SiteProfile,
  envelope: Envelope,
  ports: Partial<ProvenancePorts> = {},
): Promise<ScoringInput> {
  const message = readMessage(raw);
  const report = readReport(message, envelope);
  const evidence = await proveProvenance(report, envelope, site, { now: NOW, ...ports });
  return { message, report, envelope, evidence };
}

function samplesBelow(folder: string): (readonly [string, Buffer])[] {
  return readdirSync(join(CORPUS, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".eml"))
    .sort()
    .map((name) => [name, readFileSync(join(CORPUS, folder, name))] as const);
}

function expectToAddUp({ score, evidence }: Verdict, name: string): void {
  const sum = evidence.reduce((total, { weight }) => total + weight, 0);
  expect(sum, name).toBeCloseTo(Math.log(score / (1 - score)), 9);
}

describe("on every message of the corpus the weights add up to the log-odds of the score", () => {
  test("by itself", async () => {
    for (const [name, raw] of samplesBelow(".")) expectToAddUp(await classify(raw), name);
  });

  test("in a storm", async () => {
    const ours = { ...NO_SITE, domains: ["example.com"], relays: ["mail.example.com"] };
    const storm = { kind: "storm", by: "address", strength: "full", messages: 900, reporters: 90, hours: 6 } as const;
    const storms = { note: async () => storm };
    let stormy = 0;
    for (const [name, raw] of samplesBelow(".")) {
      const verdict = scoreMessage(await factsOf(raw, ours, unknownEnvelope, { storms }));
      stormy += verdict.evidence.some(({ check, weight }) => check === "storm" && weight !== 0) ? 1 : 0;
      expectToAddUp(verdict, name);
    }
    expect(stormy).toBeGreaterThan(50);
  });

  test("under an override of the site, whichever class it names", async () => {
    for (const [name, raw] of samplesBelow(".")) {
      const facts = await factsOf(raw, NO_SITE, unknownEnvelope);
      for (const verdict of VERDICT_CLASSES) {
        const scored = scoreMessage({ ...facts, override: { id: "x", match: {}, verdict, because: "y" } });
        expect(scored.verdict, name).toBe(verdict);
        expectToAddUp(scored, name);
      }
    }
  });

  test("beside a corrected message that is nearly the same", async () => {
    const samples = samplesBelow(".");
    let known = 0;
    for (const verdict of ["spam", "user-report"] as const) {
      const all = await Promise.all(samples.map(([, raw]) => factsOf(raw, NO_SITE, unknownEnvelope)));
      const corrections = all.map(({ message, report }, index) => ({
        id: `c${index}`,
        messageId: `m${index}`,
        verdict,
        by: `person-${index}`,
        key: `key-${index}`,
        at: NOW,
        features: describeForLearning(message, report),
      }));
      const learned = new LearnedModel(await learn({ corrections, now: NOW }));
      for (const [index, facts] of all.entries()) {
        const scored = scoreMessage({ ...facts, learned });
        known += scored.evidence.some(({ check }) => check === "near-duplicate") ? 1 : 0;
        expectToAddUp(scored, samples[index]?.[0] ?? "");
      }
    }
    expect(known).toBeGreaterThan(50);
  });
});

test("a site that says nothing about itself hides no DSN", async () => {
  for (const [name, raw] of samplesBelow("dsn")) {
    // Those are no DSNs; what they are instead may be hidden.
    if (name.includes("looks-like-one")) continue;
    const { verdict } = await classify(raw);
    expect(["undecided", "genuine-dsn", "user-report"], name).toContain(verdict);
  }
});

test("people and feedback reports are never hidden", async () => {
  for (const [name, raw] of samplesBelow("person")) {
    expect(["user-report", "undecided"], name).toContain((await classify(raw)).verdict);
  }
  for (const [name, raw] of samplesBelow("feedback")) expect((await classify(raw)).verdict, name).toBe("user-report");
});

test("automatic replies, receipts and aggregate reports never reach a person", async () => {
  for (const folder of ["auto-reply", "mdn", "dmarc-aggregate", "tls-report"]) {
    for (const [name, raw] of samplesBelow(folder)) {
      expect(["automated", "backscatter"], `${folder}/${name}`).toContain((await classify(raw)).verdict);
    }
  }
});

describe("a DSN about a message that a policy refused (5.7.1)", () => {
  const dsn = Buffer.from(
    [
      "Return-Path: <>",
      "From: MAILER-DAEMON@mail.example.com (Mail Delivery System)",
      "To: ann@example.com",
      "Subject: Undelivered Mail Returned to Sender",
      "MIME-Version: 1.0",
      'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
      "",
      "--b",
      "Content-Type: text/plain",
      "",
      "Your message could not be delivered.",
      "--b",
      "Content-Type: message/delivery-status",
      "",
      "Reporting-MTA: dns; mail.example.com",
      "",
      "Final-Recipient: rfc822; joe@example.net",
      "Action: failed",
      "Status: 5.7.1",
      "Remote-MTA: dns; mx.example.net",
      "Diagnostic-Code: smtp; 550 5.7.1 Service unavailable; client host [192.0.2.25] blocked",
      "--b",
      "Content-Type: text/rfc822-headers",
      "",
      "Return-Path: <ann@example.com>",
      "Received: from desk7.example.com (desk7.example.com [192.0.2.77])",
      "\tby mail.example.com (Postfix) with ESMTPSA id 4XyZ12; Mon, 3 Mar 2025 10:00:00 +0000 (UTC)",
      "From: ann@example.com",
      "To: joe@example.net",
      "Message-ID: <20250303100000.1@example.com>",
      "Subject: minutes",
      "--b--",
      "",
    ].join("\r\n"),
  );
  const sender: SiteProfile = {
    ...NO_SITE,
    domains: ["example.com"],
    relays: ["mail.example.com", "192.0.2.0/24"],
    messageIdDomains: ["example.com"],
  };
  const stranger: SiteProfile = {
    ...NO_SITE,
    domains: ["example.org"],
    relays: ["mail.example.org", "198.51.100.0/24"],
    messageIdDomains: ["example.org"],
  };

  test("is genuine at the site that sent the message, and says for whom it failed and why", async () => {
    const { verdict, why } = await classify(dsn, sender);
    expect(verdict).toBe("genuine-dsn");
    expect(why).toContain("joe@example.net");
    expect(why).toContain("550 5.7.1");
  });

  test("is backscatter at a site that never sent it", async () => {
    expect((await classify(dsn, stranger)).verdict).toBe("backscatter");
  });

  test("is undecided at a site that says nothing about itself", async () => {
    expect((await classify(dsn)).verdict).toBe("undecided");
  });
});
