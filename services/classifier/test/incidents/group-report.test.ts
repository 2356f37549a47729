import type { Classification } from "@triage/contracts";
import type { Evidence, StormAnswer } from "@triage/provenance";
import { expect, test } from "vitest";
import { emptySite } from "../../src/empty-site.ts";
import { belongsToStorm } from "../../src/incidents/group-report.ts";

const STORM: StormAnswer = { kind: "storm", strength: "full", by: "address", messages: 900, reporters: 80, hours: 6 };
const COPIED: Evidence = { check: "message-id-domain", outcome: "pass", detail: "It ends in our domain." };
const DOUBTFUL: Classification = {
  verdict: "undecided",
  score: 0.9,
  scores: { "genuine-dsn": 0.1, "user-report": 0, backscatter: 0.9, automated: 0, spam: 0 },
  route: "human",
  actionable: true,
  why: "Not sure enough.",
  rule: "undecided",
  report: { kind: "dsn" },
  returned: { form: "headers" },
  evidence: [],
};

const judge = (
  more: { storm?: StormAnswer | undefined; evidence?: readonly Evidence[]; classification?: Partial<Classification> },
  site = emptySite(),
) =>
  belongsToStorm(
    {
      storm: "storm" in more ? more.storm : STORM,
      evidence: more.evidence ?? [COPIED],
      classification: { ...DOUBTFUL, ...more.classification },
    },
    site,
  );

test("an undecided report of a storm for which nothing but a copied domain speaks is told of with the others", () => {
  expect(judge({})).toBe(true);
  expect(judge({ evidence: [] })).toBe(true);
});

test("anything else that speaks for it, and the human gets it", () => {
  for (const check of ["received-path", "spf", "sent-ledger", "reporting-mta"] as const) {
    expect(judge({ evidence: [COPIED, { check, outcome: "pass", strength: "soft", detail: "" }] }), check).toBe(false);
  }
});

test("where the site has said how its Message-IDs look, one that looks so is more than a copied domain", () => {
  const site = { ...emptySite(), messageIdForms: ["postfix"] };
  expect(judge({}, site)).toBe(false);
  expect(judge({ evidence: [{ ...COPIED, strength: "soft" }] }, site)).toBe(true);
});

test.each<[string, Parameters<typeof judge>[0]]>([
  ["nothing was counted", { storm: undefined }],
  ["there is no storm", { storm: { kind: "calm" } }],
  ["the storm is not beyond doubt", { storm: { ...STORM, strength: "soft" } }],
  ["the storm could be a mailing of ours", { storm: { ...STORM, strength: "unprovable" } }],
  ["it is not clearly more likely forged", { classification: { scores: { ...DOUBTFUL.scores, backscatter: 0.7 } } }],
  ["it is decided", { classification: { verdict: "genuine-dsn" } }],
  ["the classifier gave up on it", { classification: { rule: "classifier-gave-up" } }],
  ["the site wants it", { classification: { rule: "override:that-one" } }],
])("delivered as itself when %s", (_, more) => {
  expect(judge(more)).toBe(false);
});
