/** Encoded words against libmime, which mailparser reads headers with. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import libmime from "libmime";
import { describe, expect, test } from "vitest";
import { decodeWords } from "../src/encoded-words.ts";
import { readMessage } from "../src/read-message.ts";

const CORPUS = fileURLToPath(new URL("../../../test/corpus", import.meta.url));
const oracle = (value: string): string => libmime.decodeWords(value).replace(/\p{Cc}/gu, " ");

const letters = fc.string({ unit: fc.constantFrom(..."aZ09 =?_.,-äßéñłжя名前退信😀"), minLength: 1, maxLength: 60 });

describe("encoded words", () => {
  test("of every header of the corpus are decoded as libmime decodes them", () => {
    const files = readdirSync(CORPUS, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".eml"));
    let words = 0;
    for (const file of files) {
      const { headers } = readMessage(readFileSync(join(CORPUS, file))).root;
      for (const { name } of headers.fields) {
        const value = headers.value(name) ?? "";
        if (!value.includes("=?")) continue;
        words += 1;
        expect(decodeWords(value), `${file}: ${name}`).toBe(oracle(value));
      }
    }
    expect(words).toBeGreaterThan(5);
  });

  test("give back any text that libmime encodes, whichever encoding and length of a word it chooses", () => {
    fc.assert(
      fc.property(
        letters,
        fc.constantFrom("Q" as const, "B" as const),
        fc.integer({ min: 20, max: 75 }),
        (text, encoding, length) => {
          const value = libmime.encodeWords(text, encoding, length);
          expect(decodeWords(value)).toBe(oracle(value));
        },
      ),
    );
  });

  test("of a text that is cut between any two bytes are joined again", () => {
    fc.assert(
      fc.property(
        letters,
        fc.nat(),
        fc.constantFrom("Q" as const, "B" as const),
        fc.constantFrom("", " ", "  "),
        (text, at, encoding, gap) => {
          const bytes = Buffer.from(text);
          // A word of base64 holds whole groups of three bytes unless it is the last one.
          const cut = encoding === "B" ? 3 * (at % (1 + Math.floor(bytes.length / 3))) : at % (bytes.length + 1);
          const word = (part: Buffer): string =>
            `=?utf-8?${encoding}?${encoding === "B" ? part.toString("base64") : part.toString("hex").replace(/../g, "=$&")}?=`;
          expect(decodeWords(`Re: ${word(bytes.subarray(0, cut))}${gap}${word(bytes.subarray(cut))} [1]`)).toBe(
            `Re: ${text} [1]`,
          );
        },
      ),
    );
  });

  test("in pieces are text, as with libmime, and cost no more than they weigh", () => {
    const pieces = ["=?", "?=", "utf-8", "?", "Q", "b", "a", " ", "=", "_", "=C3=A4", "w6Q="];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 30 }), (parts) => {
        const value = parts.join("");
        const expected = oracle(value);
        // libmime gives up bytes of an unknown charset that are no UTF-8; here they are windows-1252
        if (expected.includes("\uFFFD")) expect(decodeWords(value)).toEqual(expect.any(String));
        else expect(decodeWords(value)).toBe(expected);
      }),
      {
        numRuns: 500,
        examples: [[["=?", "b", "?", "b", "?", "w6Q=", "b", "?="]], [["=?", "Q", "?", "Q", "?", "=", "b", "a", "?="]]],
      },
    );
    const long = "=?utf-8?Q?".repeat(50_000);
    expect(decodeWords(long)).toBe(long);
  });

  test("of ISO-2022-JP stand one after another, each in its own shifts", () => {
    expect(decodeWords("=?ISO-2022-JP?B?GyRCJUYlOSVIGyhC?= =?ISO-2022-JP?B?GyRCJUYlOSVIGyhC?=")).toBe("テストテスト");
  });

  test("under a wrong label never become lone surrogates, which no JSON can carry", () => {
    const shiftJis = "=?ISO-2022-JP?B?gaGL2Yt9kmyJuoKwgUmBSYGhiWaJ5oFF?=";
    expect(decodeWords(shiftJis)).not.toMatch(/\p{Surrogate}/u);
  });
});
