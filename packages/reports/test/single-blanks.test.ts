import fc from "fast-check";
import { expect, test } from "vitest";
import { singleBlanks } from "../src/single-blanks.ts";

const text = fc.string({ unit: fc.constantFrom("a", " ", "\n", "\t", "\r", "\u00a0", "\u3000", ">"), maxLength: 30 });

test("every run of white space, of whatever kind, becomes one blank", () => {
  fc.assert(
    fc.property(text, (words) => {
      expect(singleBlanks(words)).toBe(words.replace(/\s+/g, " "));
    }),
  );
});
