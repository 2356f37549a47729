/** What learning makes of corrections: the same bytes for the same ones, within limits, and gone when they are gone. */
/// <reference path="../../src/text-model/natural-bayes.d.ts" />
import { join } from "node:path";
import {
  type Correction,
  DEFAULT_LEARNING_LIMITS,
  LearnedModel,
  learn,
  loadCheckSet,
  NOTHING_LEARNED,
  type VerdictClass,
} from "@triage/scoring";
import fc from "fast-check";
import BayesClassifier from "natural/lib/natural/classifiers/bayes_classifier.js";
import { describe, expect, test } from "vitest";
import { LearnedTextModel } from "../../src/learning/learned-text-model.ts";
import { selectFeatures } from "../../src/text-model/select-features.ts";
import { TextModel } from "../../src/text-model/text-model.ts";
import { TokenHits } from "../../src/text-model/token-hits.ts";
import { SMOOTHING, trainTextModel } from "../../src/text-model/train-text-model.ts";
import { readWrittenMessages } from "../../training/written-messages.ts";
import { correct, NOW, read, score, spam } from "./build.ts";

const written = (file: string, verdict: VerdictClass) =>
  readWrittenMessages(join(import.meta.dirname, "../../training", file))
    .filter((_, index) => index % 5 === 0)
    // Few enough of each corrector for all of them to count.
    .map(({ raw }, index) => correct(read(raw), verdict, { by: `corrector-${index % 10}` }));

/** What a corrected message counts. */
const COPIES = 4;

const pool: readonly Correction[] = [...written("letters.txt", "user-report"), ...written("look-alikes.txt", "spam")];

const anyCorrections = fc.uniqueArray(
  fc.record({
    index: fc.nat(pool.length - 1),
    message: fc.nat(20),
    verdict: fc.constantFrom<VerdictClass>("spam", "user-report", "automated", "backscatter", "genuine-dsn"),
    by: fc.constantFrom("ann", "bob", "eve"),
    hoursAgo: fc.integer({ min: -10, max: 10_000 }),
  }),
  { maxLength: 30, selector: ({ index }) => index },
);

function toCorrections(drawn: typeof anyCorrections extends fc.Arbitrary<infer Drawn> ? Drawn : never): Correction[] {
  return drawn.map(({ index, message, verdict, by, hoursAgo }) => ({
    ...(pool[index] as Correction),
    messageId: `message-${message}`,
    verdict,
    by,
    key: by,
    at: new Date(NOW.getTime() - hoursAgo * 3_600_000),
  }));
}

test("the same corrections teach the same bytes, in whatever order they came", async () => {
  await fc.assert(
    fc.asyncProperty(anyCorrections, fc.infiniteStream(fc.nat(1000)), async (drawn, ranks) => {
      const corrections = toCorrections(drawn);
      const ranked = corrections.map((correction) => ({ correction, rank: ranks.next().value }));
      const shuffled = ranked.sort((left, right) => left.rank - right.rank).map(({ correction }) => correction);
      const once = JSON.stringify(await learn({ corrections, now: NOW }));
      expect(JSON.stringify(await learn({ corrections: shuffled, now: NOW }))).toBe(once);
      expect(JSON.stringify(await learn({ corrections, now: NOW }))).toBe(once);
    }),
    { numRuns: 20 },
  );
});

test("learning leaves the corrections as they were given", async () => {
  const corrections = [...pool];
  await learn({ corrections, now: NOW });
  expect(corrections).toEqual(pool);
});

test("what was learned survives the database: JSON and back scores the same", async () => {
  const data = await learn({ corrections: pool, now: NOW });
  const [kept, restored] = [new LearnedModel(data), new LearnedModel(JSON.parse(JSON.stringify(data)))];
  for (const message of (await loadCheckSet()).slice(0, 40)) {
    expect(score(message, restored)).toEqual(score(message, kept));
  }
});

