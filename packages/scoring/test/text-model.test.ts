/// <reference path="../src/text-model/natural-bayes.d.ts" />
import { join } from "node:path";
import { readMessage } from "@triage/message";
import { scoreMessage, type TrainingSample, textTokens, trainTextModel } from "@triage/scoring";
import fc from "fast-check";
import BayesClassifier from "natural/lib/natural/classifiers/bayes_classifier.js";
import { describe, expect, test } from "vitest";
import { countTextModel, crossValidate, fitCalibration } from "../src/text-model/cross-validate.ts";
import { MODEL_DATA } from "../src/text-model/model-data.ts";
import { findTokens, scoreText } from "../src/text-model/score-text.ts";
import { MAX_FEATURES } from "../src/text-model/select-features.ts";
import { TextModel } from "../src/text-model/text-model.ts";
import { formatCounts, parseCounts } from "../src/text-model/text-model-data.ts";
import { TokenHits } from "../src/text-model/token-hits.ts";
import { SMOOTHING } from "../src/text-model/train-text-model.ts";
import { readWrittenMessages } from "../training/written-messages.ts";
import { input, letter, message, plain } from "./build.ts";

const NEUTRAL = { slope: 1, intercept: 0 };
const MODEL_BYTES = 1_000_000;

const written = (file: string) => readWrittenMessages(join(import.meta.dirname, "../training", file));
const letters = written("letters.txt");
const lookAlikes = written("look-alikes.txt");

const samples: readonly TrainingSample[] = [
  ...letters.map(({ raw }) => ({ tokens: textTokens(readMessage(raw)), label: "letter" as const, copies: 1 })),
  ...lookAlikes.map(({ raw }) => ({ tokens: textTokens(readMessage(raw)), label: "spam" as const, copies: 1 })),
];

function hitsOf(model: TextModel, tokens: readonly string[]): TokenHits {
  const hits = new TokenHits();
  for (const token of tokens) model.addToken(token, hits);
  return hits;
}

describe("the compiled model against its trainer", () => {
  const training = samples.filter((_, index) => index % 4 !== 0);
  const unseen = samples.filter((_, index) => index % 4 === 0);

  test("says the same as natural's own classifier on mail that neither has seen: same ratio, same ranking", async () => {
    const model = new TextModel(await trainTextModel(training, NEUTRAL));
    const natural = new BayesClassifier(undefined, SMOOTHING);
    const known = new Set(model.tokens);
    for (const { tokens, label } of training)
      natural.addDocument(
        tokens.filter((token) => known.has(token)),
        label,
      );
    natural.train();
    const { letter: letterTotal = 0, spam: spamTotal = 0 } = natural.classifier.classTotals;
    const prior = Math.log(spamTotal / letterTotal);
    for (const { tokens } of unseen) {
      const values = new Map(natural.getClassifications(tokens).map(({ label, value }) => [label, value]));
      const expected = Math.log((values.get("spam") ?? 0) / (values.get("letter") ?? 0));
      expect(Number.isFinite(expected)).toBe(true);
      expect(model.sumOfRatios(hitsOf(model, tokens)) + prior).toBeCloseTo(expected, 6);
    }
  });

  test("natural counts what the folds count without it", async () => {
    const data = await trainTextModel(training, NEUTRAL);
    const trained = new TextModel(data);
    const ofFolds = countTextModel(training);
    expect(trained.tokens).toEqual(ofFolds.tokens);
    expect(trained.weights).toEqual(ofFolds.weights);
    expect(formatCounts(parseCounts(data.counts))).toBe(data.counts);
  });

  test("the same samples give the same model to the last byte", async () => {
    expect(await trainTextModel(training, NEUTRAL)).toEqual(await trainTextModel(training, NEUTRAL));
  });

  test("shows its progress to the last sample", async () => {
    const seen: number[] = [];
    await trainTextModel(training, NEUTRAL, ({ done, total }) => {
      expect(total).toBe(training.length);
      seen.push(done);
    });
    expect(seen).toEqual(training.map((_, index) => index + 1));
  });

  test("words that are names of JavaScript's own properties do it no harm", async () => {
    const tokens = textTokens(letter("constructor", "constructor toString hasOwnProperty __proto__ prototype"));
    const few = [1, 2, 3, 4].flatMap(() => [
      { tokens, label: "spam" as const, copies: 1 },
      { tokens: ["w:hello"], label: "letter" as const, copies: 1 },
    ]);
    const model = new TextModel(await trainTextModel(few, NEUTRAL));
    expect(model.tokens).toContain("w:constructor");
    expect(model.sumOfRatios(hitsOf(model, ["w:constructor"]))).toBeGreaterThan(0);
  });
});

