/** Mail that was made to break its reader: mutated, truncated, spliced, and built to cost more than it weighs. */
import {
  htmlToText,
  type Message,
  type Part,
  parseAddressList,
  readHeader,
  readMessage,
  splitMbox,
} from "@triage/message";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { outlineMessage, partsOf } from "./outline.ts";
import { SAMPLES, withLineEnds } from "./samples.ts";

const TOKENS = [
  ...'\n|\r\n|\r|\n\n|\0|--|=|: |;|"|(|<|>|From |>From |\xff\xfe|=?utf-8?B?|?=|é'.split("|"),
  "\n--x\n",
  "\n--x--\n",
  "--alt\n",
  "\nContent-Type: multipart/mixed; boundary=x\n\n--x\n",
  "\nContent-Type: message/rfc822\n\n",
  "\nContent-Transfer-Encoding: base64\n",
  "\nContent-Transfer-Encoding: quoted-printable\n",
  "; charset=utf-16le",
  "; name*0*=utf-7''%",
].map((token) => Buffer.from(token, "latin1"));

/** A sample, cut, with pieces of others and hostile tokens put in, in any line end. */
const hostileMail: fc.Arbitrary<Buffer> = fc
  .record({
    base: fc.constantFrom(...SAMPLES),
    other: fc.constantFrom(...SAMPLES),
    lineEnd: fc.constantFrom("\n" as const, "\r\n" as const, "\r" as const),
    edits: fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        drop: fc.nat({ max: 40 }),
        insert: fc.option(fc.constantFrom(...TOKENS)),
        splice: fc.option(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat({ max: 400 }))),
      }),
      { maxLength: 12 },
    ),
    keep: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ base, other, lineEnd, edits, keep }) => {
    let raw = lineEnd === "\n" ? base.lf : withLineEnds(base.lf, lineEnd);
    for (const { at, drop, insert, splice } of edits) {
      const cut = Math.floor(at * raw.length);
      const from = splice === null ? 0 : Math.floor(splice[0] * other.lf.length);
      const piece = splice === null ? (insert ?? Buffer.alloc(0)) : other.lf.subarray(from, from + splice[1]);
      raw = Buffer.concat([raw.subarray(0, cut), piece, raw.subarray(cut + drop)]);
    }
    return keep > 0.8 ? raw : raw.subarray(0, Math.floor((raw.length * keep) / 0.8));
  });

function readEverything(message: Message): void {
  outlineMessage(message);
  for (const part of partsOf(message.root)) {
    part.bytes();
    htmlToText(part.text());
    for (const { name } of part.headers.fields) parseAddressList(part.headers.text(name) ?? "");
  }
}

