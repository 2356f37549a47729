import type { Classification } from "@triage/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { formatSubject, type OuterFields } from "../src/compose/subject.ts";
import { aClassification, aRecipient } from "./classifications.ts";

const NOBODY: OuterFields = { from: undefined, subject: undefined };
const bounce = (recipients: NonNullable<Classification["report"]["recipients"]>, verdict = "genuine-dsn" as const) =>
  aClassification({ verdict, report: { kind: "dsn", format: "rfc3464", recipients } });

test("a bounce says what happened to whom, with the code", () => {
  expect(formatSubject(bounce([aRecipient({})]), NOBODY)).toBe("[triage] Blocked: joe@example.net (5.7.1)");
});

test("a bounce for several recipients names the first and counts the others", () => {
  const recipients = [aRecipient({ reason: "user-unknown", status: "5.1.1" }), aRecipient({}), aRecipient({})];
  expect(formatSubject(bounce(recipients), NOBODY)).toBe("[triage] User unknown: joe@example.net and 2 more (5.1.1)");
});

test("a delay is called a delay, whatever its reason", () => {
  const recipient = aRecipient({ action: "delayed", permanent: false, status: "4.4.1", reason: "network-error" });
  expect(formatSubject(bounce([recipient]), NOBODY)).toBe("[triage] Delayed: joe@example.net (4.4.1)");
});

test("a letter begins with its author and subject, a complaint with its type", () => {
  const outer = { from: "Joe <joe@example.net>", subject: "You send me spam" };
  expect(formatSubject(aClassification({ verdict: "user-report", report: { kind: "person" } }), outer)).toBe(
    "[triage] Joe: You send me spam",
  );
  const feedback = aClassification({
    verdict: "user-report",
    report: { kind: "feedback", feedbackType: "abuse" },
    returned: { form: "none" },
  });
  expect(formatSubject(feedback, outer)).toBe("[triage] Complaint (abuse): You send me spam");
});

test("a complaint is named by the mail that it is about, because feedback loops write one subject for all", () => {
  const about = { form: "message", subject: "Autumn sale" } as const;
  const feedback = aClassification({ report: { kind: "feedback", feedbackType: "abuse" }, returned: about });
  expect(formatSubject(feedback, { from: undefined, subject: "Email Feedback Report for IP 192.0.2.1" })).toBe(
    "[triage] Complaint (abuse): Autumn sale",
  );
});

test("of a report about many, those who got it are not counted, and a failure is said before a delay", () => {
  const got = aRecipient({ address: "ok@example.net", action: "delivered", reason: "delivered", status: "2.0.0" });
  const late = aRecipient({ address: "late@example.net", action: "delayed", status: "4.4.1" });
  const lost = aRecipient({ address: "lost@example.net", reason: "user-unknown", status: "5.1.1" });
  expect(formatSubject(bounce([got, late, lost]), NOBODY)).toBe("[triage] User unknown: lost@example.net (5.1.1)");
  expect(formatSubject(bounce([got, late]), NOBODY)).toBe("[triage] Delayed: late@example.net (4.4.1)");
  expect(formatSubject(bounce([got]), NOBODY)).toBe("[triage] Delivered: ok@example.net (2.0.0)");
});

test("an author without a display name is shown by the address", () => {
  const letter = aClassification({ verdict: "user-report", report: { kind: "person" } });
  expect(formatSubject(letter, { from: "<joe@example.net>", subject: "Hi" })).toBe("[triage] <joe@example.net>: Hi");
  expect(formatSubject(letter, { from: '"Doe, Joe" <joe@example.net>', subject: "Hi" })).toBe("[triage] Doe, Joe: Hi");
});

test("what is undecided says so first", () => {
  const other = aClassification({ verdict: "undecided", report: { kind: "other" } });
  expect(formatSubject(other, NOBODY)).toBe("[triage] Undecided: Message: (no subject)");
});

test("whatever a stranger puts into addresses and subjects, the subject is one printable line of 100 characters", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary", maxLength: 300 }),
      fc.string({ unit: "binary", maxLength: 300 }),
      (a, b) => {
        for (const classification of [
          bounce([aRecipient({ address: a })]),
          aClassification({ report: { kind: "person" } }),
        ]) {
          const subject = formatSubject(classification, { from: a, subject: b });
          expect(subject.startsWith("[triage] ")).toBe(true);
          expect([...subject].length).toBeLessThanOrEqual(100);
          expect(subject).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        }
      },
    ),
  );
});
