import { explainPolicy, type PolicyRow, type RoutedFacts, routeFacts } from "@triage/routing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyFacts, anyFailing, anyPolicy } from "./any-policy.ts";

const FACTS: RoutedFacts = {
  verdict: "genuine-dsn",
  kind: "dsn",
  recipients: [
    {
      action: "failed",
      reason: "blocked",
      reasonRule: "spamhaus",
      status: "5.7.1",
      remoteMta: "mx1.mail.example.net",
      address: { domain: "example.org" },
    },
  ],
  doubleBounce: false,
  forwardPathDomains: ["example.com"],
  causes: { messagesWithin: (hours) => hours * 2, isNew: (days) => days <= 7 },
};

const SHOWS = { id: "mine", route: "human", because: "A test." } as const;
const HIDES = { id: "mine", route: "archive", because: "A test." } as const;

const matches = (row: PolicyRow, facts: RoutedFacts = FACTS) => routeFacts(facts, { policy: [row] }).rule === "mine";

/** Each condition with a value that holds of FACTS, one that does not, and what is then said to be there. */
const CONDITIONS: readonly (readonly [Partial<PolicyRow>, Partial<PolicyRow>, string])[] = [
  [{ verdict: ["genuine-dsn"] }, { verdict: ["spam"] }, "genuine-dsn"],
  [{ kind: ["dsn", "mdn"] }, { kind: ["feedback"] }, "dsn"],
  [{ doubleBounce: false }, { doubleBounce: true }, "false"],
  [{ forwardPathDomain: ["example.com"] }, { forwardPathDomain: ["*.example.com"] }, "example.com"],
  [{ volume: { atLeast: 10, withinHours: 5 } }, { volume: { atLeast: 11, withinHours: 5 } }, "10"],
  [{ novelty: { days: 7 } }, { novelty: { days: 8 } }, "seen before"],
  [{ action: ["failed"] }, { action: ["delayed", "relayed"] }, "failed"],
  [{ reason: ["blocked"] }, { reason: ["user-unknown"] }, "blocked"],
  [{ reasonRule: ["spamhaus"] }, { reasonRule: ["greylisted"] }, "spamhaus"],
  [{ statusClass: ["x.7"] }, { statusClass: ["4", "5.1.1"] }, "5.7.1"],
  [{ remoteOrganisation: ["example.net"] }, { remoteOrganisation: ["example.org"] }, "example.net"],
  [{ recipientDomain: ["example.org"] }, { recipientDomain: ["example.net"] }, "example.org"],
];

describe.each(CONDITIONS)("%j", (holding, failing, saw) => {
  test("holds, in a row that shows as in one that hides", () => {
    expect(matches({ ...SHOWS, ...holding })).toBe(true);
    expect(matches({ ...HIDES, ...holding })).toBe(true);
  });

  test("is named, with what is there instead, when it does not hold", () => {
    for (const row of [SHOWS, HIDES]) {
      const [explained] = explainPolicy(FACTS, { policy: [{ ...row, ...failing }] });
      expect(explained?.matched).toBe(false);
      expect(explained?.failed).toEqual([{ condition: Object.keys(failing)[0], wanted: expect.any(String), saw }]);
    }
  });
});

test("of a message of which nothing is known no condition holds, but that it is no double bounce", () => {
  const unknown: RoutedFacts = { verdict: "undecided", kind: "other", recipients: [] };
  const holding = CONDITIONS.map(([condition]) => condition).filter((condition) =>
    [SHOWS, HIDES].some((row) => matches({ ...row, ...condition }, unknown)),
  );
  expect(holding).toEqual([{ doubleBounce: false }]);
});

describe("status classes", () => {
  const withStatus = (status: string, ...statusClass: string[]) =>
    matches({ ...SHOWS, statusClass }, { ...FACTS, recipients: [{ action: "failed", reason: "blocked", status }] });

  test("5.7 is 5.7.0 and 5.7.26; not 4.7.0, 5.70.1 or 5.1.7", () => {
    expect(["5.7.0", "5.7.26", "4.7.0", "5.70.1", "5.1.7"].map((status) => withStatus(status, "5.7"))).toEqual([
      ...[true, true, false, false, false],
    ]);
  });

  test("x is any: x.7, 5.x.1", () => {
    expect(withStatus("4.7.0", "x.7")).toBe(true);
    expect(withStatus("5.1.1", "5.x.1")).toBe(true);
    expect(withStatus("5.1.2", "5.x.1")).toBe(false);
  });
});

