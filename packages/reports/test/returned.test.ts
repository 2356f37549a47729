import { type Envelope, readMessage } from "@triage/message";
import { describe, expect, test } from "vitest";
import { readReport } from "../src/read-report.ts";

const UNKNOWN: Envelope = { reversePath: undefined, forwardPaths: [] };
const HEADER = [
  "Received: from app.example.com (app.example.com [192.0.2.10])",
  "\tby out.example.com with ESMTP id 4711",
  "DKIM-Signature: v=1; a=rsa-sha256;  d=example.com; s=mail;",
  "  h=from:to; bh=abc=;  b=def=",
  "From:  Ann   <ann@example.com> ",
  "To: joe@example.net",
  "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=",
  "Message-ID: <1@example.com>",
];

function bounce(...body: readonly string[]): string {
  return [
    "Return-Path: <>",
    "From: Mail Delivery System <MAILER-DAEMON@mx.example.net>",
    "To: ann@example.com",
    "Subject: Undelivered Mail",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: 8bit",
    "",
    ...body,
  ].join("\n");
}

const NOTICE = [
  "Ihre Nachricht wurde nicht zugestellt (größer als erlaubt):",
  "",
  "    <joe@example.net>: 552 5.3.4 too big",
  "",
];

function returnedOf(text: string) {
  return readReport(readMessage(Buffer.from(text)), UNKNOWN).returned;
}

describe("a returned header that stands inline", () => {
  test.each([
    ["LF", "\n"],
    ["CRLF", "\r\n"],
  ])("keeps every byte, as DKIM is verified on them (%s)", (_, lineEnd) => {
    const text = bounce(...NOTICE, "----- Original message -----", "", ...HEADER, "", "Body").replaceAll("\n", lineEnd);
    const returned = returnedOf(text);
    expect(returned.form).toBe("inline");
    expect(returned.headers?.fields.map((field) => field.raw).join("")).toBe(`${HEADER.join(lineEnd)}${lineEnd}`);
    expect(returned.body?.toString()).toBe("Body");
    expect(returned.subject).toBe("Grüße");
  });

  test("is found behind a quote prefix and read without it", () => {
    const returned = returnedOf(bounce(...NOTICE, ...HEADER.map((line) => `> ${line}`), ">", "> Body"));
    expect(returned.headers?.fields.map((field) => field.raw).join("")).toBe(`${HEADER.join("\n")}\n`);
    expect(returned.messageId).toBe("<1@example.com>");
  });

  test("is told from an excerpt that the MTA wrote for people", () => {
    const excerpt = ["  To:      joe@example.net", "  Subject: Hello", "  Sent:    Tue, 3 Nov 2026"];
    expect(returnedOf(bounce(...NOTICE, ...excerpt)).form).toBe("none");
  });

  test("is preferred to the excerpt above it", () => {
    const excerpt = ["  Message-id: <other@example.com>", "  Date: Tue, 3 Nov 2026", "  From: ann@example.com", ""];
    expect(returnedOf(bounce(...NOTICE, ...excerpt, ...HEADER)).messageId).toBe("<1@example.com>");
  });
});

describe("a returned part", () => {
  function report(type: string, content: string): string {
    return [
      "From: Mail Delivery System <MAILER-DAEMON@mx.example.net>",
      "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
      "",
      "--b",
      "Content-Type: message/delivery-status",
      "",
      "Reporting-MTA: dns; mx.example.net",
      "",
      "Final-Recipient: rfc822; joe@example.net",
      "Action: failed",
      "Status: 5.1.1",
      "",
      "--b",
      `Content-Type: ${type}`,
      "",
      content,
      "--b--",
      "",
    ].join("\n");
  }

  test.each([
    ["message/rfc822", "message"],
    ["message/global", "message"],
    ["message/partial", "message"],
    ["text/rfc822-headers", "headers"],
    ["text/rfc822-header", "headers"],
    ["message/rfc822-headers", "headers"],
    ["message/global-headers", "headers"],
  ])("of type %s has the form %s", (type, form) => {
    const returned = returnedOf(report(type, `${HEADER.join("\n")}\n`));
    expect(returned.form).toBe(form);
    expect(returned.headers?.fields.map((field) => field.raw).join("")).toBe(`${HEADER.join("\n")}\n`);
    expect(returned.from).toMatchObject({ localPart: "ann", domain: "example.com" });
  });

  test("is not searched for reports: a bounce of a bounce is about the outer recipient", () => {
    const inner = report("message/rfc822", HEADER.join("\n"))
      .replaceAll("--b", "--c")
      .replace("boundary=b", "boundary=c");
    const read = readReport(
      readMessage(Buffer.from(report("message/rfc822", inner.replace("joe@", "inner@")))),
      UNKNOWN,
    );
    expect(read.kind === "dsn" && read.recipients.map((one) => one.addressText)).toEqual(["joe@example.net"]);
  });

  test("without a Return-Path takes the sender that the MTA names (X-Postfix-Sender)", () => {
    const text = report("message/rfc822", HEADER.join("\n")).replace(
      "\n\nFinal",
      "\nX-Postfix-Sender: rfc822; bounce@example.com\n\nFinal",
    );
    expect(returnedOf(text).reversePath).toMatchObject({ kind: "address", localPart: "bounce", domain: "example.com" });
  });
});

describe("what the header of a report tells of the message that it answers", () => {
  const reportOf = (...fields: readonly string[]) =>
    readReport(
      readMessage(Buffer.from([...fields, "From: Joe <joe@Example.NET>", "Subject: Re: x", "", "Away."].join("\n"))),
      UNKNOWN,
    );

  test.each([
    ["In-Reply-To", ["In-Reply-To: <1@example.com>"]],
    ["In-Reply-To, before References", ["References: <2@example.com>", "In-Reply-To: <1@example.com>"]],
    ["the last of References", ["References: <0@example.net>\n <1@example.com>"]],
    ["In-Reply-To in an old form", ['In-Reply-To: Your message of "Mon" <1@example.com>']],
  ])("is the Message-ID in %s", (_, fields) => {
    expect(reportOf("Auto-Submitted: auto-replied", ...fields).answersMessageId).toBe("<1@example.com>");
  });

  test("is nothing where it names none; who reports and when is told as it stands there", () => {
    const report = reportOf("Date: Fri, 20 Nov 2026 10:00:00 +0000");
    expect(report.answersMessageId).toBeUndefined();
    expect(report).toMatchObject({ reporterDomain: "example.net", date: "Fri, 20 Nov 2026 10:00:00 +0000" });
  });
});
