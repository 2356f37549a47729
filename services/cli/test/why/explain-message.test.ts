import { readFileSync } from "node:fs";
import { emptySite } from "@triage/classifier";
import { NULL_REVERSE_PATH, parseAddress } from "@triage/message";
import type { SiteProfile } from "@triage/provenance";
import { describe, expect, test } from "vitest";
import { type Explanation, explainMessage } from "../../src/why/explain-message.ts";
import { formatWhy } from "../../src/why/format-why.ts";

const BOUNCE = readFileSync(new URL("../../../standalone/samples/bounce.eml", import.meta.url));
const NOW = new Date("2026-11-22T10:00:00Z");
const UNKNOWN = { reversePath: undefined, forwardPaths: [] };
const OURS: SiteProfile = {
  ...emptySite(),
  domains: ["example.com"],
  messageIdDomains: ["example.com"],
  relays: ["mail.example.com", "192.0.2.10"],
};
const FOREIGN: SiteProfile = {
  ...emptySite(),
  domains: ["example.org"],
  messageIdDomains: ["example.org"],
  relays: ["mail.example.org"],
};

function explain(site: SiteProfile, raw: Buffer = BOUNCE): Promise<Explanation> {
  return explainMessage("bounce.eml", raw, UNKNOWN, { site, ports: () => ({ now: NOW }) });
}

const conditionsOf = ({ changes }: Explanation) => changes.map(({ conditions }) => conditions.join(" and "));

describe("the ladder", () => {
  test("holds every line of the verdict in its order, and what each line adds to each class makes the sums", async () => {
    const { ladder, sums, score } = await explain(OURS);
    expect(ladder.map(({ check }) => check).slice(0, 3)).toEqual(["prior", "null-reverse-path", "from-daemon"]);
    const genuine = ladder.reduce((sum, { logOdds }) => sum + (logOdds["genuine-dsn"] ?? 0), 0);
    expect(genuine).toBeCloseTo(sums["genuine-dsn"].logOdds, 10);
    expect(sums["genuine-dsn"].score).toBe(score);
    const weights = ladder.reduce((sum, { weight }) => sum + weight, 0);
    expect(weights).toBeCloseTo(Math.log(score / (1 - score)), 6);
  });

  test.each([
    ["genuine-80", OURS, 80],
    ["genuine-120", OURS, 120],
    ["backscatter-80", FOREIGN, 80],
    ["undecided-80", emptySite(), 80],
  ])("reads for a person as in %s.txt", async (name, site, width) => {
    const text = formatWhy(await explain(site), { width, colours: false });
    await expect(text).toMatchFileSnapshot(`golden/${name}.txt`);
  });

  test.each([76, 80, 120])("no line is wider than %i characters", async (width) => {
    for (const site of [OURS, FOREIGN, emptySite()]) {
      const lines = formatWhy(await explain(site), { width, colours: false }).split("\n");
      expect(lines.filter((line) => line.length > width)).toEqual([]);
    }
  });

  test("what a stranger wrote cannot drive the terminal, nor turn its writing around", async () => {
    const from = BOUNCE.toString("latin1").replace("example.com>", "exa\u001b[2Jmple.com>");
    const text = formatWhy(await explain(FOREIGN, Buffer.from(from, "latin1")), { width: 80, colours: false });
    expect(text).not.toMatch(/[^\P{Cc}\n]/u);
    expect(text).not.toMatch(/\p{Cf}/u);
  });

  test("colours only when asked for", async () => {
    const explanation = await explain(OURS);
    expect(formatWhy(explanation, { width: 80, colours: true })).toContain("\u001b[");
    expect(formatWhy(explanation, { width: 80, colours: false })).not.toContain("\u001b[");
  });
});

describe("what would change the verdict", () => {
  test("supplying the relay that stands in the returned path makes an undecided bounce genuine", async () => {
    const explanation = await explain(emptySite());
    expect(explanation.verdict).toBe("undecided");
    expect(explanation.changes).toContainEqual(
      expect.objectContaining({
        conditions: ["mail.example.com were listed in site.relays"],
        verdict: "genuine-dsn",
        route: "human",
      }),
    );
    expect(conditionsOf(explanation)).toContain("the sent ledger knew the returned message");
  });

  test("is computed: classifying with the configuration that it names gives just that verdict and score", async () => {
    const { changes } = await explain(emptySite());
    const named = changes.find(({ conditions }) => conditions[0] === "mail.example.com were listed in site.relays");
    const supplied = await explain({ ...emptySite(), relays: ["mail.example.com"] });
    expect({ verdict: supplied.verdict, score: supplied.score }).toEqual({
      verdict: named?.verdict,
      score: named?.score,
    });
  });

  test("every change that is named leads to another verdict, the smallest first and none twice", async () => {
    for (const site of [OURS, FOREIGN, emptySite()]) {
      const explanation = await explain(site);
      expect(explanation.changes.length).toBeGreaterThan(0);
      expect(explanation.changes.map(({ verdict }) => verdict)).not.toContain(explanation.verdict);
      expect(new Set(conditionsOf(explanation)).size).toBe(explanation.changes.length);
    }
  });

  test("a name that is configured already is not proposed again", async () => {
    const proposed = conditionsOf(await explain(FOREIGN));
    expect(proposed.filter((sentence) => sentence.startsWith("mail.example.org"))).toEqual([]);
  });

  test("where no single thing is enough, the pairs that are", async () => {
    const batv = { keys: new Map([["0", "secret"]]), signsAllMail: false };
    const dkim = { keys: new Map(), dns: false };
    const forwardPath = parseAddress("prvs=078668d8b6=joe@example.com");
    const context = { site: { ...OURS, batv, dkim }, ports: () => ({ now: NOW }) };
    const envelope = { reversePath: NULL_REVERSE_PATH, forwardPaths: forwardPath === undefined ? [] : [forwardPath] };
    const { verdict, changes } = await explainMessage("bounce.eml", BOUNCE, envelope, context);
    expect(verdict).toBe("genuine-dsn");
    expect(changes.length).toBeGreaterThan(0);
    expect(new Set(changes.map(({ conditions }) => conditions.length))).toEqual(new Set([2]));
  });

  test("of mail that returns nothing of ours, its traits are what could have been otherwise", async () => {
    const notice = Buffer.from(
      "Return-Path: <news@example.net>\nFrom: noreply@example.net\nTo: postmaster@example.com\nPrecedence: bulk\n" +
        "Subject: Please help\n\nHello, my mail to you bounces. Regards, Ann\n",
    );
    const explanation = await explain(OURS, notice);
    expect(explanation.report.kind).toBe("other");
    expect(conditionsOf(explanation).join()).toContain("it had not the trait precedence-bulk");
  });
});

test("an override is on the ladder, names its reason, and what would be without it is tried", async () => {
  const override = {
    id: "mute",
    match: { kind: ["dsn"] },
    verdict: "spam",
    route: "archive",
    because: "a test",
  } as const;
  const context = { site: OURS, ports: () => ({ now: NOW }), overrides: [override] };
  const explanation = await explainMessage("bounce.eml", BOUNCE, UNKNOWN, context);
  expect(explanation.ladder.at(-1)).toMatchObject({ check: "override:mute", logOdds: { spam: 1_000 } });
  expect(explanation).toMatchObject({ rule: "override:mute", because: "a test" });
  expect(explanation.changes).toMatchObject([
    { conditions: ['the override "mute" were not in the configuration'], verdict: "genuine-dsn", route: "human" },
  ]);
});
