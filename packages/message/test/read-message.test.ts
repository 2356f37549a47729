import { DEFAULT_READ_LIMITS, type Message, type Part, readMessage } from "@triage/message";
import fc from "fast-check";
import libqp from "libqp";
import { describe, expect, test } from "vitest";
import { partsOf } from "./outline.ts";
import { sample, withLineEnds } from "./samples.ts";

function read(text: string): Message {
  return readMessage(Buffer.from(text));
}

function shape(part: Part): unknown {
  return part.children.length === 0
    ? part.contentType.value
    : [part.contentType.value, ...part.children.map((child) => shape(child))];
}

describe("ranges", () => {
  test("of header and body cut the bytes as sent out of the message", () => {
    const raw = withLineEnds(sample("dsn-postfix"), "\r\n");
    const returned = partsOf(readMessage(raw).root).find((part) => part.path === "3.1");
    const header = raw.subarray(returned?.headerRange.start, returned?.headerRange.end).toString();
    expect(header.startsWith("Return-Path: <ann@example.com>\r\nReceived: ")).toBe(true);
    expect(header.endsWith('boundary="alt"\r\n')).toBe(true);
    const body = raw.subarray(returned?.bodyRange.start, returned?.bodyRange.end).toString();
    expect(body.startsWith("--alt\r\n")).toBe(true);
    expect(body.endsWith("--alt--\r\n")).toBe(true);
  });

  test("of parts inside an encoded message are offsets into the decoded bytes, their source", () => {
    const message = readMessage(sample("message-in-base64"));
    const inner = partsOf(message.root).find((part) => part.path === "3.1.1") as Part;
    expect(inner.source).not.toBe(message.raw);
    expect(inner.source.subarray(inner.bodyRange.start, inner.bodyRange.end).toString()).toBe("plain");
  });

  test("leave the line end before a delimiter to the delimiter (RFC 2046 section 5.1.1)", () => {
    const body = "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\none\r\n\r\n--x\r\n\r\n--x--";
    expect(read(body).root.children.map((part) => part.bytes().toString())).toEqual(["one\r\n", ""]);
  });
});

describe("report parts", () => {
  test("stay parts: delivery-status, headers and feedback are leaves, returned messages are trees", () => {
    expect(shape(readMessage(sample("dsn-headers-only")).root)).toEqual([
      "multipart/report",
      "text/plain",
      "message/delivery-status",
      "text/rfc822-headers",
    ]);
    expect(shape(readMessage(sample("dsn-internationalized")).root)).toEqual([
      "multipart/report",
      "text/plain",
      "message/global-delivery-status",
      ["message/global", "text/plain"],
    ]);
  });

  test("have the paths of IMAP, the message inside part 3 being 3.1", () => {
    expect(partsOf(readMessage(sample("dsn-postfix")).root).map((part) => part.path)).toEqual([
      "",
      "1",
      "2",
      "3",
      "3.1",
      "3.1.1",
      "3.1.2",
    ]);
  });

  test("keep a returned message byte for byte, whatever its transfer encoding says", () => {
    const returned = "From: a@example.com\nSubject: =3D\n\nSGVsbG8=\n";
    const raw = `Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n${returned}\n--x--\n`;
    const message = read(raw);
    expect(message.root.children[0]?.bytes().toString()).toBe(returned);
    expect(message.root.children[0]?.children[0]?.headers.value("from")).toBe("a@example.com");
    expect(message.defects.map((defect) => defect.code)).toEqual(["bad-transfer-encoding"]);
  });
});

