import fc from "fast-check";
import { expect, test } from "vitest";
import { cleanLine, LINE_COLUMNS, quoteLines, wrapLine } from "../src/compose/plain-text.ts";

/** What must never reach a terminal or a header: controls, bidi and zero-width characters, separators, lone surrogates. */
const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
/** Strings with a lot of what attackers like. */
const nasty = fc.string({
  unit: fc.oneof(
    fc.string({ minLength: 1, maxLength: 1, unit: "binary" }),
    fc.constantFrom("\r", "\n", "\u202e", "\u200b", "\0", "\x1b", " "),
  ),
  maxLength: 300,
});

test("a subject cannot start a header field of its own", () => {
  expect(cleanLine("Hello\r\nBcc: everybody@example.com", 100)).toBe("Hello Bcc: everybody@example.com");
});

test("right-to-left overrides, which show a file name backwards, are taken out", () => {
  expect(cleanLine("invoice_\u202efdp.exe", 100)).toBe("invoice_fdp.exe");
});

test("letters of every script stay as they are", () => {
  expect(cleanLine("Zustellung unmöglich 配信不能 доставка не удалась", 100)).toBe(
    "Zustellung unmöglich 配信不能 доставка не удалась",
  );
});

test("whatever a stranger writes becomes one printable line of bounded length", () => {
  fc.assert(
    fc.property(nasty, fc.integer({ min: 2, max: 120 }), (text, maxChars) => {
      const line = cleanLine(text, maxChars);
      expect(line).not.toMatch(FORBIDDEN);
      expect([...line].length).toBeLessThanOrEqual(maxChars);
      expect(line.trim()).toBe(line);
    }),
  );
});

test("a cut line says so", () => {
  expect(cleanLine("x".repeat(20), 10)).toBe(`${"x".repeat(9)}…`);
});

test("wrapping loses no word, and lines are at most 76 columns wide unless one word is wider", () => {
  const words = fc.array(fc.string({ unit: fc.constantFrom("a", "b", "ü"), minLength: 1, maxLength: 90 }), {
    minLength: 1,
  });
  fc.assert(
    fc.property(words, (list) => {
      const lines = wrapLine(list.join(" "), "  ");
      expect(lines.map((line) => line.slice(2)).join(" ")).toBe(list.join(" "));
      for (const line of lines) expect(line.length <= LINE_COLUMNS || !line.slice(2).includes(" ")).toBe(true);
    }),
  );
});

test("every quoted line carries the quote mark, so that a letter cannot imitate the summary", () => {
  fc.assert(
    fc.property(fc.array(nasty), (lines) => {
      for (const line of quoteLines(lines.join("\n"), "  ", 40)) expect(line).toMatch(/^ {2}(?:\||\(more)/);
    }),
  );
});

test("a long letter is cut after the given number of lines, and the cut is visible", () => {
  const quoted = quoteLines(Array.from({ length: 100 }, (_, line) => `line ${line}`).join("\n"), "", 40);
  expect(quoted).toHaveLength(41);
  expect(quoted.at(-1)).toBe("(more in the attached original)");
});

test("blank lines at the edges go, several in the middle become one", () => {
  expect(quoteLines("\n\nDear postmaster,\n\n\n\nhelp\n\n", "", 40)).toEqual(["| Dear postmaster,", "|", "| help"]);
});
