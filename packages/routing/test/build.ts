/** Small builders: each test names only what it is about. */
import type { DsnRecipient, DsnReport, PlainReport, Returned } from "@triage/reports";
import type { Verdict, VerdictId } from "@triage/scoring";

const NOTHING_RETURNED: Returned = {
  form: "none",
  headers: undefined,
  bytes: undefined,
  body: undefined,
  from: undefined,
  reversePath: undefined,
  messageId: undefined,
  subject: undefined,
};

export function recipient(fields: Partial<DsnRecipient> = {}): DsnRecipient {
  return {
    address: { kind: "address", localPart: "joe", domain: "example.net" },
    addressText: "joe@example.net",
    originalRecipient: undefined,
    action: "failed",
    status: undefined,
    replyCode: undefined,
    reason: "user-unknown",
    reasonRule: "test",
    permanent: true,
    diagnostic: undefined,
    remoteMta: undefined,
    willRetryUntil: undefined,
    ...fields,
  };
}

export function dsn(...recipients: readonly Partial<DsnRecipient>[]): DsnReport {
  return {
    kind: "dsn",
    format: "rfc3464",
    reportingMta: undefined,
    envelopeId: undefined,
    arrivalDate: undefined,
    queueId: undefined,
    recipients: recipients.map(recipient),
    returned: NOTHING_RETURNED,
    traits: [],
    defects: [],
  };
}

export function plain(kind: PlainReport["kind"]): PlainReport {
  return { kind, returned: NOTHING_RETURNED, traits: [], defects: [] };
}

export function verdictOf(verdict: VerdictId): Verdict {
  const scores = { "genuine-dsn": 0.2, "user-report": 0.2, backscatter: 0.2, automated: 0.2, spam: 0.2 };
  return { verdict, score: 0.2, scores, evidence: [], why: "Because." };
}
