import { expect, test } from "vitest";
import { codesOf, stageOf } from "../../src/reasons/codes.ts";

test.each([
  ["550 5.1.1 <joe@example.net>... User unknown", "550", "5.1.1"],
  ["smtp; 550-5.7.26 This mail has been blocked", "550", "5.7.26"],
  ["SMTP;550 #5.1.0 Address rejected.", "550", "5.1.0"],
  ["5.1.0 - Unknown address error 550-'5.7.1 Access denied' (delivery attempts: 0)", "550", "5.7.1"],
  ["554 4.4.7 Message expired: unable to deliver in 840 minutes.<421 4.4.2 Connection timed out>", "421", "4.4.2"],
  ["host mx.example.net[192.0.2.1] said: 452 4.2.2 Mailbox full", "452", "4.2.2"],
  ["Sorry, no mailbox here by that name. (#5.1.1)", undefined, "5.1.1"],
  ["Remote host said: 554 delivery error: dd", "554", undefined],
  ["SMTP error after MAIL FROM:<ann@example.com> SIZE=222: host mx [192.0.2.22]: 550 blocked", "550", undefined],
  ["Could not be delivered because of 554 5.7.1 Relay access denied", "554", "5.7.1"],
  ["220 mx ESMTP 250 2.1.0 Ok 550 5.1.1 User unknown", "550", "5.1.1"],
] as const)("takes the codes of %s", (text, replyCode, status) => {
  expect(codesOf(text)).toEqual({ ...(replyCode && { replyCode }), ...(status && { status }) });
});

test.each([
  "connect to mx.example.net[192.0.2.250]:25: Connection timed out",
  "Could not deliver for the last 432000 seconds. Giving up.",
  "Message could not be delivered after 240 minutes",
  "message larger than 500 kB",
  "see version 5.2.1a or https://example.com/5.1.1/",
  "queue file 2.5.29.17 on 4.12.2026",
])("finds no code in %s", (text) => {
  expect(codesOf(text)).toEqual({});
});

test("a success is told when nothing else is", () => {
  expect(codesOf("250 2.1.5 Ok")).toEqual({ replyCode: "250", status: "2.1.5" });
});

test.each([
  ["host mx said: 550 no (in reply to RCPT TO command)", "rcpt"],
  ["SMTP error from remote mail server after MAIL FROM:<ann@example.com>: 550 no", "mail"],
  ["203.0.113.25 failed after I sent the message.", "data"],
  ["mx did not like our EHLO: 554 go away", "connect"],
  ["host mx refused to talk to me: 554 no", "connect"],
  ["550 no", undefined],
] as const)("knows where the remote refused: %s", (text, stage) => {
  expect(stageOf(text)).toBe(stage);
});
