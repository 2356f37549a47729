import fc from "fast-check";
import { expect, test } from "vitest";
import { MAX_LINE_BYTES, type NdjsonLine, readNdjsonLines } from "../src/ndjson-lines.ts";

async function* chunksOf(text: string, sizes: readonly number[]): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text, "utf8");
  let at = 0;
  for (let turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? bytes.length;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function linesOf(text: string, sizes: readonly number[] = []) {
  const lines: NdjsonLine[] = [];
  for await (const line of readNdjsonLines(chunksOf(text, sizes))) lines.push(line);
  return lines;
}

test("lines are numbered as in the file: empty ones are skipped, but counted", async () => {
  expect(await linesOf('{"a":1}\r\n\n  \n{"b":2}')).toEqual([
    { kind: "text", line: 1, text: '{"a":1}' },
    { kind: "text", line: 4, text: '{"b":2}' },
  ]);
});

test("it does not matter how the network cuts the bytes, not even within a character", async () => {
  const line = fc.string({ unit: fc.constantFrom("a", "ü", "\u{1f4e8}", " "), maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { maxLength: 20 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      async (lines, sizes) => {
        expect(await linesOf(lines.join("\n"), sizes)).toEqual(await linesOf(lines.join("\n")));
      },
    ),
  );
});

test("a line that is too long is named and left out, and its neighbours are read", async () => {
  const long = "x".repeat(MAX_LINE_BYTES + 1);
  const fitting = "y".repeat(MAX_LINE_BYTES);
  expect(await linesOf(`a\n${long}\n${fitting}\nb\n`, [65_536])).toEqual([
    { kind: "text", line: 1, text: "a" },
    { kind: "too-long", line: 2 },
    { kind: "text", line: 3, text: fitting },
    { kind: "text", line: 4, text: "b" },
  ]);
});

test("nothing at all has no lines", async () => {
  expect(await linesOf("")).toEqual([]);
});
