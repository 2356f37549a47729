/** Classifications that tests of the HTTP interface store, here and in the command that talks to it. */
import type { Classification } from "@triage/contracts";

/** Kept from the human, and taken for spam beyond doubt. */
export const SPAM: Classification = {
  verdict: "spam",
  score: 0.97,
  scores: { "genuine-dsn": 0.01, "user-report": 0.01, backscatter: 0, automated: 0.01, spam: 0.97 },
  route: "archive",
  actionable: false,
  why: "It is spam.",
  rule: "spam",
  report: { kind: "other" },
  returned: { form: "none" },
  evidence: [],
};

/** A person's letter, for the human. */
export const LETTER: Classification = {
  verdict: "user-report",
  score: 0.99,
  scores: { "genuine-dsn": 0, "user-report": 0.99, backscatter: 0, automated: 0, spam: 0.01 },
  route: "human",
  actionable: true,
  why: "A person wrote.",
  rule: "user-report",
  report: { kind: "person" },
  returned: { form: "none" },
  evidence: [],
};
