import { expect, test } from "vitest";
import { previewLetter } from "../src/compose/letter-preview.ts";

const letter = (contentType: string, body: Buffer) =>
  Buffer.concat([Buffer.from(`From: joe@example.net\r\nSubject: help\r\n${contentType}\r\n`), body]);
const latin1 = Buffer.from("Mail an B\xfcro wird abgelehnt: pr\xfcfen Sie bitte.\r\n", "latin1");
const ascii = Buffer.from("Our mail to you is rejected since Monday.\r\n");
const READ = "Mail an B\u00fcro wird abgelehnt: pr\u00fcfen Sie bitte.";

test.each([
  ["without a label, in Latin letters of eight bits", "", latin1, READ],
  ["that calls them us-ascii", "Content-Type: text/plain; charset=us-ascii\r\n", latin1, READ],
  ["that calls them utf-8", "Content-Type: text/plain; charset=utf-8\r\n", latin1, READ],
  ["that calls plain English utf-16", "Content-Type: text/plain; charset=utf-16\r\n", ascii, ascii.toString().trim()],
  ["in UTF-8 without a label", "", Buffer.from(READ), READ],
  ["in UTF-16", "Content-Type: text/plain; charset=utf-16le\r\n", Buffer.from(READ, "utf16le"), READ],
  ["in HTML without a label", "Content-Type: text/html\r\n", Buffer.from("<p>B\xfcro</p>", "latin1"), "B\u00fcro"],
])("a letter %s can be read", async (_what, contentType, body, read) => {
  expect(await previewLetter(letter(contentType, body))).toBe(read);
});
