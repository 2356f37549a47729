import type { Classification } from "@triage/contracts";
import { expect, test } from "vitest";
import { groupMessage } from "../../src/incidents/group-message.ts";

type Recipient = NonNullable<Classification["report"]["recipients"]>[number];

const REFUSED: Recipient = {
  address: "joe@example.net",
  action: "failed",
  reason: "blocked",
  permanent: true,
  diagnostic: "smtp; 550 listed, see https://bl.example/",
  remoteMta: "mx1.mail.example.net",
};

const FAILURE: Classification = {
  verdict: "genuine-dsn",
  score: 0.99,
  scores: { "genuine-dsn": 0.99, "user-report": 0, backscatter: 0.01, automated: 0, spam: 0 },
  route: "human",
  actionable: true,
  why: "It is ours.",
  advice: "Ask for removal.",
  rule: "dsn-about-us",
  fingerprint: "v2:0123456789abcdef",
  report: { kind: "dsn", recipients: [REFUSED] },
  returned: { form: "headers" },
  evidence: [],
};

const group = (more: Partial<Classification>, domains: readonly string[] = ["example.com"]) =>
  groupMessage({ ...FAILURE, ...more }, domains, 5);

test("a failure of ours that a human is to see belongs to the incident of its cause", () => {
  expect(group({})).toEqual({
    kind: "failure",
    scope: "v2:0123456789abcdef example.com",
    severity: "failed",
    addressesShown: 5,
    cause: {
      fingerprint: "v2:0123456789abcdef",
      reason: "blocked",
      remote: "example.net",
      words: REFUSED.diagnostic,
      links: ["https://bl.example/"],
      advice: "Ask for removal.",
      forwardPathDomains: ["example.com"],
    },
  });
});

test("a delay belongs to it, too, but is the lesser evil", () => {
  const report = { kind: "dsn" as const, recipients: [{ ...REFUSED, action: "delayed" as const }] };
  expect(group({ report })).toMatchObject({ severity: "delayed" });
});

test.each<[string, Partial<Classification>]>([
  ["what a person wrote", { verdict: "user-report", report: { kind: "person" } }],
  ["a complaint", { verdict: "user-report", report: { kind: "feedback" } }],
  ["what is undecided", { verdict: "undecided" }],
  ["what is archived anyway", { route: "archive" }],
  ["what the site has singled out", { rule: "override:the-boss" }],
  ["a virus notice about mail of ours", { report: { kind: "virus-notice" } }],
])("never grouped: %s", (_, more) => {
  expect(group(more)).toBeUndefined();
});

test("without a fingerprint nobody knows the cause, so nothing is grouped", () => {
  const { fingerprint: _, ...unknown } = FAILURE;
  expect(groupMessage(unknown, ["example.com"], 5)).toBeUndefined();
});

test("mail to another domain may concern another human, so it is another incident", () => {
  expect(group({}, ["example.org"])?.scope).not.toBe(group({})?.scope);
  expect(group({}, ["b.example", "a.example", "b.example"])?.scope).toBe(group({}, ["a.example", "b.example"])?.scope);
});
