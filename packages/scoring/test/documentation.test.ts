/** docs/scoring.md is what operators read: it must say what weights.ts says. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_THRESHOLDS, VERDICT_CLASSES } from "@triage/scoring";
import { expect, test } from "vitest";
import {
  CHECK_WEIGHTS,
  LEARNED_TEXT_SHIFT,
  type LogOdds,
  NEAR_DUPLICATE_WEIGHTS,
  NO_USABLE_HEADER,
  PRIORS,
  REPORT_WITH_REVERSE_PATH,
  TRAIT_WEIGHTS,
} from "../src/weights.ts";

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

/** The rows of the table of traits: line, kinds, what it adds. A row without a line belongs to the one above. */
function readTraitRows() {
  const table = page.slice(page.indexOf("### Traits and structure"), page.indexOf("### Person or not"));
  let line = "";
  return table
    .split("\n")
    .filter((row) => row.startsWith("| "))
    .map((row) => row.split("|").map((cell) => cell.trim()))
    .map(([, name = "", , kinds = "", adds = ""]) => {
      line = name === "" ? line : name.replaceAll("`", "");
      return { line, kinds: kinds.replace("aggregates", "dmarc-aggregate, tls-report").split(", "), adds };
    });
}

function formatLogOdds(logOdds: LogOdds): string {
  const parts = VERDICT_CLASSES.filter((name) => logOdds[name] !== undefined);
  return parts.map((name) => `${name} ${(logOdds[name] ?? 0) > 0 ? "+" : ""}${logOdds[name]}`).join(", ");
}

test("lists every trait and line of structure with what it adds to each kind, and no other", () => {
  const weighed = Object.entries(TRAIT_WEIGHTS).flatMap(([kind, traits]) => {
    return Object.entries(traits).map(([line, logOdds]) => `${line} of ${kind}: ${formatLogOdds(logOdds)}`);
  });
  for (const kind of ["dsn", "virus-notice"]) {
    weighed.push(`reverse-path of ${kind}: ${formatLogOdds(REPORT_WITH_REVERSE_PATH)}`);
  }
  for (const kind of ["person", "other"])
    weighed.push(`no-usable-header of ${kind}: ${formatLogOdds(NO_USABLE_HEADER)}`);
  const rows = readTraitRows().filter(({ line }) => line !== "line" && !line.startsWith("--"));
  const listed = rows.flatMap(({ line, kinds, adds }) => kinds.map((kind) => `${line} of ${kind}: ${adds}`));
  expect(listed.sort()).toEqual(weighed.sort());
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