describe("Content-Type", () => {
  test.each([
    ['TEXT/HTML; Charset="UTF-8"', "text/html", { charset: "UTF-8" }],
    ["text/plain (comment); charset = us-ascii (Plain text)", "text/plain", { charset: "us-ascii" }],
    ['multipart/mixed; boundary="a;b=\\"c"; x=y', "multipart/mixed", { boundary: 'a;b="c', x: "y" }],
    ["text/plain; name=two words.txt; ; =; x", "text/plain", { name: "two words.txt" }],
    ["text/plain; charset=a; charset=b", "text/plain", { charset: "a" }],
    ['text/plain; charset="utf-8', "text/plain", { charset: "utf-8" }],
    ["text/plain; name*1=b; name*0=a; name*2*=%20c", "text/plain", { name: "ab c" }],
    ["text/plain; name*=utf-8''%E2%82%AC.txt; name=euro.txt", "text/plain", { name: "€.txt" }],
    ["text/plain; name*99999999=x", "text/plain", {}],
    ["text/plain; __proto__=x", "text/plain", { ["__proto__"]: "x" }],
    ["text", "text/plain", {}],
    ["", "text/plain", {}],
  ])("reads %s", (field, value, parameters) => {
    const { contentType } = read(`Content-Type: ${field}\n\n`).root;
    expect(contentType.value).toBe(value);
    expect([...contentType.parameters].sort()).toEqual(Object.entries(parameters).sort());
  });

  test("finds the boundary that a mangled Content-Type lost, where part headers follow it", () => {
    const message = read("Content-Type: multipart/mixed\n\n--lost\nContent-Type: text/html\n\n<p>\n--lost--\n");
    expect(shape(message.root)).toEqual(["multipart/mixed", "text/html"]);
    expect(read("Content-Type: multipart/mixed\n\n-- \nJoe\n").defects).toMatchObject([{ code: "boundary-missing" }]);
  });

  test("of a part decides the file name when Content-Disposition names none", () => {
    const { root } = read(
      'Content-Type: text/plain; name="=?utf-8?Q?=C3=A4.txt?="\nContent-Disposition: Attachment\n\n',
    );
    expect([root.disposition, root.filename]).toEqual(["attachment", "ä.txt"]);
    expect([read("A: 1\n\n").root.disposition, read("A: 1\n\n").root.filename]).toEqual([undefined, undefined]);
  });
});

describe("bodies", () => {
  const encoded = (encoding: string, body: string): Message =>
    read(`Content-Transfer-Encoding: ${encoding}\nContent-Type: text/plain; charset=utf-8\n\n${body}`);

  test.each([
    ["quoted-printable", "a=C3=A4 =\r\nb=\r\n=3d=3D  \r\nc=zz =", "aä b==\nc=zz "],
    ["Quoted-Printable (comment)", "x=20\n", "x \n"],
    ["base64", "w6Q=\r\nw7Y=\r\n", "äö"],
    ["BASE64", "w6T\nDtg==", "äö"],
    ["x-uuencode", "begin 644 a\n`\nend\n", "begin 644 a\n`\nend\n"],
    ["8bit", "ä", "ä"],
  ])("in %s are decoded", (encoding, body, text) => {
    expect(encoded(encoding, body).root.text()).toBe(text);
  });

  test("in quoted-printable are decoded as libqp decodes them, which is too slow only for hostile ones", () => {
    const token = fc.constantFrom(
      "=3D",
      "=c3=A4",
      "=",
      "=4",
      "=\n",
      "= \n",
      "=\r\n",
      "\n",
      "\r\n",
      " ",
      "\t",
      "a",
      "Z",
      "0",
      "\xe4",
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 60 }), (tokens) => {
        const body = Buffer.from(tokens.join(""), "latin1");
        // libqp also decodes an escape that a soft line break cuts in two, which RFC 2045 section 6.7 does not allow.
        fc.pre(!/=[0-9a-fA-F]?=[ \t]*\r?\n/.test(body.toString("latin1")));
        const raw = Buffer.concat([Buffer.from("Content-Transfer-Encoding: quoted-printable\n\n"), body]);
        expect(readMessage(raw).root.bytes().toString("latin1")).toBe(libqp.decode(body).toString("latin1"));
      }),
      { numRuns: 1_000 },
    );
  });

  test("that are said to be base64 and are sentences are left alone, and the lie is a defect", () => {
    const message = encoded("base64", "Dear postmaster, this is not base64.\n");
    expect(message.root.text()).toBe("Dear postmaster, this is not base64.\n");
    expect(message.defects.map((defect) => defect.code)).toEqual(["bad-transfer-encoding"]);
  });

  test("without an encoding are not copied", () => {
    const message = read("A: 1\n\nbody");
    expect(message.root.bytes().buffer).toBe(message.raw.buffer);
  });

  test("are decoded once", () => {
    const { root } = encoded("base64", "w6Q=");
    expect(root.bytes()).toBe(root.bytes());
  });

  test("grow the list of defects only when they are asked for", () => {
    const message = read("Content-Type: text/plain; charset=x-none\n\nä");
    expect(message.defects).toEqual([]);
    expect(message.root.text()).toBe("ä");
    expect(message.root.text()).toBe("ä");
    expect(message.defects.map((defect) => defect.code)).toEqual(["bad-charset"]);
  });
});

