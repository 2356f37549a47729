import { NULL_REVERSE_PATH } from "@triage/message";
import { matchOverride, type Override, type OverrideMatch, scoreMessage, VERDICT_CLASSES } from "@triage/scoring";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyInput } from "./arbitrary.ts";
import { address, dsn, HEADER_RETURNED, input, letter, message, plain, recipient, unknownEnvelope } from "./build.ts";

/** A pattern of the platform's engine: this package has none, and takes any. */
const pattern = (source: RegExp) => ({ source: source.source, test: (text: string) => source.test(text) });

function override(match: OverrideMatch, fields: Partial<Override> = {}): Override {
  return { id: "sellers", match, verdict: "spam", because: "they sell lists", ...fields };
}

const LETTER = message([
  'From: "Ann, of sales" <Ann.Lee@Mail.Example.NET>, joe@example.org',
  "To: postmaster@example.com",
  "List-Id: Offers of the week <Offers.Lists.Example.NET>",
  "X-Mailer: BulkMate 7",
  "X-Mailer: something older",
  "Subject: =?utf-8?Q?5000_leads_f=C3=BCr_Sie?=",
  "",
  "Dear postmaster,",
  "buy now.",
]);

const given = {
  message: LETTER,
  report: plain("person"),
  envelope: {
    reversePath: address("bounces+7", "mail.example.net"),
    forwardPaths: [address("Postmaster", "example.com"), address("abuse", "example.com")],
  },
};

const at = (localPart: string | undefined, domain: string) => ({ localPart, domain });

describe("each condition", () => {
  test.each<readonly [string, OverrideMatch, boolean]>([
    ["from: the first address of the header, without case", { from: [at("ann.lee", "mail.example.net")] }, true],
    ["from: not a further one", { from: [at("joe", "example.org")] }, false],
    ["from: any at that domain", { from: [at(undefined, "mail.example.net")] }, true],
    ["fromDomain", { fromDomain: ["example.org", "mail.example.net"] }, true],
    ["fromDomain: a wildcard is any subdomain", { fromDomain: ["*.example.net"] }, true],
    ["fromDomain: a wildcard is not the domain itself", { fromDomain: ["*.mail.example.net"] }, false],
    ["fromDomain: a name that only ends alike is another", { fromDomain: ["*.ample.net"] }, false],
    ["reversePath", { reversePath: [at("bounces+7", "mail.example.net")] }, true],
    ["reversePath: an address is not the null one", { reversePath: ["<>"] }, false],
    ["forwardPath: any recipient", { forwardPath: [at("abuse", "example.com")] }, true],
    ["forwardPath: another recipient", { forwardPath: [at("noc", "example.com")] }, false],
    ["listId: without its description and case", { listId: ["offers.lists.example.net"] }, true],
    ["listId: all lists of a host", { listId: ["*.lists.example.net"] }, true],
    ["kind", { kind: ["dsn", "person"] }, true],
    ["kind: another", { kind: ["dsn"] }, false],
    ["subject: decoded", { subject: pattern(/leads für/) }, true],
    ["header: the topmost of several", { header: { name: "x-mailer", pattern: pattern(/BulkMate/) } }, true],
    ["header: not the others", { header: { name: "x-mailer", pattern: pattern(/older/) } }, false],
    ["header: one that is not there matches nothing", { header: { name: "x-none", pattern: pattern(/^/) } }, false],
    ["body", { body: pattern(/^buy now/m) }, true],
    ["returnedFromDomain: nothing came back", { returnedFromDomain: ["example.com"] }, false],
    ["all that are given must hold", { kind: ["person"], subject: pattern(/invoice/) }, false],
  ])("%s", (_, match, matches) => {
    expect(matchOverride([override(match)], given)?.id).toBe(matches ? "sellers" : undefined);
  });

  test("an unknown reverse-path matches nothing, the null one its own sign", () => {
    const nullPath = override({ reversePath: ["<>"] });
    expect(matchOverride([nullPath], { ...given, envelope: unknownEnvelope })).toBeUndefined();
    const envelope = { reversePath: NULL_REVERSE_PATH, forwardPaths: [] };
    expect(matchOverride([nullPath], { ...given, envelope })).toBe(nullPath);
  });

  test("returnedFromDomain is that of the message that came back", () => {
    const returned = { ...HEADER_RETURNED, from: address("news", "mail.example.com") };
    const report = dsn({ returned });
    const match = { returnedFromDomain: ["*.example.com"] };
    expect(matchOverride([override(match)], { ...given, report })).toBeDefined();
  });

  test("a message without the field that is asked for matches nothing, and a missing subject is an empty one", () => {
    const empty = { ...given, message: message(["X: y", "", ""]) };
    expect(matchOverride([override({ fromDomain: ["example.net"] })], empty)).toBeUndefined();
    expect(matchOverride([override({ listId: ["example.net"] })], empty)).toBeUndefined();
    expect(matchOverride([override({ subject: pattern(/^$/) })], empty)).toBeDefined();
  });
});

