import { expect, test } from "vitest";
import { parseThreshold } from "../../src/what-if/supposed-thresholds.ts";

test("a threshold is a verdict and a probability, as in triage.yaml", () => {
  expect(parseThreshold("spam=0.95")).toEqual({ spam: 0.95 });
  expect(parseThreshold(" genuine-dsn = .5 ")).toEqual({ "genuine-dsn": 0.5 });
  expect(parseThreshold("backscatter=1")).toEqual({ backscatter: 1 });
});

test.each(["spam=2", "spam=0.49", "spam=-1", "spam=", "spam", "spam=0.9=1", "spam=0,9", "spam=NaN"])(
  "%s is no probability that a threshold could be",
  (text) => {
    expect(parseThreshold(text)).toBe("A threshold must be a probability from 0.5 to 1, as in spam=0.95.");
  },
);

test.each(["ham=0.9", "undecided=0.9", "=0.9", ""])("%s names no verdict that has a threshold", (text) => {
  expect(parseThreshold(text)).toBe(
    "It must begin with one of genuine-dsn, user-report, backscatter, automated, spam, as in spam=0.95.",
  );
});
