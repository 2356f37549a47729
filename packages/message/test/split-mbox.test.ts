import { splitMbox } from "@triage/message";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SAMPLES } from "./samples.ts";

const FROM = "From joe@example.com Sun Nov 22 10:00:00 2026\n";

function split(text: string): readonly string[] {
  return [...splitMbox(Buffer.from(text))].map((message) => message.toString());
}

describe("a mailbox file", () => {
  test("is split at its From lines, which belong to no message", () => {
    expect(split(`${FROM}A: 1\n\none\n\n${FROM}A: 2\n\ntwo\n`)).toEqual(["A: 1\n\none\n", "A: 2\n\ntwo\n"]);
  });

  test("gives body lines back as they were before they were quoted (mboxrd, mboxo)", () => {
    expect(split(`${FROM}A: 1\n\n>From here\n>>From there\n> From\na >From b\n`)).toEqual([
      "A: 1\n\nFrom here\n>From there\n> From\na >From b\n",
    ]);
  });

  test("is not split where a sentence begins with From, even after a blank line", () => {
    const message = "A: 1\n\nFrom Monday on, mail is lost.\n\nFrom Sunday too: 10:30, 2026\n";
    expect(split(FROM + message)).toEqual([message]);
  });

  test("is not split at a From line inside a paragraph", () => {
    expect(split(`${FROM}A: 1\n\ntext\n${FROM}more\n`)).toHaveLength(1);
  });

  test("may have CRLF or bare CR as line end, and other date forms", () => {
    const text = `${FROM}A: 1\n\none\n\nFrom - Sun, 22 Nov 2026 10:00:00 +0000\nA: 2\n\ntwo\n`;
    for (const end of ["\r\n", "\r"]) {
      const expected = ["A: 1\n\none\n", "A: 2\n\ntwo\n"].map((message) => message.replaceAll("\n", end));
      expect(split(text.replaceAll("\n", end))).toEqual(expected);
    }
  });

  test("that is no mailbox is one message, and an empty one is none", () => {
    expect(split("A: 1\n\nFrom joe\n")).toEqual(["A: 1\n\nFrom joe\n"]);
    expect(split("")).toEqual([]);
    expect(split(FROM)).toEqual([""]);
  });

  test("whose messages have no quoted lines is not copied", () => {
    const raw = Buffer.from(`${FROM}A: 1\n\none\n`);
    expect([...splitMbox(raw)].map((message) => message.buffer)).toEqual([raw.buffer]);
  });

  test("gives back every message that an mboxrd writer put in", () => {
    const texts = SAMPLES.map((sample) => sample.lf.toString("latin1")).filter((text) => !text.startsWith("From "));
    const line = fc.constantFrom("From a@b Sun Nov 22 10:00:00 2026", ">From x", ">>From ", "", "text", "From");
    const generated = fc.array(line, { maxLength: 8 }).map((lines) => `Subject: x\n\n${lines.join("\n")}\n`);
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...texts), generated), { minLength: 1, maxLength: 5 }),
        (messages) => {
          const file = messages.map((message) => `${FROM}${message.replace(/^(>*From )/gm, ">$1")}\n`).join("");
          const read = [...splitMbox(Buffer.from(file, "latin1"))].map((message) => message.toString("latin1"));
          expect(read).toEqual(messages);
        },
      ),
    );
  });
});
