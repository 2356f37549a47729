/** Taught or not, the weights of a verdict add up to its score. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LearnedModel, learn, scoreMessage, VERDICT_CLASSES } from "@triage/scoring";
import fc from "fast-check";
import { expect, test } from "vitest";
import { anyInput } from "../arbitrary.ts";
import { correct, NOW, read, score } from "./build.ts";

const CORPUS = join(import.meta.dirname, "../../../../test/corpus");
const corpus = readdirSync(CORPUS, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".eml"))
  .sort()
  .map((name) => ({ name, ...read(readFileSync(join(CORPUS, name))) }));

// Every message is said to be something else, so that all kinds of lines come up.
const corrections = corpus.map((sample, index) =>
  correct(sample, VERDICT_CLASSES[index % VERDICT_CLASSES.length] ?? "spam", {
    by: `corrector-${index % 40}`,
    at: new Date(NOW.getTime() - (index % 300) * 86_400_000),
  }),
);
const learned = new LearnedModel(await learn({ corrections, now: NOW }));

const sumOf = (evidence: readonly { weight: number }[]) => evidence.reduce((total, { weight }) => total + weight, 0);
const logit = (probability: number) => Math.log(probability / (1 - probability));

test("on every message of the corpus, with a model that was taught all of them", () => {
  let near = 0;
  for (const sample of corpus) {
    const verdict = score(sample, learned);
    expect(sumOf(verdict.evidence), sample.name).toBeCloseTo(logit(verdict.score), 9);
    if (verdict.evidence.some(({ check, weight }) => check === "near-duplicate" && weight !== 0)) near++;
  }
  expect(near).toBeGreaterThan(20);
});

test("on any mail", () => {
  fc.assert(
    fc.property(anyInput, (input) => {
      const { score: probability, scores, evidence } = scoreMessage({ ...input, learned });
      expect(sumOf(evidence)).toBeCloseTo(logit(probability), 9);
      expect(VERDICT_CLASSES.reduce((total, name) => total + scores[name], 0)).toBeCloseTo(1, 9);
    }),
  );
});
