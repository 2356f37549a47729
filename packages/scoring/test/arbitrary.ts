/** Any report with any evidence, for properties that hold for all mail. */
import { PROVENANCE_CHECK_IDS } from "@triage/provenance";
import type { Report, Trait } from "@triage/reports";
import fc from "fast-check";
import {
  address,
  dsn,
  evidence,
  feedback,
  fromMailSystem,
  letter,
  NOTHING_RETURNED,
  plain,
  unknownEnvelope,
} from "./build.ts";

const TRAITS: readonly Trait[] = [
  "null-reverse-path",
  "auto-submitted",
  "precedence-bulk",
  "list-mail",
  "from-daemon",
  "from-no-reply",
  "reply-or-forward",
  "attached-report",
  "cron",
  "calendar-reply",
  "letter-form",
  "contact-form",
  "html-only",
  "bulk-headers",
];

const KINDS = ["auto-reply", "challenge", "virus-notice", "dmarc-aggregate", "tls-report", "person", "other"] as const;

const reportWithoutTraits: fc.Arbitrary<Report> = fc.oneof(
  fc.constant(dsn()),
  fc.constant(dsn({ returned: NOTHING_RETURNED })),
  fc.constant(dsn({ format: "dialect:postfix", recipients: [] })),
  fc.constant(feedback()),
  fc.constantFrom(...KINDS).map((kind) => plain(kind)),
);

export const anyReport: fc.Arbitrary<Report> = fc
  .tuple(reportWithoutTraits, fc.subarray([...TRAITS]))
  .map(([report, traits]) => ({ ...report, traits }));

export const anyEvidence = fc
  .subarray([...PROVENANCE_CHECK_IDS])
  .chain((checks) =>
    fc.tuple(
      ...checks.map((check) =>
        fc
          .tuple(
            fc.constantFrom(
              "pass" as const,
              "fail" as const,
              "neutral" as const,
              "skip" as const,
              "temperror" as const,
            ),
            fc.constantFrom("soft" as const, undefined),
          )
          .map(([outcome, strength]) => evidence(check, outcome, strength)),
      ),
    ),
  );

const anyText = fc
  .tuple(fc.string({ unit: "grapheme" }), fc.lorem({ maxCount: 30 }))
  .map(([subject, body]) => letter(subject.replace(/[\r\n]/g, " "), body));

const anyEnvelope = fc.constantFrom(fromMailSystem, unknownEnvelope, {
  ...unknownEnvelope,
  reversePath: address("ann", "example.net"),
});

export const anyInput = fc.record({
  message: anyText,
  report: anyReport,
  envelope: anyEnvelope,
  evidence: anyEvidence,
});
