import { describe, expect, test } from "vitest";
import { useConfigFiles } from "./config-files.ts";

const files = useConfigFiles();
const load = (lines: readonly string[]) => files.load(lines.join("\n"));
const problemsOf = (...lines: readonly string[]) => files.problemsOf(lines.join("\n"));

/** One row with this condition, on line 3. */
const withCondition = (condition: string) =>
  problemsOf("policy:", "  - id: mine", `    ${condition}`, "    route: human", "    because: We want it so.");

describe("the policy of a site", () => {
  test("is the built-in one when nobody configures it", () => {
    expect(load([])).toMatchObject({ policy: undefined, policyAbove: [] });
  });

  test("is read with every condition, names without case and without the dot at their end", () => {
    const { policy, policyAbove } = load([
      "policyAbove:",
      "  - id: big-provider",
      "    verdict: [genuine-dsn]",
      "    kind: [dsn]",
      "    action: [failed]",
      "    reason: [user-unknown]",
      "    reasonRule: [greylisted]",
      '    statusClass: ["5.7", x.7, 5.1.1]',
      "    remoteOrganisation: [Example.NET.]",
      '    recipientDomain: ["*.Example.net"]',
      "    forwardPathDomain: [example.com]",
      "    doubleBounce: false",
      "    volume: { atLeast: 25, withinHours: 1 }",
      "    novelty: { days: 30 }",
      "    route: human",
      "    urgency: high",
      "    because: We want it so.",
      "policy:",
      "  - { id: rest, route: digest, because: Ann reads lists. }",
    ]);
    expect(policyAbove).toEqual([
      {
        id: "big-provider",
        verdict: ["genuine-dsn"],
        kind: ["dsn"],
        action: ["failed"],
        reason: ["user-unknown"],
        reasonRule: ["greylisted"],
        statusClass: ["5.7", "x.7", "5.1.1"],
        remoteOrganisation: ["example.net"],
        recipientDomain: ["*.example.net"],
        forwardPathDomain: ["example.com"],
        doubleBounce: false,
        volume: { atLeast: 25, withinHours: 1 },
        novelty: { days: 30 },
        route: "human",
        urgency: "high",
        because: "We want it so.",
      },
    ]);
    expect(policy).toEqual([{ id: "rest", route: "digest", because: "Ann reads lists." }]);
  });
});

describe("a mistake in the policy is named by key and line, with what was probably meant", () => {
  test("an unknown reason, kind or action", () => {
    expect(withCondition("reason: [user-unknow]")).toEqual([
      '3: policy[0].reason[0] is not known: "user-unknow"; did you mean user-unknown?',
    ]);
    expect(withCondition("kind: [dsn, dmarc-agregate]")).toEqual([
      '3: policy[0].kind[1] is not known: "dmarc-agregate"; did you mean dmarc-aggregate?',
    ]);
    expect(withCondition("action: [bounced]")).toEqual([
      '3: policy[0].action[0] is not known: "bounced" (known: failed, delayed, delivered, relayed, expanded)',
    ]);
  });

  test("a status class that RFC 3463 does not have, or that YAML takes for a number", () => {
    expect(withCondition('statusClass: ["5,7"]')).toEqual([
      '3: policy[0].statusClass[0] must look like "5.7", "x.7" or "5.1.1", not "5,7"; did you mean "5.7"?',
    ]);
    expect(withCondition("statusClass: [3.7.1]")).toEqual([
      '3: policy[0].statusClass[0] must look like "5.7", "x.7" or "5.1.1", not "3.7.1"',
    ]);
    expect(withCondition("statusClass: [5.7]")).toEqual([
      "3: policy[0].statusClass[0] must be text (in quotation marks, if it looks like a number), not 5.7",
    ]);
  });

  test("a rule that chooses no reason; those that are named by a code are known", () => {
    expect(withCondition("reasonRule: [graylisted]")).toEqual([
      '3: policy[0].reasonRule[0] is no rule that chooses a reason: "graylisted"; did you mean greylisted?',
    ]);
    expect(withCondition("reasonRule: [greylisted, status-5.7.26, reply-550, no-diagnostic]")).toEqual([]);
  });

  test("a host where an organisation belongs", () => {
    expect(withCondition("remoteOrganisation: [mx1.example.net, Mail.Example.co.uk, example.org]")).toEqual([
      '3: policy[0].remoteOrganisation[0] is a host of example.net: name the organisation, "example.net"',
      '3: policy[0].remoteOrganisation[1] is a host of example.co.uk: name the organisation, "example.co.uk"',
    ]);
  });

  test("an address where a domain belongs, in any of the three", () => {
    for (const key of ["recipientDomain", "remoteOrganisation", "forwardPathDomain"]) {
      expect(withCondition(`${key}: [joe@example.net]`)).toEqual([
        `3: policy[0].${key}[0] must be a domain such as example.net or *.example.net, not "joe@example.net"; did you mean example.net?`,
      ]);
    }
  });

  test("an empty condition, a volume of one, an unknown key", () => {
    expect(withCondition("reason: []")).toEqual(["3: policy[0].reason must not be empty"]);
    expect(withCondition("volume: { atLeast: 1, withinHours: 1 }")).toEqual([
      "3: policy[0].volume.atLeast must be at least 2, not 1",
    ]);
    expect(withCondition("urgence: high")).toEqual([
      "3: policy[0].urgence is not a key that is known here; did you mean urgency?",
    ]);
  });

  test("an id that is given twice, across both tables", () => {
    const row = "  - { id: same, verdict: [spam], route: archive, because: x }";
    expect(problemsOf("policyAbove:", row, "policy:", row)).toEqual(['4: policy[0].id is given twice: "same"']);
  });

  test("a row that is never asked, because one above it matches every message", () => {
    expect(
      problemsOf(
        "policy:",
        "  - { id: all, route: human, because: x }",
        "  - { id: spam, verdict: [spam], route: archive, because: x }",
      ),
    ).toEqual(["3: policy[1] is never asked: the row all above has no condition and matches every message"]);
  });
});
