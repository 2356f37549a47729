/** Small builders: each test names only what it is about. */
import { type Address, type Envelope, type Message, NULL_REVERSE_PATH, readHeader, readMessage } from "@triage/message";
import type { Evidence, EvidenceOutcome, ProvenanceCheckId, SiteProfile } from "@triage/provenance";
import type { DsnRecipient, DsnReport, FeedbackReport, PlainReport, Report, Returned, Trait } from "@triage/reports";

export function address(localPart: string, domain: string): Address {
  return { kind: "address", localPart, domain };
}

export const fromMailSystem: Envelope = {
  reversePath: NULL_REVERSE_PATH,
  forwardPaths: [address("postmaster", "example.com")],
};
export const unknownEnvelope: Envelope = { reversePath: undefined, forwardPaths: [] };

/** A site that says nothing about itself. */
export const NO_SITE: SiteProfile = {
  domains: [],
  relays: [],
  messageIdDomains: [],
  batv: undefined,
  srs: undefined,
  dkim: undefined,
  ledger: { complete: false, days: 14 },
};

export const NOTHING_RETURNED: Returned = {
  form: "none",
  headers: undefined,
  bytes: undefined,
  body: undefined,
  from: undefined,
  reversePath: undefined,
  messageId: undefined,
  subject: undefined,
};

/** A header that came back whole, of which the evidence alone says whose it was. */
export const HEADER_RETURNED: Returned = {
  ...NOTHING_RETURNED,
  form: "headers",
  headers: readHeader(Buffer.from("Message-ID: <1@example.com>\r\n")),
  messageId: "<1@example.com>",
};

export function message(lines: readonly string[]): Message {
  return readMessage(Buffer.from(`${lines.join("\r\n")}\r\n`));
}

/** A plain letter to the postmaster. */
export function letter(subject: string, body: string): Message {
  return message([
    "From: ann@example.net",
    "To: postmaster@example.com",
    "Date: Mon, 3 Mar 2025 10:00:00 +0000",
    "Message-ID: <1@example.net>",
    `Subject: ${subject}`,
    "Content-Type: text/plain; charset=utf-8",
    "",
    body,
  ]);
}

export function recipient(fields: Partial<DsnRecipient> = {}): DsnRecipient {
  return {
    address: address("joe", "example.net"),
    addressText: "joe@example.net",
    originalRecipient: undefined,
    action: "failed",
    status: "5.7.1",
    replyCode: "550",
    reason: "blocked",
    reasonRule: "test",
    permanent: true,
    diagnostic: "smtp; 550 5.7.1 blocked",
    remoteMta: "mx.example.net",
    willRetryUntil: undefined,
    ...fields,
  };
}

export function dsn(fields: Partial<DsnReport> = {}): DsnReport {
  return {
    kind: "dsn",
    format: "rfc3464",
    reportingMta: "mail.example.com",
    envelopeId: undefined,
    arrivalDate: undefined,
    queueId: undefined,
    recipients: [recipient()],
    returned: HEADER_RETURNED,
    traits: [],
    defects: [],
    ...fields,
  };
}

export function plain(kind: PlainReport["kind"], traits: readonly Trait[] = []): PlainReport {
  return { kind, traits, returned: HEADER_RETURNED, defects: [] };
}

export function feedback(): FeedbackReport {
  return {
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
  };
}

export function evidence(check: ProvenanceCheckId, outcome: EvidenceOutcome, strength?: "soft"): Evidence {
  const detail = `${check} says ${outcome}`;
  return strength === undefined ? { check, outcome, detail } : { check, outcome, strength, detail };
}

/** Header of a DSN, for scoring that looks at the outer message only. */
export const bounce = message([
  "From: MAILER-DAEMON@mail.example.com",
  "To: ann@example.com",
  "Subject: failure",
  "",
  "",
]);

/** What scoreMessage takes, for a report that came from a mail system. */
export function input(report: Report, evidenceLines: readonly Evidence[] = [], from: Message = bounce) {
  return { message: from, report, envelope: fromMailSystem, evidence: evidenceLines };
}