describe("rolling back", () => {
  test("a model that was taught nothing scores as none", async () => {
    const untaught = new LearnedModel(NOTHING_LEARNED);
    expect(await learn({ corrections: [], now: NOW })).toEqual(NOTHING_LEARNED);
    for (const message of await loadCheckSet()) expect(score(message, untaught)).toEqual(score(message));
  });

  test("without the last correction every score is what it was before it, to the last digit", async () => {
    const before = new LearnedModel(await learn({ corrections: pool, now: NOW }));
    const after = new LearnedModel(await learn({ corrections: [...pool, correct(spam(), "spam")], now: NOW }));
    const rolledBack = new LearnedModel(await learn({ corrections: pool, now: NOW }));
    expect(score(spam(), after)).not.toEqual(score(spam(), before));
    for (const message of [spam(), ...(await loadCheckSet())]) {
      expect(score(message, rolledBack)).toEqual(score(message, before));
    }
  });
});

describe("the words", () => {
  test("natural goes on counting where training stopped: the same model as one trained on everything at once", async () => {
    const samples = pool.map(({ features, verdict }) => ({
      tokens: features.tokens,
      label: verdict === "spam" ? ("spam" as const) : ("letter" as const),
      copies: 1,
    }));
    const [first, second] = [
      samples.filter((_, index) => index % 2 === 0),
      samples.filter((_, index) => index % 2 !== 0),
    ];
    const base = await trainTextModel(first, { slope: 1, intercept: 0 });
    const { words } = await learn({ base, corrections: pool.filter((_, index) => index % 2 !== 0), now: NOW });
    const learned = new LearnedTextModel(base, words);

    const known = new Set(learned.tokens);
    const natural = new BayesClassifier(undefined, SMOOTHING);
    const add = (tokens: readonly string[], label: string, copies: number) => {
      for (let copy = 0; copy < copies; copy++)
        natural.addDocument(
          tokens.filter((token) => known.has(token)),
          label,
        );
    };
    const ofFirst = new Set(selectFeatures(first).map(({ token }) => token));
    for (const { tokens, label } of first)
      add(
        tokens.filter((token) => ofFirst.has(token)),
        label,
        1,
      );
    for (const { tokens, label } of second) add(tokens, label, COPIES);
    natural.train();
    const { letter = 0, spam: spams = 0 } = natural.classifier.classTotals;
    for (const { tokens } of samples.slice(0, 30)) {
      const some = tokens.slice(0, 40);
      const values = new Map(natural.getClassifications(some).map(({ label, value }) => [label, value]));
      const hits = new TokenHits();
      for (const token of some) learned.addToken(token, hits);
      const expected = Math.log((values.get("spam") ?? 0) / (values.get("letter") ?? 0)) - Math.log(spams / letter);
      expect(learned.sumOfRatios(hits)).toBeCloseTo(expected, 6);
    }
  });

  test("a word that the model never knew counts once several corrected messages have it", async () => {
    const with3 = pool.slice(0, 3).map((correction) => ({
      ...correction,
      features: { ...correction.features, tokens: [...correction.features.tokens, "w:zyxwvut", "w:constructor"] },
    }));
    expect((await learn({ corrections: with3, now: NOW })).words.counts).toMatch(/^w:zyxwvut 12 0 0\.5$/m);
    expect((await learn({ corrections: with3.slice(1), now: NOW })).words.counts).not.toContain("zyxwvut");
  });

  test("are moved by no more than the bound, whatever was taught", async () => {
    await fc.assert(
      fc.asyncProperty(anyCorrections, async (drawn) => {
        const { words } = await learn({ corrections: toCorrections(drawn), now: NOW });
        const { MODEL_DATA } = await import("../../src/text-model/model-data.ts");
        const [untaught, learned] = [new TextModel(MODEL_DATA), new LearnedTextModel(MODEL_DATA, words)];
        for (const { features } of pool.slice(0, 50)) {
          const [before, after] = [new TokenHits(), new TokenHits()];
          for (const token of features.tokens) {
            untaught.addToken(token, before);
            learned.addToken(token, after);
          }
          const shift = learned.logOdds(after) - untaught.logOdds(before);
          expect(shift).toBeLessThanOrEqual(2 + 1e-9);
          expect(shift).toBeGreaterThanOrEqual(-4 - 1e-9);
        }
      }),
      { numRuns: 10 },
    );
  });
});

