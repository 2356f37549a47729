/** Reports that return one message, in every way in which mail systems do that. Written by us. */

export interface ReturnedSample {
  readonly body: readonly string[];
  readonly lineEnd: string;
  /** The last delimiter line got lost. */
  readonly isUnterminated: boolean;
}

interface Container {
  readonly name: string;
  /** @param message  The returned message, LF line ends. */
  readonly report: (message: string, end: string) => string;
}

const RETURNED_HEADER = `Return-Path: <ann@example.com>
Received: from app.example.com (app.example.com [192.0.2.10])
	by mail.example.com (Postfix) with ESMTP id 4F00D; Thu, 19 Nov 2026 08:00:00 +0000 (UTC)
From: Ann <ann@example.com>
To: joe@example.net
Subject: Invoice 42
Date: Thu, 19 Nov 2026 08:00:00 +0000
Message-ID: <1@example.com>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
`;
const HEADER = `Return-Path: <>
Date: Thu, 19 Nov 2026 08:00:05 +0000
From: Mail Delivery System <MAILER-DAEMON@mx.example.org>
To: ann@example.com
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
`;
const NOTICE = `This is the mail system at host mx.example.org.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

<joe@example.net>: host mx.example.net[198.51.100.7] said: 550 5.1.1 User unknown
`;
const STATUS = `Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; joe@example.net
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown
`;

export const CONTAINERS: readonly Container[] = [
  inReport("message/rfc822", (message) => `Content-Type: message/rfc822\n\n${message}`),
  inReport(
    "message/rfc822 in base64",
    (message) => `Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n${base64(message)}`,
  ),
  inReport(
    "message/rfc822 in quoted-printable",
    (message) =>
      `Content-Type: message/rfc822\nContent-Transfer-Encoding: quoted-printable\n\n${message.replaceAll("=", "=3D")}`,
  ),
  inReport(
    "message/rfc822 that only says it is encoded",
    (message) => `Content-Type: message/rfc822\nContent-Transfer-Encoding: quoted-printable\n\n${message}`,
  ),
  inReport("message/global", (message) => `Content-Type: message/global\n\n${message}`),
  inReport("text/rfc822-headers with a body", (message) => `Content-Type: text/rfc822-headers\n\n${message}`),
  inReport("message/partial", (message) => `Content-Type: message/partial; id="1"; number=1\n\n${message}`),
  inReport("text/rfc822", (message) => `Content-Type: text/rfc822\n\n${message}`),
  inReport("an unknown message type", (message) => `Content-Type: message/x-returned\n\n${message}`),
  inReport(
    "a file .eml",
    (message) =>
      `Content-Type: application/octet-stream; name="returned.eml"\nContent-Transfer-Encoding: base64\n\n${base64(message)}`,
  ),
  inReport(
    "bytes without a name",
    (message) => `Content-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n\n${base64(message)}`,
  ),
  inReport("a file .msg", (message) => `Content-Type: application/octet-stream; name="a.msg"\n\n${message}`),
  inReport("a text attachment", (message) => `Content-Type: text/plain; name="original.txt"\n\n${message}`),
  inReport(
    "a part of a multipart/mixed within",
    (message) =>
      `Content-Type: multipart/mixed; boundary="inner"\n\n--inner\nContent-Type: message/rfc822\n\n${message}\n--inner--\n`,
  ),
  inReport(
    "a multipart/digest",
    (message) => `Content-Type: multipart/digest; boundary="inner"\n\n--inner\n\n${message}\n--inner--\n`,
  ),
  inReport(
    "HTML",
    (message) =>
      `Content-Type: text/html\n\n<p>Failed: joe@example.net</p><pre>\n${message.replaceAll("<", "&lt;")}</pre>\n`,
  ),
  {
    name: "the third part of a feedback report",
    report: (
      message,
      end,
    ) => `${HEADER.replace("Subject: Und", "Subject: Fwd: Und").replace("auto-replied", "auto-generated")}Content-Type: multipart/report; report-type=feedback-report; boundary="=_outer"

--=_outer
Content-Type: text/plain

This is an email abuse report for a message received from IP 192.0.2.1 for joe@example.net.

--=_outer
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: SomeGenerator/1.0
Version: 1

--=_outer
Content-Type: message/rfc822

${message}
${end}`,
  },
  inline(
    "qmail's copy",
    (message) => `Hi. This is the qmail-send program at mx.example.org.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<joe@example.net>:
198.51.100.7 does not like recipient.
Remote host said: 550 5.1.1 User unknown

--- Below this line is a copy of the message.

${message}`,
  ),
  inline(
    "Exim's copy",
    (message) => `This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  joe@example.net
    host mx.example.net [198.51.100.7]: 550 5.1.1 User unknown

------ This is a copy of the message, including all the headers. ------
------ The body of the message is 12345 characters long; only the first
------ 100 or so are included here.

${message}`,
  ),
  inline(
    "Sendmail's copy",
    (message) => `The original message was received at Thu, 19 Nov 2026 08:00:00 GMT

   ----- The following addresses had permanent fatal errors -----
<joe@example.net>
    (reason: 550 5.1.1 User unknown)

   ----- Original message follows -----

${message}`,
  ),
  inline("a quotation", (message) => `${NOTICE}\n${message.replaceAll(/^/gm, "> ")}\n`),
];

export function enclose({ report }: Container, { body, lineEnd, isUnterminated }: ReturnedSample): Buffer {
  const end = isUnterminated ? "" : "--=_outer--\n";
  return Buffer.from(report(`${RETURNED_HEADER}\n${body.join("\n")}\n`, end).replaceAll("\n", lineEnd), "latin1");
}

function inReport(name: string, part: (message: string) => string): Container {
  return {
    name,
    report: (message, end) => `${HEADER}Content-Type: multipart/report; report-type=delivery-status; boundary="=_outer"

This is a MIME-encapsulated message.

--=_outer
Content-Type: text/plain; charset=us-ascii

${NOTICE}
--=_outer
Content-Type: message/delivery-status

${STATUS}
--=_outer
${part(message)}
${end}`,
  };
}

function inline(name: string, text: (message: string) => string): Container {
  return { name, report: (message) => `${HEADER}Content-Type: text/plain; charset=us-ascii\n\n${text(message)}` };
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64").replaceAll(/.{76}/g, "$&\n");
}
