/** The words by which a message is known again, and the index that finds them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatSignature, parseSignature, signatureOf, similarityOf } from "../../src/learning/min-hash.ts";
import { NearDuplicateIndex } from "../../src/learning/near-duplicate-index.ts";
import { MIN_PRINTED_WORDS, printWords } from "../../src/learning/print-words.ts";
import type { MessageText } from "../../src/text-model/message-text.ts";
import { spamText, wrap } from "./build.ts";

const text = (body: string, subject = ""): MessageText => ({
  subject,
  body,
  html: "",
  htmlOnly: false,
  attachments: [],
});
const anyWords = fc.uniqueArray(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { minLength: 12, maxLength: 200 });

describe("a signature", () => {
  test("agrees as far as the words are the same", () => {
    fc.assert(
      fc.property(anyWords, fc.double({ min: 0, max: 1, noNaN: true }), (words, share) => {
        const kept = words.slice(0, Math.ceil(words.length * share));
        const jaccard = kept.length / words.length;
        const estimated = similarityOf(signatureOf(new Set(words)), signatureOf(new Set(kept)));
        // Four standard deviations of 64 draws, and what chance adds to draws that are not independent.
        expect(Math.abs(estimated - jaccard)).toBeLessThan(4 * Math.sqrt((jaccard * (1 - jaccard)) / 64) + 0.06);
      }),
    );
  });

  test("does not depend on the order of the words, and survives being stored", () => {
    fc.assert(
      fc.property(anyWords, (words) => {
        const signature = signatureOf(new Set(words));
        expect(signatureOf(new Set([...words].reverse()))).toEqual(signature);
        expect(parseSignature(formatSignature(signature))).toEqual(signature);
      }),
    );
  });

  test("of another length is none", () => {
    expect(parseSignature("AAAA")).toBeUndefined();
  });
});

describe("the words of a message", () => {
  test("are the same however its lines are wrapped", () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 200 }), (width) => {
        expect(printWords(text(wrap(spamText(), width)))).toEqual(printWords(text(spamText())));
      }),
    );
  });

  test("are the same with other links, addresses and numbers", () => {
    const written = (link: string, address: string, sum: string) =>
      text(`${spamText()}\nWrite to ${address} about the sum of ${sum}, or look at ${link}.`);
    const prints = [
      written("https://a.example/b?c=d", "joe@example.net", "25"),
      written("www.example.org", "<mail-77.x@mail.example>", "1.000.000"),
      written("HTTP://X.EXAMPLE:8080/aGVsbG8gd29ybGQ", "Ann.Other+tag@sub.example.com", "rx4711"),
    ].map(printWords);
    expect(prints[1]).toEqual(prints[0]);
    expect(prints[2]).toEqual(prints[0]);
  });

  test("count in scripts without blanks too, and end at a link that has no blank before it", () => {
    const chinese = (link: string) => text(`您的邮箱存储空间已满，请立即点击${link}确认您的帐户，否则将停止服务。`);
    const print = printWords(chinese("http://a.example/1"));
    expect(print).toBeDefined();
    expect(printWords(chinese("https://b.example/2?x=1"))).toEqual(print);
  });

  test("that it quotes are not its own", () => {
    expect(printWords(text(`> ${spamText().replaceAll("\n", "\n> ")}\nStop it.`))).toBeUndefined();
  });

  test("too few are none", () => {
    const words = Array.from({ length: MIN_PRINTED_WORDS }, (_, index) => `word${"abcdefghijklm"[index]}`);
    expect(printWords(text(words.join(" ")))).toBeDefined();
    expect(printWords(text(words.slice(1).join(" ")))).toBeUndefined();
  });

  test("of any text are read without a fault", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 500 }), (body) => void printWords(text(body, body))));
  });
});

describe("the index", () => {
  test("finds what a look at every entry finds", () => {
    const texts = fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 12, maxLength: 40 }), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(texts, (all) => {
        const [asked = [], ...others] = all;
        const print = { signature: signatureOf(new Set(asked)), subject: [], opening: [], closing: [] };
        const entries = others.map((words) => ({
          print: { ...print, signature: formatSignature(signatureOf(new Set(words))) },
        }));
        const [found] = new NearDuplicateIndex(entries).near(print, 0.8);
        const best = Math.max(0, ...others.map((words) => similarityOf(print.signature, signatureOf(new Set(words)))));
        if (best >= 0.8) expect(found?.similarity).toBe(best);
        else expect(found).toBeUndefined();
      }),
    );
  });

  test("leaves out an entry whose signature is broken", () => {
    const print = { signature: "no signature", subject: [], opening: [], closing: [] };
    expect(new NearDuplicateIndex([{ print }]).near(print, 0.8)).toEqual([]);
  });
});