describe("held-out folds", () => {
  test("judge every sample once, by a model that never saw it", () => {
    const foldOf = samples.map((_, index) => index % 5);
    const heldOut = crossValidate(samples, foldOf, 5);
    expect(heldOut.map(({ index }) => index).sort((a, b) => a - b)).toEqual(samples.map((_, index) => index));
  });

  test("give a calibration under which spam has higher odds than letters", () => {
    const foldOf = samples.map((_, index) => index % 5);
    const heldOut = crossValidate(samples, foldOf, 5);
    const { slope, intercept } = fitCalibration(heldOut);
    const mean = (label: string) => {
      const odds = heldOut.filter((one) => one.label === label).map((one) => slope * one.score + intercept);
      return odds.reduce((sum, value) => sum + value, 0) / odds.length;
    };
    expect(mean("spam")).toBeGreaterThan(0);
    expect(mean("letter")).toBeLessThan(0);
  });
});

describe("the tokens of a message", () => {
  test("are words of any script, pairs of characters where a script has no spaces, and no numbers", () => {
    const tokens = textTokens(letter("Ünïcode", "Привет, мир! 邮件服务器 ok 12345 x"));
    expect(tokens).toEqual(
      expect.arrayContaining(["s:ünïcode", "w:привет", "w:мир", "w:邮件", "w:件服", "w:服务", "w:务器", "w:ok"]),
    );
    expect(tokens).not.toContain("w:12345");
    expect(tokens).not.toContain("w:x");
  });

  test("leave out what is quoted or forwarded: who complains about spam is not a spammer", () => {
    const tokens = textTokens(
      letter("complaint", "please stop\n> viagra offer\n-----Original Message-----\nlottery winner"),
    );
    expect(tokens).toEqual(expect.arrayContaining(["w:please", "w:stop"]));
    for (const word of ["w:viagra", "w:lottery", "w:winner"]) expect(tokens).not.toContain(word);
  });

  test("leave out attached messages and reports", () => {
    const attached = message([
      "From: ann@example.net",
      "Content-Type: multipart/mixed; boundary=b",
      "",
      "--b",
      "",
      "see below",
      "--b",
      "Content-Type: message/rfc822",
      "",
      "Subject: lottery",
      "",
      "winner",
      "--b--",
    ]);
    const tokens = textTokens(attached);
    expect(tokens).toContain("w:below");
    expect(tokens).not.toContain("w:winner");
    expect(tokens).not.toContain("s:lottery");
  });

  test("scoring finds exactly those that training counted", () => {
    const model = countTextModel(samples);
    const check = (raw: Buffer) => {
      const read = readMessage(raw);
      const found = findTokens(model, read);
      const expected = hitsOf(model, textTokens(read));
      expect([...found.indexes].sort()).toEqual([...expected.indexes].sort());
    };
    for (const { raw } of [...letters, ...lookAlikes]) check(raw);
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }), (subject, body) => {
        check(Buffer.from(`From: a@example.net\nSubject: ${subject.replace(/[\r\n]/g, " ")}\n\n${body}\n`));
      }),
    );
  });
});

describe("the model in the repository", () => {
  test("is small and well-formed", () => {
    expect(MODEL_DATA.counts.length).toBeLessThan(MODEL_BYTES);
    const counts = parseCounts(MODEL_DATA.counts);
    expect(counts.length).toBeLessThanOrEqual(MAX_FEATURES);
    expect(formatCounts(counts)).toBe(MODEL_DATA.counts);
    for (const { token, letter: inLetters, spam, factor } of counts) {
      expect(token).toMatch(/^[acfpstuw]:\S+$/u);
      expect(inLetters).toBeGreaterThanOrEqual(0);
      expect(inLetters).toBeLessThanOrEqual(MODEL_DATA.documents.letter);
      expect(spam).toBeLessThanOrEqual(MODEL_DATA.documents.spam);
      expect(Number.isFinite(factor)).toBe(true);
    }
  });

  test("hides none of the letters that people write to postmasters, in any language", () => {
    for (const { raw, language, register } of letters) {
      const { verdict } = scoreMessage(input(plain("person"), [], readMessage(raw)));
      expect(["user-report", "undecided"], `${language}, ${register}`).toContain(verdict);
    }
  });

  test("knows plain spam, and says by which words", () => {
    const spam = letter(
      "You have WON!!!",
      "Click here now to claim your free money. Guaranteed credit, lowest rates, no obligation, order now and save big money. " +
        "Limited time offer. To be removed from our mailing list click below. Viagra, weight loss, earn $5000 per week from home.",
    );
    const { verdict, why } = scoreMessage(input(plain("person"), [], spam));
    expect(verdict).toBe("spam");
    expect(why).toContain("it reads like spam");
  });

  test("says nothing about a message of which it knows no word", () => {
    expect(scoreText(message(["X-Nothing: 1", "", ""]), new TextModel({ ...MODEL_DATA, counts: "w:a 1 1 1" }))).toEqual(
      {
        logOdds: 0,
        telling: [],
      },
    );
  });

  test("a letter with an empty body and only a subject is a letter", () => {
    expect(scoreMessage(input(plain("person"), [], letter("Please unblock mail.example.org", ""))).verdict).toBe(
      "user-report",
    );
  });
});