describe("which corrections teach", () => {
  const idsOf = async (corrections: readonly Correction[], limits = DEFAULT_LEARNING_LIMITS) =>
    (await learn({ corrections, now: NOW, limits })).nearDuplicates.map(({ correction }) => correction).sort();
  const at = (hoursAgo: number) => ({ at: new Date(NOW.getTime() - hoursAgo * 3_600_000) });
  /** Each with a subject of its own: copies count once. */
  const another = (index: number) => spam({ subject: `An article of yours, ${"abcdef".charAt(index)}word` });

  test("what was said of a message last", async () => {
    const first = correct(spam(), "spam", { messageId: "same", ...at(3) });
    const last = correct(spam(), "automated", { messageId: "same", ...at(1) });
    expect(await idsOf([last, first])).toEqual([last.id]);
  });

  test("nothing from the future, and nothing older than a year", async () => {
    const corrections = [correct(spam(), "spam", at(-1)), correct(spam(), "spam", at(24 * 366))];
    expect(await idsOf(corrections)).toEqual([]);
  });

  test("the first of a corrector's day; those of another day, and of others, are not less for it", async () => {
    const many = Array.from({ length: 4 }, (_, index) => correct(another(index), "spam", at(5 - index)));
    const yesterday = correct(another(4), "spam", at(30));
    const bobs = correct(another(5), "spam", { by: "bob", ...at(1) });
    const expected = [...many.slice(0, 2), yesterday, bobs].map(({ id }) => id).sort();
    expect(await idsOf([...many, yesterday, bobs], { ...DEFAULT_LEARNING_LIMITS, perCorrectorAndDay: 2 })).toEqual(
      expected,
    );
  });

  describe("by one API key", () => {
    /** Each under another name, hours apart. */
    const many = (verdict: VerdictClass, hoursApart: number) =>
      Array.from({ length: 6 }, (_, index) =>
        correct(another(index), verdict, { by: `name-${index}`, key: "mallory", ...at(1 + index * hoursApart) }),
      );

    test("those within its day, however many names it gives; those of another key are not less for it", async () => {
      const bobs = correct(spam(), "spam", { by: "name-0", key: "bob", ...at(1) });
      const found = await idsOf([...many("spam", 0), bobs], { ...DEFAULT_LEARNING_LIMITS, perKeyAndDay: 2 });
      expect(found).toHaveLength(3);
      expect(found).toContain(bobs.id);
    });

    test("its newest, so that it cannot crowd out what others taught, not even by what is to be shown", async () => {
      const anns = correct(spam(), "spam", at(5_000));
      const found = await idsOf([...many("user-report", 24), anns], {
        ...DEFAULT_LEARNING_LIMITS,
        nearDuplicates: 4,
        nearDuplicatesPerKey: 3,
      });
      expect(found).toHaveLength(4);
      expect(found).toContain(anns.id);
    });

    test("so many words, over all its days and names", async () => {
      const { words } = await learn({
        corrections: many("spam", 24),
        now: NOW,
        limits: { ...DEFAULT_LEARNING_LIMITS, wordsPerKey: 2 },
      });
      expect(words.documents.spam).toBe(2 * COPIES);
    });

    test("nobody else's word is revised by it, whatever name it gives", async () => {
      const anns = correct(spam(), "spam", { by: "ann", key: "console", ...at(2) });
      const forged = correct(spam({ name: "Joe" }), "user-report", { by: "ann", key: "mallory", ...at(1) });
      expect(await idsOf([anns, forged])).toContain(anns.id);
      expect(await idsOf([anns, { ...forged, key: "console" }])).toEqual([forged.id]);
    });
  });

  test("all that a human wants to see, since showing is cheap", async () => {
    const many = Array.from({ length: 5 }, (_, index) => correct(another(index), "user-report", at(index)));
    expect(await idsOf(many, { ...DEFAULT_LEARNING_LIMITS, perCorrectorAndDay: 2 })).toHaveLength(5);
  });

  test("of copies that differ in links and numbers only, the newest: a campaign is one entry, whatever is corrected of it", async () => {
    const copies = Array.from({ length: 5 }, (_, index) =>
      correct(spam({ amount: `${100 + index} EUR`, link: `https://x${index}.example/` }), "spam", at(5 - index)),
    );
    const shown = correct(spam(), "user-report", { by: "bob", ...at(9) });
    expect(await idsOf([...copies, shown])).toEqual([copies.at(-1)?.id, shown.id].sort());
  });

  test("none whose features are of another format", async () => {
    const correction = correct(spam(), "spam");
    const old = { ...correction, features: { ...correction.features, format: 0 } } as unknown as Correction;
    expect(await learn({ corrections: [old], now: NOW })).toEqual(NOTHING_LEARNED);
  });
});