describe("domains", () => {
  const refusedBy = (remoteMta: string | undefined, ...remoteOrganisation: string[]) =>
    matches(
      { ...SHOWS, remoteOrganisation },
      {
        ...FACTS,
        recipients: [{ action: "failed", reason: "blocked", remoteMta, address: { domain: "users.example.net" } }],
      },
    );

  test("an organisation is that of the host that answered; where that is not named, or only by address, of the recipient", () => {
    expect(refusedBy("mx.provider.example", "provider.example")).toBe(true);
    expect(refusedBy("mx.provider.example", "example.net")).toBe(false);
    expect(refusedBy(undefined, "example.net")).toBe(true);
    expect(refusedBy("[192.0.2.1]", "example.net")).toBe(true);
  });

  test("*. is any below, not the domain itself", () => {
    expect(refusedBy("mx.provider.example", "*.example")).toBe(true);
    expect(refusedBy("mx.provider.example", "*.provider.example")).toBe(false);
    expect(matches({ ...SHOWS, recipientDomain: ["*.example.org"] })).toBe(false);
  });
});

describe("several recipients", () => {
  const two: RoutedFacts = {
    ...FACTS,
    recipients: [
      { action: "failed", reason: "user-unknown", address: { domain: "example.net" } },
      { action: "failed", reason: "blocked", address: { domain: "example.org" } },
    ],
  };

  test("a row that shows is about one of them, with all that it asks for", () => {
    expect(matches({ ...SHOWS, reason: ["blocked"], recipientDomain: ["example.org"] }, two)).toBe(true);
    expect(matches({ ...SHOWS, reason: ["blocked"], recipientDomain: ["example.net"] }, two)).toBe(false);
  });

  test("a row that hides must fit each that failed or is delayed; who got the mail does not count", () => {
    expect(matches({ ...HIDES, recipientDomain: ["example.net"] }, two)).toBe(false);
    expect(matches({ ...HIDES, recipientDomain: ["example.net", "example.org"] }, two)).toBe(true);
    const [unknown] = two.recipients;
    const got = { action: "delivered", reason: "delivered", address: { domain: "example.com" } } as const;
    const partly = { ...two, recipients: unknown === undefined ? [got] : [unknown, got] };
    expect(matches({ ...HIDES, recipientDomain: ["example.net"] }, partly)).toBe(true);
  });

  test("which of them kept a row from matching is said: the nearest to a row that shows, the first that does not fit one that hides", () => {
    const shows = { ...SHOWS, reason: ["expired"], recipientDomain: ["example.org"] };
    expect(explainPolicy(two, { policy: [shows] })[0]?.failed).toEqual([
      { condition: "reason", wanted: "expired", saw: "blocked", recipient: 2 },
    ]);
    const hides = { ...HIDES, reason: ["user-unknown"] };
    expect(explainPolicy(two, { policy: [hides] })[0]?.failed).toEqual([
      { condition: "reason", wanted: "user-unknown", saw: "blocked", recipient: 2 },
    ]);
  });

  test("of several domains of ours that a message was sent to, one is enough to show, and all must fit to hide", () => {
    const facts = { ...FACTS, forwardPathDomains: ["example.com", "example.org"] };
    expect(matches({ ...SHOWS, forwardPathDomain: ["example.com"] }, facts)).toBe(true);
    expect(matches({ ...HIDES, forwardPathDomain: ["example.com"] }, facts)).toBe(false);
  });
});

describe("whatever the policy", () => {
  test("a row above that shows never hides anything", () => {
    fc.assert(
      fc.property(anyPolicy, anyPolicy, anyFacts, (above, policy, facts) => {
        const shown = above.map((row) => ({ ...row, route: "human" as const }));
        const before = routeFacts(facts, { policy }).route;
        return before !== "human" || routeFacts(facts, { policy: [...shown, ...policy] }).route === "human";
      }),
    );
  });

  test("one more failing recipient never takes a message away from the human", () => {
    fc.assert(
      fc.property(anyPolicy, anyFacts, anyFailing, anyFailing, (policy, facts, one, other) => {
        const failing = { ...facts, recipients: [...facts.recipients, one] };
        const more = { ...facts, recipients: [...facts.recipients, one, other] };
        return routeFacts(failing, { policy }).route !== "human" || routeFacts(more, { policy }).route === "human";
      }),
    );
  });

  test("the explanation names the row that decides, and for each row that does not match at least one condition", () => {
    fc.assert(
      fc.property(anyPolicy, anyFacts, (policy, facts) => {
        const rows = explainPolicy(facts, { policy });
        const { rule, route, urgency } = routeFacts(facts, { policy });
        const decisive = rows.filter((row) => row.decisive);
        expect(decisive).toMatchObject([{ id: rule, route, urgency, matched: true }]);
        expect(rows.find(({ matched }) => matched)).toBe(decisive[0]);
        for (const { matched, failed } of rows) expect(matched).toBe(failed.length === 0);
      }),
    );
  });

  test("an override that names a route stands above it, in the explanation as well", () => {
    const override = { id: "noc", match: {}, route: "human", because: "Our upstream." } as const;
    const rows = explainPolicy(FACTS, { policy: [HIDES], override });
    expect(rows.map(({ id, matched, decisive }) => [id, matched, decisive])).toEqual([
      ["override:noc", true, true],
      ["mine", true, false],
    ]);
  });
});
