import fc from "fast-check";
import { expect, test } from "vitest";
import { MAX_GAP, PhraseIndex } from "../../src/reasons/phrase-index.ts";

const letters = fc.string({ unit: fc.constantFrom("a", "b", "c", " ", "d", "é", "超"), minLength: 1, maxLength: 9 });

test("finds exactly the phrases that stand in the text", () => {
  fc.assert(
    fc.property(fc.array(letters, { maxLength: 12 }), fc.array(letters, { maxLength: 30 }), (phrases, words) => {
      const text = words.join("");
      const found = new Set(new PhraseIndex(phrases).matches(text));
      const expected = new Set(phrases.flatMap((phrase, number) => (text.includes(phrase) ? [number] : [])));
      expect(found).toEqual(expected);
    }),
  );
});

test("a star stands for what is between two words of one sentence", () => {
  const index = new PhraseIndex(["mailbox*full"]);
  expect(index.matches("mailbox full")).toEqual([0]);
  expect(index.matches("the mailbox of <joe@example.net> is full")).toEqual([0]);
  expect(index.matches("full mailbox")).toEqual([]);
  expect(index.matches(`mailbox ${"x".repeat(MAX_GAP)} full`)).toEqual([]);
});

test("a star between words too short for a key stands for the same, as in Chinese and Japanese", () => {
  const index = new PhraseIndex(["邮箱*已满", "容量*一杯"]);
  expect(index.matches("收件人的邮箱空间已满")).toEqual([0]);
  expect(index.matches("メールボックスの容量が一杯です")).toEqual([1]);
  expect(index.matches("已满的邮箱")).toEqual([]);
  expect(index.matches(`邮箱${"x".repeat(MAX_GAP + 1)}邮箱已满`)).toEqual([0]);
});
