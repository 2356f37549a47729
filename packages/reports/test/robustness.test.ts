import { type Envelope, readMessage } from "@triage/message";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readReport } from "../src/read-report.ts";
import { readSamples } from "./samples.ts";

const UNKNOWN: Envelope = { reversePath: undefined, forwardPaths: [] };
const samples = readSamples();
const anySample = fc.constantFrom(...samples).map((sample) => sample.raw);

function read(raw: Buffer) {
  return readReport(readMessage(raw), UNKNOWN);
}

describe("whatever a stranger sends", () => {
  test("a message cut off at any byte is read without an exception", () => {
    fc.assert(
      fc.property(anySample, fc.double({ min: 0, max: 1, noNaN: true }), (raw, share) => {
        expect(read(raw.subarray(0, Math.floor(raw.length * share))).kind).toBeTypeOf("string");
      }),
      { numRuns: 500 },
    );
  });

  test("a message with bytes overwritten is read without an exception", () => {
    const change = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(anySample, fc.array(change, { minLength: 1, maxLength: 40 }), (raw, changes) => {
        const bytes = Buffer.from(raw);
        for (const [share, byte] of changes) bytes[Math.floor((bytes.length - 1) * share)] = byte;
        expect(read(bytes).kind).toBeTypeOf("string");
      }),
      { numRuns: 500 },
    );
  });

  test("two messages spliced together are read without an exception", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(anySample, anySample, share, share, (one, other, head, tail) => {
        const spliced = [
          one.subarray(0, Math.floor(one.length * head)),
          other.subarray(Math.floor(other.length * tail)),
        ];
        expect(read(Buffer.concat(spliced)).kind).toBeTypeOf("string");
      }),
      { numRuns: 500 },
    );
  });

  test("bytes that are no mail at all are read without an exception", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => {
        expect(read(Buffer.from(bytes)).kind).toBeTypeOf("string");
      }),
      { numRuns: 500 },
    );
  });
});

describe("a report keeps what it said before it was cut off", () => {
  const reports = samples.filter((sample) => sample.name.startsWith("dsn/rfc3464/01"));

  test.each(reports.map((sample) => [sample.name, sample.raw] as const))(
    "%s is still a DSN for its first recipient wherever the returned message is cut",
    (_, raw) => {
      const whole = read(raw);
      const returnedAt = raw.indexOf("Content-Type: message/rfc822");
      for (let end = returnedAt; end < raw.length; end += 7) {
        const cut = read(raw.subarray(0, end));
        expect(cut.kind).toBe("dsn");
        expect(cut.kind === "dsn" && cut.recipients).toEqual(whole.kind === "dsn" && whole.recipients);
      }
    },
  );
});

describe("a message made to keep the reader busy", () => {
  const HEAD =
    "Return-Path: <>\nFrom: Mail Delivery System <MAILER-DAEMON@mx.example.net>\nSubject: Undelivered Mail\n";
  const SIZE = 5_000_000;
  const fill = (line: string) => line.repeat(Math.ceil(SIZE / line.length));
  const status = (body: string) =>
    `${HEAD}Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n${body}\n--b--\n`;

  // Each would take hours if any step were quadratic in lines, fields, folds or line ends.
  test.each([
    ["lines that all name an address", `${HEAD}\n${fill("joe@example.net: 550 no\n")}`],
    ["lines that all look like a returned header", `${HEAD}\n${fill("> Message-ID: <1@example.com>\n")}`],
    ["one line without end", `${HEAD}\n${fill("joe@example.net ")}`],
    ["bare CRs alone", `${HEAD}\n${fill("Received: x\nFrom: a@example.com\n")}`.replaceAll("\n", "\r")],
    [
      "a returned header behind a hundred thousand lines",
      `${HEAD}\n${"x\n".repeat(100_000)}From: a@b.example\n${fill("body\n")}`,
    ],
    [
      "a field of nothing but folds",
      status(`Final-Recipient: rfc822; joe@example.net\nDiagnostic-Code: x\n${fill(" a\n")}`),
    ],
    ["a recipient on every third line", status(fill("Final-Recipient: rfc822; joe@example.net\nAction: failed\n\n"))],
    [
      "a diagnostic on every line",
      status(`Final-Recipient: rfc822; a@b.example\n${fill("Diagnostic-Code: smtp; 550 5.1.1 x\n")}`),
    ],
  ])("with %s is read to its end", (_, text) => {
    expect(read(Buffer.from(text)).kind).toMatch(/^(?:dsn|other)$/);
  });
});
