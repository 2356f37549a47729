import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addMark,
  countsOf,
  decodeSketch,
  emptySketch,
  encodeSketch,
  markOf,
  mergeSketch,
  STORM_MEASURES,
  type StormMeasure,
  type StormSketch,
} from "../src/index.ts";

function mark(thing: string) {
  return markOf(createHash("sha256").update(thing).digest());
}

function sketchOf(things: readonly string[], measure: StormMeasure = "unproven"): StormSketch {
  const sketch = emptySketch();
  for (const thing of things) addMark(sketch, measure, mark(thing));
  return sketch;
}

function merged(...sketches: readonly StormSketch[]): StormSketch {
  const sum = emptySketch();
  for (const sketch of sketches) mergeSketch(sum, sketch);
  return sum;
}

const things = fc.array(fc.string({ maxLength: 8 }), { maxLength: 300 });

describe("the estimate", () => {
  test.each([20, 100, 1_000, 10_000])(
    "of %i distinct things is within 15 hundredths for every one of 12 seeds",
    (count) => {
      for (let seed = 0; seed < 12; seed += 1) {
        const sketch = sketchOf(Array.from({ length: count }, (_, index) => `${seed}:${index}`));
        expect(Math.abs(countsOf(sketch).unproven - count) / count).toBeLessThan(0.15);
      }
    },
  );

  test("errs by less than 6 % on average (1.04 / sqrt(512) is 4.6 %)", () => {
    const errors = Array.from({ length: 30 }, (_, seed) => {
      const sketch = sketchOf(Array.from({ length: 5_000 }, (_, index) => `${seed}/${index}`));
      return (countsOf(sketch).unproven / 5_000 - 1) ** 2;
    });
    expect(Math.sqrt(errors.reduce((sum, error) => sum + error, 0) / errors.length)).toBeLessThan(0.06);
  });

  test("of nothing is 0", () => {
    expect(Object.values(countsOf(emptySketch()))).toEqual(STORM_MEASURES.map(() => 0));
  });
});

test("the same thing counts once, in any order and however often it comes", () => {
  fc.assert(
    fc.property(things, fc.nat(), (list, turn) => {
      const at = list.length === 0 ? 0 : turn % list.length;
      const shuffled = [...list.slice(at), ...list.slice(0, at), ...list.slice(0, at)];
      expect(sketchOf(shuffled)).toEqual(sketchOf(list));
    }),
    { numRuns: 40 },
  );
});

test("what several workers counted adds up to what one would have counted, in any order and with repeats", () => {
  fc.assert(
    fc.property(things, things, things, (one, two, three) => {
      const [a, b, c] = [sketchOf(one), sketchOf(two), sketchOf(three)];
      const all = sketchOf([...one, ...two, ...three]);
      expect(merged(a, b, c)).toEqual(all);
      expect(merged(c, merged(b, a), a, b)).toEqual(all);
    }),
    { numRuns: 40 },
  );
});

test("merging says whether anything was new", () => {
  const sketch = sketchOf(["a"]);
  expect(mergeSketch(sketch, sketchOf(["a"]))).toBe(false);
  expect(mergeSketch(sketch, sketchOf(["b"]))).toBe(true);
});

test("counts of different things do not mix", () => {
  const sketch = merged(sketchOf(["a", "b"]), sketchOf(["a"], "reporters"));
  expect(countsOf(sketch)).toMatchObject({ unproven: 2, reporters: 1, proven: 0 });
});

test("comes back from the database as it went there, short while it is new and never over 3 kB", () => {
  for (const count of [0, 1, 30, 20_000]) {
    const list = Array.from({ length: count }, (_, index) => `${index}`);
    const sketch = merged(...STORM_MEASURES.map((measure) => sketchOf(list, measure)));
    const bytes = encodeSketch(sketch);
    expect(decodeSketch(bytes)).toEqual(sketch);
    expect(bytes.length).toBeLessThanOrEqual(Math.min(3_072, count * 18));
  }
});