describe("of several overrides", () => {
  test("the first that matches decides", () => {
    const noMatch = override({ kind: ["mdn"] }, { id: "first" });
    const friend = override({ fromDomain: ["mail.example.net"] }, { id: "second", verdict: "user-report" });
    const seller = override({ subject: pattern(/leads/) }, { id: "third" });
    expect(matchOverride([noMatch, friend, seller], given)?.id).toBe("second");
    expect(matchOverride([noMatch, seller, friend], given)?.id).toBe("third");
  });

  test("no pattern is tried where a cheaper condition does not hold, and none at all without overrides", () => {
    const never = { source: "never", test: (): boolean => expect.fail("the pattern was tried") };
    expect(matchOverride([override({ body: never, subject: never, kind: ["dsn"] })], given)).toBeUndefined();
    expect(matchOverride([], given)).toBeUndefined();
    expect(matchOverride(undefined, given)).toBeUndefined();
  });

  test("a pattern sees a bounded part of a field and of the text", () => {
    const lengths: number[] = [];
    const measuring = {
      source: "",
      test: (text: string) => {
        lengths.push(text.length);
        return true;
      },
    };
    const long = { ...given, message: letter("s".repeat(100_000), "b".repeat(100_000)) };
    matchOverride([override({ subject: measuring, body: measuring })], long);
    expect(lengths).toEqual([4_096, 16_384]);
  });
});

const anyOverride = fc
  .record({
    verdict: fc.option(fc.constantFrom(...VERDICT_CLASSES), { nil: undefined }),
    route: fc.option(fc.constantFrom("human" as const, "digest" as const, "archive" as const), { nil: undefined }),
    because: fc.string({ minLength: 1, maxLength: 200 }),
  })
  .filter(({ verdict, route }) => verdict !== undefined || route !== undefined)
  .map(
    ({ verdict, route, because }): Override => ({
      ...{ id: "sellers", match: { kind: ["person"] }, because },
      ...(verdict !== undefined && { verdict }),
      ...(route !== undefined && { route }),
    }),
  );

describe("what an override does to the verdict", () => {
  test("its verdict holds against any evidence and any threshold, and the weights still add up to the score", () => {
    fc.assert(
      fc.property(anyInput, anyOverride, (any, site) => {
        const thresholds = { spam: 1, automated: 1, backscatter: 1, "genuine-dsn": 1, "user-report": 1 };
        const { verdict, score, scores, evidence } = scoreMessage({ ...any, thresholds, override: site });
        const sum = evidence.reduce((total, { weight }) => total + weight, 0);
        expect(sum).toBeCloseTo(Math.log(score / (1 - score)), 9);
        expect(evidence.at(-1)?.check).toBe("override:sellers");
        if (site.verdict === undefined) return;
        expect(verdict).toBe(site.verdict);
        expect(scores[site.verdict]).toBe(score);
        expect(score).toBeGreaterThan(0.999);
      }),
    );
  });

  test("one that names a route alone changes neither verdict nor scores", () => {
    fc.assert(
      fc.property(anyInput, (any) => {
        const without = scoreMessage(any);
        const routed = override({}, { route: "archive" });
        const { verdict: _, ...routeOnly } = routed;
        const verdict = scoreMessage({ ...any, override: routeOnly });
        expect([verdict.verdict, verdict.scores]).toEqual([without.verdict, without.scores]);
        expect(verdict.evidence.at(-1)).toMatchObject({ check: "override:sellers", outcome: "neutral", weight: 0 });
      }),
    );
  });

  test("the sentence names it and its reason, is one sentence, and stays within its bound, whatever the message says", () => {
    fc.assert(
      fc.property(anyInput, anyOverride, fc.string({ maxLength: 2_000 }), (any, site, addressText) => {
        const recipients = [recipient({ address: undefined, addressText })];
        const report = any.report.kind === "dsn" ? { ...any.report, recipients } : any.report;
        const { why } = scoreMessage({ ...any, report, override: site });
        expect(why).toContain('the override "sellers" of this site');
        expect(why).toMatch(/^[^\n]+\.$/);
        expect(why.length).toBeLessThanOrEqual(600);
      }),
    );
  });

  test("a letter that an override calls spam says so, and what the text said stays on the ladder", () => {
    const text = letter("Cannot reach you", "Please help me, my mail to your users does not arrive.");
    const { why, evidence } = scoreMessage({ ...input(plain("person"), [], text), override: override({}) });
    expect(why).toBe('This is spam; so says the override "sellers" of this site: they sell lists.');
    expect(evidence.map(({ check, outcome }) => `${check} ${outcome}`)).toEqual([
      "prior neutral",
      "text pass",
      "override:sellers fail",
    ]);
  });
});
