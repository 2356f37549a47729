/** Whatever strangers write and however much there is of it, what we compose has a size that mailboxes and phones take. */
import type { AlertFacts, DigestEntry, DigestFacts, FailureFacts, StormFacts } from "@triage/contracts";
import type { Notice } from "@triage/store";
import { describe, expect, test } from "vitest";
import { openMailIds } from "../src/compose/mail-ids.ts";
import { composeDigest } from "../src/digest/compose-digest.ts";
import { openWallClock } from "../src/digest/wall-clock.ts";
import { composeNotice } from "../src/notices/compose-notice.ts";

const MAX_NOTICE_BYTES = 64_000;
const MAX_DIGEST_BYTES = 384_000;
const FROM = "postmaster-triage@example.com";
const ID = "019aaa65-1e80-7e4f-8a9b-0c1d2e3f4a5b";
const AT = new Date("2026-11-22T12:05:00Z");
const mailIds = openMailIds(FROM, "the secret of the goldens");
const many = <T>(count: number, value: T): T[] => new Array<T>(count).fill(value);

/** What is largest in one coding or the other, what is wrapped, and what HTML makes longer. */
const WORDS = ["𝄞", "= ", '"&'].map((sign) => sign.repeat(3_000).slice(0, 3_000));

describe.each(WORDS)("in the worst words: %#", (words) => {
  const storm: StormFacts = {
    ...{ by: "content", scope: words, strength: "full", grouped: 9e9 },
    ...{ unproven: 9e9, proven: 9e9, contradicted: 9e9, reporters: 9e9, recipients: 9e9, senders: 9e9 },
    examples: many(5, { messageId: ID, subject: words, reporter: words }),
  };
  const parties = {
    total: 9e9,
    addresses: many(100, { address: words, messages: 9e9 }),
    domains: many(20, { domain: words, messages: 9e9 }),
  };
  const failure: FailureFacts = {
    ...{ fingerprint: "v2:1", openerId: ID, reason: "policy-violation", severity: "failed", messages: 9e9 },
    ...{ remote: words, words, links: many(3, words), advice: words, forwardPathDomains: many(100, words) },
    ...{ senders: parties, recipients: parties },
  };
  const avoided = { addresses: many(100, words), outlets: many(100, words) };
  const bounced: AlertFacts = {
    ...{ trouble: "own-mail-bounced", address: words, named: words, reason: "user-unknown", words, bounces: 9e9 },
    ...{ messageIds: many(100, ID), avoided },
  };
  const dead: AlertFacts = {
    ...{ trouble: "dead-letters", waiting: 9e9, latest: many(5, { messageId: ID, stage: "deliver", error: words }) },
    avoided,
  };
  const failed: AlertFacts = {
    ...{ trouble: "digest-failed", digestId: ID, since: AT.toISOString(), until: AT.toISOString() },
    ...{ kept: 9e9, digests: 9e9, words, avoided },
  };
  const untold: AlertFacts = {
    ...{ trouble: "notice-failed", incidentId: ID, about: "flood", notices: 9e9, words, avoided },
  };
  const base = { id: ID, incidentId: ID, state: "pending", at: AT, firstSeen: AT, deliveries: [] } as const;
  const notices: readonly Notice[] = (["begin", "1000000000", "end"] as const).flatMap((step) => [
    { ...base, step, kind: "storm", facts: storm },
    { ...base, step, kind: "failure", facts: failure },
    ...[bounced, dead, failed, untold].map((facts) => ({ ...base, step, kind: "alert", facts }) as const),
  ]);

  test("each notice of a storm, of failures or of an alert is below 64 kB", async () => {
    for (const notice of notices) {
      const { raw } = await composeNotice({ notice, from: FROM, to: ["ann@example.com"], mailIds, lineEnd: "crlf" });
      expect(raw.length, notice.kind).toBeLessThan(MAX_NOTICE_BYTES);
    }
  });

  test("the digest is below 384 kB, and counts whatever it does not list", async () => {
    const entry: DigestEntry = {
      id: ID,
      receivedAt: AT.toISOString(),
      score: 0.91,
      from: words,
      subject: words,
      recipient: words,
    };
    const about = {
      kind: "dsn",
      route: "archive",
      messages: 100,
      rule: "x",
      why: words,
      remote: words,
      words,
    } as const;
    const entries = many(100, entry);
    const facts: DigestFacts = {
      totals: {
        judged: 9e9,
        human: 9e9,
        grouped: 9e9,
        kept: many(12, { verdict: "spam", route: "archive", messages: 9e9 }),
      },
      storms: many(5, {
        id: ID,
        scope: words,
        messages: 9e9,
        reporters: 9e9,
        since: AT.toISOString(),
        over: AT.toISOString(),
      }),
      causes: [
        { ...about, verdict: "undecided", entries },
        ...many(11, { ...about, verdict: "backscatter", reason: "policy-violation", entries } as const),
      ],
      others: { causes: 9e9, messages: 9e9 },
      senders: many(8, { name: words, messages: 9e9 }),
      timeline: { stepMinutes: 60, messages: many(36, 9e9) },
      learning: { corrections: 9e9, modelVersion: 9e9 },
      incidents: many(10, { id: ID, kind: "storm", about: words, messages: 9e9 }),
      deadLetters: 9e9,
    };
    const clock = openWallClock("America/Argentina/ComodRivadavia");
    const links = { days: 14, linkTo: () => `https://triage.example.com/l/${"x".repeat(120)}` };
    const period = { since: new Date("2026-11-20T12:05:00Z"), until: AT, at: AT };
    const to = ["ann@example.com"];
    const { raw, text } = await composeDigest({
      ...period,
      id: ID,
      facts,
      clock,
      links,
      from: FROM,
      to,
      mailIds,
      lineEnd: "crlf",
    });
    expect(raw.length).toBeLessThan(MAX_DIGEST_BYTES);
    const listed = text.split("\n").filter((line) => line.startsWith("  * ")).length;
    const more = [...text.matchAll(/^ {2}and (\d+) more$/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
    expect(listed + more).toBe(1_200);
    expect(listed).toBeGreaterThanOrEqual(12);
  });
});
