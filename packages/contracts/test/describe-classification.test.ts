import type { DsnReport, PlainReport } from "@triage/reports";
import type { Route } from "@triage/routing";
import type { Verdict } from "@triage/scoring";
import { Compile } from "typebox/compile";
import { describe, expect, test } from "vitest";
import { ClassificationSchema, describeClassification, describeReversePath } from "../src/index.ts";

const checker = Compile(ClassificationSchema);
const JOE = { kind: "address", localPart: "joe", domain: "example.net" } as const;

const NOTHING_RETURNED: DsnReport["returned"] = {
  form: "none",
  headers: undefined,
  bytes: undefined,
  body: undefined,
  from: undefined,
  reversePath: undefined,
  messageId: undefined,
  subject: undefined,
};

const DSN: DsnReport = {
  kind: "dsn",
  format: "rfc3464",
  reportingMta: "mx.example.net",
  envelopeId: undefined,
  arrivalDate: undefined,
  queueId: undefined,
  recipients: [
    {
      address: JOE,
      addressText: "rfc822;joe@example.net",
      originalRecipient: undefined,
      action: "failed",
      status: "5.7.1",
      replyCode: "550",
      reason: "blocked",
      reasonRule: "status-5-7-1",
      permanent: true,
      diagnostic: "smtp; 550 5.7.1 blocked",
      remoteMta: "mx.example.net",
      willRetryUntil: undefined,
    },
  ],
  returned: {
    ...NOTHING_RETURNED,
    form: "message",
    from: { kind: "address", localPart: "ann", domain: "example.com" },
    reversePath: { kind: "null" },
    messageId: "<1@example.com>",
    subject: "hello",
  },
  traits: ["null-reverse-path"],
  defects: [],
};

const VERDICT: Verdict = {
  verdict: "genuine-dsn",
  score: 0.998,
  scores: { "genuine-dsn": 0.998, "user-report": 0, backscatter: 0.002, automated: 0, spam: 0 },
  evidence: [{ check: "returned-dkim", outcome: "pass", weight: 6.2, detail: "Our signature is valid." }],
  why: "Our own signature came back.",
};

const ROUTE: Route = {
  route: "human",
  actionable: true,
  urgency: "normal",
  rule: "ours-to-fix",
  advice: "Ask for removal from the list.",
  fingerprint: "v1:00ff",
};

describe("the JSON of a classified message", () => {
  test("has the documented fields, and no other", () => {
    const classification = describeClassification(DSN, VERDICT, ROUTE);
    expect(checker.Check(classification)).toBe(true);
    expect(classification).toEqual({
      verdict: "genuine-dsn",
      score: 0.998,
      scores: VERDICT.scores,
      route: "human",
      actionable: true,
      urgency: "normal",
      why: "Our own signature came back.",
      advice: "Ask for removal from the list.",
      rule: "ours-to-fix",
      fingerprint: "v1:00ff",
      report: {
        kind: "dsn",
        format: "rfc3464",
        reportingMta: "mx.example.net",
        recipients: [
          {
            address: "joe@example.net",
            action: "failed",
            status: "5.7.1",
            replyCode: "550",
            reason: "blocked",
            reasonRule: "status-5-7-1",
            permanent: true,
            diagnostic: "smtp; 550 5.7.1 blocked",
            remoteMta: "mx.example.net",
          },
        ],
      },
      returned: {
        form: "message",
        from: "ann@example.com",
        reversePath: "<>",
        messageId: "<1@example.com>",
        subject: "hello",
      },
      evidence: VERDICT.evidence,
    });
  });

  test("leaves out what is not known, and survives JSON unchanged", () => {
    const person: PlainReport = { kind: "person", returned: NOTHING_RETURNED, traits: [], defects: [] };
    const route = { ...ROUTE, advice: undefined, fingerprint: undefined };
    const classification = describeClassification(person, VERDICT, route);
    expect(checker.Check(classification)).toBe(true);
    expect(classification.report).toStrictEqual({ kind: "person" });
    expect(classification.returned).toStrictEqual({ form: "none" });
    expect(JSON.parse(JSON.stringify(classification))).toStrictEqual(classification);
  });

  test("names a recipient as the report spells it where that is no address", () => {
    const [recipient] = DSN.recipients;
    if (recipient === undefined) throw new Error("no recipient");
    const spelled = { ...DSN, recipients: [{ ...recipient, address: undefined }] };
    const { report } = describeClassification(spelled, VERDICT, ROUTE);
    expect(report.recipients?.[0]?.address).toBe("rfc822;joe@example.net");
  });

  test("names the defects of the message", () => {
    const defects = [{ code: "boundary-never-closed", detail: "The multipart has no end.", offset: 7 }] as const;
    const { report } = describeClassification({ ...DSN, defects }, VERDICT, ROUTE);
    expect(report.defects).toEqual([{ code: "boundary-never-closed", detail: "The multipart has no end." }]);
  });

  test("says the type of a feedback report", () => {
    const { report } = describeClassification(
      {
        kind: "feedback",
        feedbackType: "abuse",
        userAgent: undefined,
        sourceIp: undefined,
        originalMailFrom: undefined,
        originalRecipients: [],
        reportedDomains: [],
        returned: NOTHING_RETURNED,
        traits: [],
        defects: [],
      },
      VERDICT,
      ROUTE,
    );
    expect(report).toStrictEqual({ kind: "feedback", feedbackType: "abuse" });
  });
});

test("the null reverse-path is <>, an unknown one is nothing", () => {
  expect(describeReversePath({ kind: "null" })).toBe("<>");
  expect(describeReversePath(undefined)).toBeUndefined();
  expect(describeReversePath(JOE)).toBe("joe@example.net");
});
