import fc from "fast-check";
import { expect, test } from "vitest";
import { toJsonText, toStorableText } from "../src/json-text.ts";

test("text that the database can hold is kept as it is", () => {
  const well = fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0"));
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom("a", "b", "c"), well), (value) => {
      expect(JSON.parse(toJsonText(value))).toEqual({ ...value });
    }),
  );
});

test("U+0000 and lone surrogates become U+FFFD wherever they stand", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("a", "\0", "\ud800", "\udfff", "\u{1f4e8}", "\\u0000") }), (text) => {
      const stored = toStorableText(text);
      expect(stored).not.toMatch(/\0|\p{Surrogate}/u);
      expect(JSON.parse(toJsonText([text]))).toEqual([stored]);
    }),
  );
});

test("a backslash that only looks like an escape is left alone", () => {
  expect(JSON.parse(toJsonText("\\u0000"))).toBe("\\u0000");
});
