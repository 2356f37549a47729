import { expect, test } from "vitest";
import { adviceFor } from "../../src/reasons/advice.ts";
import { codesOf } from "../../src/reasons/codes.ts";
import { explainReason, type ReasonFacts } from "../../src/reasons/explain-reason.ts";

function explain(diagnostic: string | undefined, facts: Partial<ReasonFacts> = {}) {
  const { status, replyCode } = codesOf(diagnostic ?? "");
  return explainReason({ status, replyCode, diagnostic, action: "failed", format: "rfc3464", ...facts });
}

// The texts of the IANA registry "SMTP Enhanced Status Codes".
test.each([
  ["550 5.1.1 Bad destination mailbox address", "user-unknown"],
  ["550 5.1.2 Bad destination system address", "host-unknown"],
  ["551 5.1.6 Destination mailbox has moved, No forwarding address", "has-moved"],
  ["553 5.1.8 Bad sender's system address", "rejected"],
  ["556 5.1.10 Recipient address has null MX", "not-accept"],
  ["550 5.2.1 Mailbox disabled, not accepting messages", "suspend"],
  ["552 5.2.2 Mailbox full", "mailbox-full"],
  ["552 5.2.3 Message length exceeds administrative limit", "exceed-limit"],
  ["452 4.3.1 Mail system full", "system-full"],
  ["453 4.3.2 System not accepting network messages", "not-accept"],
  ["554 5.3.4 Message too big for system", "message-too-big"],
  ["550 5.3.5 System incorrectly configured", "system-error"],
  ["451 4.4.7 Delivery time expired", "expired"],
  ["554 5.4.6 Routing loop detected", "network-error"],
  ["500 5.5.2 Syntax error", "syntax-error"],
  ["452 4.5.3 Too many recipients", "too-many-conn"],
  ["554 5.6.1 Media not supported", "content-error"],
  ["550 5.7.1 Delivery not authorized, message refused", "security-error"],
  ["523 5.7.10 Encryption Needed", "failed-starttls"],
  ["525 5.7.13 User Account Disabled", "suspend"],
  ["550 5.7.20 No passing DKIM signature found", "auth-failure"],
  ["550 5.7.25 Reverse DNS validation failed", "require-ptr"],
  ["550 5.7.27 Sender address has null MX", "rejected"],
] as const)("reads the registry's text %s", (diagnostic, reason) => {
  expect(explain(diagnostic).reason).toBe(reason);
});

test("the words count more than the status: a full mailbox stays one under 5.1.1", () => {
  expect(explain("552 sorry, mailbox joe@example.net is over quota (#5.1.1)").reason).toBe("mailbox-full");
});

test('"user unknown" in answer to RCPT is a wrong address, after DATA it is a filter', () => {
  expect(explain("550 user unknown", { stage: "rcpt" }).reason).toBe("user-unknown");
  expect(explain("550 user unknown", { stage: "data" }).reason).toBe("filtered");
  expect(explain("550 5.1.1 user unknown", { stage: "data" }).reason).toBe("user-unknown");
});

test('"user unknown" where no command is named is believed', () => {
  expect(explain("SMTP; 550 Requested action not taken: mailbox unavailable").reason).toBe("user-unknown");
  expect(explain("553 sorry, no mailbox here by that name (#5.7.1)").reason).toBe("user-unknown");
  expect(explain("smtp; 550 user unknown", { status: "5.0.0" }).reason).toBe("user-unknown");
});

test("not where the status says that the mailbox exists, a gateway hands on another's reply, or the receiver is known for the excuse", () => {
  expect(explain("smtp;550 5.2.1 <joe@example.net>... User Unknown").reason).toBe("filtered");
  expect(explain("smtp; 550 5.7.1 550 User Unknown: joe@example.net").reason).toBe("filtered");
  expect(explain("550 Unknown user joe@docomo.ne.jp").reason).toBe("filtered");
  expect(explain("550 unknown user", { format: "dialect:mxlogic" }).reason).toBe("filtered");
});

test("a refusal at the greeting is aimed at the sending host", () => {
  expect(explain("host mx.example.net refused to talk to me: 550 no").reason).toBe("blocked");
});

test.each([
  ["X-Postfix; lost connection with mx.example.net[192.0.2.25] while receiving the initial server greeting", "4.4.2"],
  ["X-Postfix; conversation with mx.example.net[192.0.2.25] timed out while sending MAIL FROM", "4.4.2"],
  ["SMTP; 451 4.4.1 reply: read error from mx.example.net.", "4.4.2"],
  ["", "4.4.2"],
])("a connection that breaks is a fault of the network, not a block: %s", (diagnostic, status) => {
  expect(explain(diagnostic, { status, action: "delayed" }).reason).toBe("network-error");
});

test.each([
  "X-Postfix; mail for example.net loops back to myself", // Postfix smtp_addr.c
  "lowest numbered MX record points to local host", // Exim dnslookup
  "554 5.0.0 MX list for example.net. points back to mail.example.org 554 5.3.5 Local configuration error", // Sendmail
  "unknown; configuration error: mail loops back to myself (MX problem).", // Courier and qmail
  "500 5.4.6 Routing loop detected: Loop detected", // OpenSMTPD
])("an MX record that leads back is a loop, whichever MTA says it: %s", (diagnostic) => {
  expect(explain(diagnostic).reason).toBe("network-error");
});

test("a sentence that a multi-line reply tears apart is read as one", () => {
  const torn =
    "550-5.7.26 Unauthenticated email from example.jp is not 550-5.7.26 accepted due to domain's 550 5.7.26 policy";
  expect(explain(torn).rule).toBe("google-unauthenticated");
});

test("words that nobody knows are on hold, no words are undefined, and a delay is a delay", () => {
  expect(explain("550 blubb").reason).toBe("on-hold");
  expect(explain(undefined).reason).toBe("undefined");
  expect(explain(undefined, { action: "delayed" }).reason).toBe("expired");
  expect(explain("250 2.1.5 Ok", { action: "delivered" }).reason).toBe("delivered");
});

test("advice names the page of the list that blocks us", () => {
  const { reason, rule } = explain("554 5.7.1 Service unavailable; client [192.0.2.1] blocked using zen.spamhaus.org");
  expect(adviceFor(reason, rule)).toContain("https://check.spamhaus.org/");
});
