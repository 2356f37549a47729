/** docs/scoring.md is what operators read: it must say what weights.ts says. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_THRESHOLDS, VERDICT_CLASSES } from "@triage/scoring";
import { expect, test } from "vitest";
import { CHECK_WEIGHTS, LEARNED_TEXT_SHIFT, NEAR_DUPLICATE_WEIGHTS, PRIORS, TRAIT_WEIGHTS } from "../src/weights.ts";

const page = readFileSync(join(import.meta.dirname, "../../../docs/scoring.md"), "utf8");

test("lists every threshold with its default", () => {
  for (const name of VERDICT_CLASSES) expect(page).toContain(`| \`${name}\` | ${DEFAULT_THRESHOLDS[name]} |`);
});

test("lists the prior of every kind", () => {
  for (const [kind, row] of Object.entries(PRIORS)) {
    const cells = VERDICT_CLASSES.map((name) => row[name]).join(" | ");
    expect(page).toContain(`| \`${kind}\` | ${cells} |`);
    expect(VERDICT_CLASSES.reduce((sum, name) => sum + row[name], 0)).toBeCloseTo(1, 9);
  }
});

test("lists the strengths of every provenance check", () => {
  for (const [check, { pass, fail, softPass, softFail }] of Object.entries(CHECK_WEIGHTS)) {
    expect(page).toContain(`| \`${check}\` | ${pass} | ${fail} | ${softPass} | ${softFail} |`);
  }
});

test("lists every trait that has a weight", () => {
  for (const traits of Object.values(TRAIT_WEIGHTS)) {
    for (const trait of Object.keys(traits)) expect(page).toContain(`| \`${trait}\` |`);
  }
});

test("says what a near-duplicate adds, and how far words may be taught", () => {
  const { similarity, shown, spam, automated } = NEAR_DUPLICATE_WEIGHTS;
  const rising = (weight: number) => `${weight / 2} at ${similarity.least}, rising to ${weight} at ${similarity.sure}`;
  expect(page).toContain(rising(shown));
  expect(page).toContain(rising(spam));
  expect(page).toContain(rising(automated));
  expect(page).toContain(
    `within ${LEARNED_TEXT_SHIFT.min} and +${LEARNED_TEXT_SHIFT.max} of what the words say untaught`,
  );
});