describe("whatever the bytes are", () => {
  test.each([..."\0\n\r \t-:aF".split("").map((char) => Buffer.from(char)), Buffer.alloc(0), Buffer.from([0xff])])(
    "a message of one byte or none is read: %o",
    (raw) => {
      readEverything(readMessage(raw));
      expect([...splitMbox(raw)].length).toBeLessThanOrEqual(1);
    },
  );

  test("reading, decoding and taking addresses never throws", () => {
    fc.assert(
      fc.property(fc.oneof(hostileMail, fc.uint8Array({ maxLength: 300 }).map(Buffer.from)), (raw) => {
        readEverything(readMessage(raw));
        readHeader(raw);
        for (const message of splitMbox(raw)) readMessage(message);
      }),
      { numRuns: 1_000 },
    );
  });

  test("the fields of a header, put together, are the bytes of the header", () => {
    fc.assert(
      fc.property(hostileMail, (raw) => {
        const { root } = readMessage(raw);
        for (const part of partsOf(root)) {
          const sent = part.source.subarray(part.headerRange.start, part.headerRange.end).toString("latin1");
          expect(part.headers.fields.map((field) => field.raw).join("")).toBe(sent);
          for (const { raw: field, range } of part.headers.fields) {
            expect(part.source.subarray(range.start, range.end).toString("latin1")).toBe(field);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test("parts lie inside the part around them, in order, and do not overlap", () => {
    fc.assert(
      fc.property(hostileMail, (raw) => {
        expectNested(readMessage(raw).root);
      }),
      { numRuns: 500 },
    );
  });

  test("LF and CRLF give the same tree, headers, texts and defects", () => {
    const lfMail = hostileMail.map((raw) => Buffer.from(raw.toString("latin1").replace(/\r\n?/g, "\n"), "latin1"));
    fc.assert(
      fc.property(lfMail, (lf) => {
        expect(outlineMessage(readMessage(withLineEnds(lf, "\r\n")))).toEqual(outlineMessage(readMessage(lf)));
      }),
      { numRuns: 500 },
    );
  });
});

test("bare CR gives the same tree, headers and texts as LF, and is named", () => {
  const lfMail = hostileMail.map((raw) =>
    Buffer.from(`A: 1\n${raw.toString("latin1").replace(/\r\n?/g, "\n")}`, "latin1"),
  );
  fc.assert(
    fc.property(lfMail, (lf) => {
      const { root, defects } = outlineMessage(readMessage(lf));
      expect(outlineMessage(readMessage(withLineEnds(lf, "\r")))).toEqual({ root, defects: ["bare-cr", ...defects] });
    }),
    { numRuns: 500 },
  );
});

function expectNested(part: Part): void {
  const { headerRange, bodyRange } = part;
  expect(headerRange.start).toBeLessThanOrEqual(headerRange.end);
  expect(headerRange.end).toBeLessThanOrEqual(bodyRange.start);
  expect(bodyRange.start).toBeLessThanOrEqual(bodyRange.end);
  expect(bodyRange.end).toBeLessThanOrEqual(part.source.length);
  let from = bodyRange.start;
  for (const child of part.children) {
    if (child.source === part.source) {
      expect(child.headerRange.start).toBeGreaterThanOrEqual(from);
      expect(child.bodyRange.end).toBeLessThanOrEqual(bodyRange.end);
      from = child.bodyRange.end;
    }
    expectNested(child);
  }
}

/** Reads `raw` through a view that counts every byte looked at, by index or by a search. */
function countWork(raw: Buffer): number {
  let work = 0;
  const counted = new Proxy(raw, {
    get(target, key) {
      if (typeof key === "string" && /^\d+$/.test(key)) {
        work++;
        return target[Number(key)];
      }
      if (key === "indexOf") {
        return (value: string | number | Buffer, from = 0, encoding: BufferEncoding = "utf8"): number => {
          const hit = target.indexOf(value, from, encoding);
          work += 1 + (hit === -1 ? target.length : hit) - Math.max(from, 0);
          return hit;
        };
      }
      if (key === "toString") {
        return (encoding: BufferEncoding, start = 0, end = target.length): string => {
          work += Math.min(end, target.length) - start;
          return target.toString(encoding, start, end);
        };
      }
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  readMessage(counted);
  return work;
}

describe("the work grows with the size of the message and with nothing else", () => {
  const nested = (depth: number): string =>
    Array.from(
      { length: depth },
      (_, i) => `Content-Type: multipart/mixed; boundary=${"b".repeat(i + 1)}\n\n--${"b".repeat(i + 1)}\n`,
    ).join("");
  const multipart = "Content-Type: multipart/mixed; boundary=x\n\n";

  test.each<[string, string, string]>([
    ["delimiter lines", multipart, "--x\n"],
    ["lines that are nearly delimiters", `${multipart}--x\n\n`, "--xy\n"],
    ["hyphens", `${multipart}--x\n\n`, "--"],
    ["lines that are nearly delimiters of thirty nested multiparts", `${nested(30)}\n`, `--${"b".repeat(40)}\n`],
    ["multiparts that are never closed", "", `${multipart}--x\n`],
    ["messages in messages", "", "Content-Type: message/rfc822\n\n"],
    ["header lines without a colon", "A: 1\n", "no field\n"],
    ["header lines without a colon after a comma", "A: 1,\n", "no field,\n"],
    ["blank folds", "A: 1\n", " \n"],
    ["fields", "", "A: 1\n"],
    ["one field", "A: ", "x"],
    ["From lines", "", "From \n"],
    ["blank lines", "", "\n"],
    ["CRs", "A: 1\n\n", "\r"],
    ["CRs in the header", "A: 1\n", "\r"],
    ["base64", `${multipart}--x\nContent-Transfer-Encoding: base64\n\n`, "QUJD".repeat(19).concat("\n")],
    ["one line", "A: 1\n\n", "x"],
  ])("for a flood of %s", (_, start, flood) => {
    const make = (bytes: number): Buffer => Buffer.from(start + flood.repeat(Math.ceil(bytes / flood.length)));
    const small = countWork(make(40_000));
    const large = countWork(make(160_000));
    expect(large / small).toBeLessThan(4.5);
    expect(large / 160_000).toBeLessThan(20);
  });
});

/** A quadratic step over a megabyte takes many minutes; the test's time limit is the assertion. */
describe("a megabyte of the worst input is done with", () => {
  const size = 1_000_000;
  const flood = (piece: string): string => piece.repeat(Math.ceil(size / piece.length));

  test.each(["<a ", "<!--", "<script>", "<p", "&", "&#", "<<", "< ", "a<b='", "&nbsp;", " \n"])(
    "as HTML: %j",
    (piece) => {
      expect(htmlToText(flood(piece)).length).toBeLessThanOrEqual(size + piece.length);
    },
  );

  test.each(["(", "<", '"', "\\", "@a,", ":", ";,", "a ", " . ", "a@b ", "(a)", "[", "a,"])(
    "as addresses: %j",
    (piece) => {
      expect(parseAddressList(flood(piece)).length).toBeLessThanOrEqual(1_000);
    },
  );

  test.each([" ", "=", "= ", "=\n", "\r", "=\r", "=3D"])("as quoted-printable: %j", (piece) => {
    const raw = Buffer.from(`Content-Transfer-Encoding: quoted-printable\n\n${flood(piece)}x`);
    expect(readMessage(raw).root.bytes().length).toBeLessThanOrEqual(size + piece.length + 1);
  });

  test.each(["\r", "=?", "=?utf-8?B?", "=?utf-8?Q?=", "=?a?Q?b?= ", "?=", "=?a?B? ", " ", "=?a?Q?b?=\t \t"])(
    "as a Subject: %j",
    (piece) => {
      const headers = readHeader(Buffer.from(`Subject: x${flood(piece).slice(0, 200_000)}x\n`));
      expect(typeof headers.text("subject")).toBe("string");
    },
  );

  test.each([";", "=", ";a=", '"', ";a*0*=x", ";(", "\\", ';a="', " "])("as parameters: %j", (piece) => {
    const message = readMessage(Buffer.from(`Content-Type: text/plain; x=${flood(piece).slice(0, 200_000)}\n\n`));
    expect(message.root.contentType.value).toBe("text/plain");
  });

  test.each([">", ">From ", "\nFrom ", "\n>From ", "\n\nFrom a Sun Nov 22 10:00:00 2026\n", "\n"])(
    "as a mailbox: %j",
    (piece) => {
      const raw = Buffer.from(`From a Sun Nov 22 10:00:00 2026\n${flood(piece)}`);
      expect([...splitMbox(raw)].length).toBeGreaterThan(0);
    },
  );
});
