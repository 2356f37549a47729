/** Classifications for the tests of the delivery service; each test says only what it is about. */
import type { Classification } from "@triage/contracts";

type Recipient = NonNullable<Classification["report"]["recipients"]>[number];

export function aRecipient(fields: Partial<Recipient>): Recipient {
  return {
    address: "joe@example.net",
    action: "failed",
    status: "5.7.1",
    replyCode: "550",
    reason: "blocked",
    permanent: true,
    diagnostic: "smtp; 550 5.7.1 Service unavailable; client host [192.0.2.1] blocked using bl.example.org",
    remoteMta: "mx.example.net",
    ...fields,
  };
}

export function aClassification(fields: Partial<Classification>): Classification {
  return {
    verdict: "genuine-dsn",
    score: 0.998,
    scores: { "genuine-dsn": 0.998, "user-report": 0, backscatter: 0.002, automated: 0, spam: 0 },
    route: "human",
    actionable: true,
    why: "The returned message carries our DKIM signature, so this site sent it.",
    advice: "Ask the operator of the block list to remove your host.",
    rule: "genuine-blocked",
    report: { kind: "dsn", format: "rfc3464", reportingMta: "mx.example.com", recipients: [aRecipient({})] },
    returned: {
      form: "headers",
      from: "ann@example.com",
      reversePath: "ann@example.com",
      messageId: "<1@example.com>",
      subject: "Invoice 42",
    },
    evidence: [
      { check: "prior", outcome: "neutral", weight: 0, detail: "Before any check, half of all bounces are genuine." },
      { check: "message-id-domain", outcome: "neutral", weight: 0.6, detail: "Its Message-ID ends in example.com." },
      {
        check: "returned-dkim",
        outcome: "pass",
        weight: 6.2,
        detail: "The signature of example.com (selector 2026) verifies.",
      },
    ],
    ...fields,
  };
}

/** A person writes. */
export const LETTER = aClassification({
  verdict: "user-report",
  score: 0.9712,
  why: "A person writes to the postmaster and asks a question.",
  advice: "Answer the letter.",
  rule: "person",
  report: { kind: "person" },
  returned: { form: "none" },
  evidence: [{ check: "person", outcome: "pass", weight: 3.1, detail: "Written by hand." }],
});