describe("limits", () => {
  const codes = (message: Message): readonly string[] => message.defects.map((defect) => defect.code);

  test("stop a header that is too large; the body is still found", () => {
    const message = readMessage(Buffer.from(`A: 1\nB: ${"x".repeat(100)}\nC: 3\n\nbody`), { maxHeaderBytes: 64 });
    expect(message.root.headers.fields.map((field) => field.name)).toEqual(["a"]);
    expect(message.root.text()).toBe("body");
    expect(codes(message)).toEqual(["header-too-large"]);
  });

  test("stop too many fields", () => {
    const message = readMessage(Buffer.from(`${"A: 1\n b\n".repeat(5)}\nbody`), { maxFields: 3 });
    expect(message.root.headers.fields).toHaveLength(3);
    expect(message.root.headers.fields[2]?.raw).toBe("A: 1\n b\n");
    expect(message.root.text()).toBe("body");
    expect(codes(message)).toEqual(["too-many-fields"]);
  });

  test("stop nesting, of multiparts and of messages", () => {
    const multiparts = Array.from(
      { length: 50 },
      (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\n\n--b${i}\n`,
    );
    const messages = "Content-Type: message/rfc822\n\n".repeat(50);
    for (const text of [multiparts.join(""), messages]) {
      const message = read(text);
      expect(partsOf(message.root)).toHaveLength(DEFAULT_READ_LIMITS.maxNesting + 1);
      expect(codes(message)).toContain("nesting-too-deep");
    }
  });

  test("stop too many parts, those of encoded messages included; what follows the multipart is still read", () => {
    const inner = Buffer.from(`Content-Type: multipart/mixed; boundary=y\n\n${"--y\n\nx\n".repeat(9)}`).toString(
      "base64",
    );
    const raw = `Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n${inner}\n--x\n\nlast\n--x--`;
    const message = readMessage(Buffer.from(raw), { maxParts: 8 });
    expect(partsOf(message.root)).toHaveLength(8);
    expect(codes(message)).toContain("too-many-parts");
  });

  test("stop text that is too long, without decoding the rest, and never inside a character", () => {
    const message = readMessage(Buffer.from(`Content-Type: text/plain; charset=utf-8\n\n${"😀".repeat(1_000)}`), {
      maxTextChars: 5,
    });
    expect(message.root.text()).toBe("😀😀😀");
    expect(codes(message)).toEqual(["text-too-large"]);
    expect(message.root.bytes()).toHaveLength(4_000);
  });

  test("break a line that is too long, and lose nothing", () => {
    const message = readMessage(Buffer.from(`A: 1\n\nshort\n${"x".repeat(25)}\n${"y".repeat(10)}`), {
      maxLineChars: 10,
    });
    expect(message.root.text()).toBe(
      `short\n${"x".repeat(10)}\n${"x".repeat(10)}\n${"x".repeat(5)}\n${"y".repeat(10)}`,
    );
    expect(codes(message)).toEqual(["line-too-long"]);
  });

  test("stop the list of defects itself", () => {
    const part = "--x\nContent-Type: ?\n\n";
    const message = read(`Content-Type: multipart/mixed; boundary=x\n\n${part.repeat(500)}`);
    expect(message.defects).toHaveLength(100);
  });

  test.each([{ maxParts: 0 }, { maxNesting: -1 }, { maxTextChars: 1.5 }, { maxHeaderBytes: Number.NaN }])(
    "that are no limits are refused: %o",
    (limits) => {
      expect(() => readMessage(Buffer.alloc(0), limits)).toThrow(RangeError);
    },
  );
});
