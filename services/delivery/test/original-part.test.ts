import { expect, test } from "vitest";
import { chooseOriginalPart } from "../src/compose/original-part.ts";

const HEADER = "From: a@example.net\r\n\r\n";
const choose = (body: string | Buffer, hasHeader = true) =>
  chooseOriginalPart(Buffer.concat([Buffer.from(HEADER), Buffer.from(body)]), hasHeader);

test("an ASCII original is attached as message/rfc822, unencoded (RFC 2046 section 5.2.1)", () => {
  expect(choose("hello\r\n")).toEqual({ kind: "message", contentType: "message/rfc822", encoding: "7bit" });
});

test("an original with LF line ends, as an MTA's pipe hands it over, is attached as message/rfc822", () => {
  expect(chooseOriginalPart(Buffer.from("From: a@example.net\n\nhello\n"), true).kind).toBe("message");
});

test("an 8-bit original is attached as message/rfc822 and says 8bit", () => {
  expect(choose("grüße\r\n")).toMatchObject({ kind: "message", encoding: "8bit" });
});

test.each([
  ["a NUL byte", "a\0b\r\n"],
  ["a bare CR", "a\rb\r\n"],
  ["a bare CR at the very end", "a\r\nb\r"],
  ["a line of 999 bytes", `${"x".repeat(999)}\r\n`],
  ["a last line of 999 bytes", "x".repeat(999)],
])("an original with %s would not survive SMTP: it is attached as base64", (_, body) => {
  expect(choose(body)).toEqual({ kind: "file", contentType: "application/octet-stream", encoding: "base64" });
});

test("998 bytes are the longest line that SMTP allows (RFC 5321 section 4.5.3.1.6)", () => {
  expect(choose(`${"x".repeat(998)}\r\n${"x".repeat(998)}`).kind).toBe("message");
});

test("bytes without any header field are no message: they are attached as a file", () => {
  expect(choose("", false).kind).toBe("file");
});
