import { readHeader, readMessage } from "@triage/message";
import { describe, expect, test } from "vitest";

function header(text: string, encoding: BufferEncoding = "utf8") {
  return readHeader(Buffer.from(text, encoding));
}

describe("header fields as sent", () => {
  test("keep their bytes, folds and line ends included, because DKIM signs them", () => {
    const { fields } = header("Subject: a\r\n  folded\tline \r\nTO : joe@example.com\r\n\r\nbody");
    expect(fields).toEqual([
      {
        name: "subject",
        range: { start: 0, end: 28 },
        raw: "Subject: a\r\n  folded\tline \r\n",
        rawValue: " a\r\n  folded\tline ",
      },
      { name: "to", range: { start: 28, end: 50 }, raw: "TO : joe@example.com\r\n", rawValue: " joe@example.com" },
    ]);
  });

  test("keep the order and every repetition of a field", () => {
    const headers = header("Received: 1\nX: a\nReceived: 2\nreceived: 3\n");
    expect(headers.all("received").map((field) => field.rawValue)).toEqual([" 1", " 2", " 3"]);
    expect(headers.first("received")?.rawValue).toBe(" 1");
    expect(headers.all("absent")).toEqual([]);
    expect(headers.has("x")).toBe(true);
    expect(headers.has("constructor")).toBe(false);
  });

  test("end at the blank line, or with the bytes", () => {
    expect(header("A: 1\n\nB: 2\n").has("b")).toBe(false);
    expect(header("A: 1\nB: 2").first("b")?.raw).toBe("B: 2");
    expect(header("").fields).toEqual([]);
  });

  test("end at a blank line whose CR was doubled by a text-mode copy", () => {
    expect(header("A: 1\r\r\n\r\r\nB: 2\r\r\n").fields.map((field) => field.name)).toEqual(["a"]);
  });

  test("may follow an mbox From line, blank lines or a byte order mark, which are not theirs", () => {
    for (const top of ["\ufeff", "From joe@example.com Sun Nov 22 10:00:00 2026\n", ">From joe\n", "\n\n"]) {
      expect(header(`${top}A: 1\n`).fields).toMatchObject([{ name: "a", range: { start: Buffer.byteLength(top) } }]);
    }
  });
});

describe("the value of a field", () => {
  test("is unfolded and trimmed, and its encoded words are left alone", () => {
    const headers = header("Subject:  =?utf-8?Q?a?=\r\n\tb  \r\n");
    expect(headers.value("subject")).toBe("=?utf-8?Q?a?=\tb");
    expect(headers.value("absent")).toBeUndefined();
  });

  test("is read as UTF-8 where it is UTF-8 (RFC 6532), else as latin1", () => {
    expect(header("Subject: Grüße\n").value("subject")).toBe("Grüße");
    expect(header("Subject: Grüße\n", "latin1").value("subject")).toBe("Grüße");
  });

  test("has no NUL, which PostgreSQL cannot store", () => {
    expect(header("Subject: a\0b\n").value("subject")).toBe("a\ufffdb");
  });

  test("of a fold that lost its blank is joined by one", () => {
    expect(header("To: a@example.com,\nb@example.com\n").value("to")).toBe("a@example.com, b@example.com");
  });
});

describe("the text of a field", () => {
  test.each([
    ["=?utf-8?B?w6Q=?= =?utf-8?B?w7Y=?=", "äö", "blanks between encoded words belong to neither"],
    ["=?utf-8?Q?=C3?= =?utf-8?Q?=A4?=", "ä", "a character split between two words is joined"],
    ["=?ISO-8859-1*de?q?a_=E4?= b", "a ä b", "a language tag is ignored (RFC 2231 section 5)"],
    ["=?x-none?Q?a=C3=A4?=", "aä", "a word in an unknown charset is read as UTF-8"],
    ["=?x-none?Q?a=E4?=", "aä", "and as windows-1252 where that is not UTF-8"],
    ["=?utf-8?Q?a=0D=0AX-Evil:_1=00?=", "a  X-Evil: 1 ", "an encoded line end does not become one"],
    ["=?utf-8?Q?open", "=?utf-8?Q?open", "a word that is not closed is text"],
    ["=?iso-2022-jp?B?GyRCJCIbKEI=?=", "あ", "iso-2022-jp is read"],
  ])("decodes %s: %s (%s)", (encoded, decoded) => {
    expect(header(`Subject: ${encoded}\n`).text("subject")).toBe(decoded);
  });
});

describe("a sloppy header", () => {
  function defectsOf(text: string): readonly string[] {
    return readMessage(Buffer.from(text)).defects.map((defect) => defect.code);
  }

  test("that runs into the body without a blank line ends where its field lines end", () => {
    const message = readMessage(Buffer.from("Subject: x\nDear postmaster,\nplease note: nothing arrives.\n"));
    expect(message.root.headers.fields).toHaveLength(1);
    expect(message.root.text()).toBe("Dear postmaster,\nplease note: nothing arrives.\n");
    expect(message.defects).toMatchObject([{ code: "header-not-terminated", offset: 11 }]);
  });

  test("with a line that is no field keeps that line in the field above it, and says so once", () => {
    const message = readMessage(Buffer.from("Received: from a\nby b\nwith c\nSubject: x\n\nbody"));
    expect(message.root.headers.value("received")).toBe("from a by b with c");
    expect(message.root.headers.value("subject")).toBe("x");
    expect(message.defects.map((defect) => defect.code)).toEqual(["header-line-without-colon"]);
  });

  test("does not take a sentence with a colon for a field, nor a field for a sentence", () => {
    expect(readHeader(Buffer.from("A: 1\nh=From:To\nB-C: 2\n")).fields.map((field) => field.name)).toEqual([
      "a",
      "b-c",
    ]);
  });

  test("names line ends that are mixed, and CRs that end no line", () => {
    expect(defectsOf("A: 1\r\nB: 2\n\nx")).toEqual(["bare-lf-mixed"]);
    expect(defectsOf("A: 1\r\nB: 2\rC: 3\r\n\r\nx")).toEqual(["bare-cr"]);
    expect(defectsOf("A: 1\nB: 2\rC: 3\n\nx")).toEqual(["bare-cr"]);
    expect(defectsOf("A: 1\r\n\r\nbody\nbody")).toEqual([]);
  });

  test("names NUL bytes and a header that is not there", () => {
    expect(defectsOf("A: 1\n\n\0")).toEqual(["nul-byte"]);
    expect(defectsOf("just a sentence")).toEqual(["no-header"]);
    expect(defectsOf("")).toEqual(["no-header"]);
  });
});
