import { type Envelope, formatOwnMailId, readOwnMailId } from "@triage/message";
import { expect, test } from "vitest";
import { classify } from "../src/classify.ts";
import { emptySite } from "../src/empty-site.ts";

const SECRET = "a secret of sixteen characters";
const ID = "019aaa65-1e80-7e4f-8a9b-0c1d2e3f4a5b";
const OURS = formatOwnMailId({ id: ID, step: undefined, domain: "example.com" }, SECRET);
const FORGED = formatOwnMailId({ id: ID, step: undefined, domain: "example.com" }, "some other secret of theirs");
const NULL_PATH: Envelope = { reversePath: { kind: "null" }, forwardPaths: [] };

function classifyLines(lines: readonly string[], envelope: Envelope = NULL_PATH) {
  const ports = () => ({
    now: new Date("2026-11-22T09:00:00Z"),
    ownMail: (messageId: string) => readOwnMailId(messageId, [SECRET]),
  });
  return classify(Buffer.from(lines.join("\r\n")), envelope, { site: emptySite(), ports });
}

interface Bounce {
  readonly action?: string;
  readonly returned?: readonly string[];
  readonly type?: "message/rfc822" | "text/rfc822-headers";
  readonly header?: readonly string[];
  readonly envelopeId?: string;
}

function bounce({
  action = "failed",
  returned = [`Message-ID: ${OURS}`],
  type,
  header = [],
  envelopeId,
}: Bounce = {}): string[] {
  const status = action === "failed" ? "5.1.1" : "4.4.1";
  return [
    "From: MAILER-DAEMON@mx.example.net",
    "To: <>",
    "Subject: Undelivered Mail Returned to Sender",
    ...header,
    "MIME-Version: 1.0",
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    "",
    "--b",
    "",
    "It could not be delivered.",
    "--b",
    "Content-Type: message/delivery-status",
    "",
    "Reporting-MTA: dns; mx.example.net",
    ...(envelopeId === undefined ? [] : [`Original-Envelope-Id: ${envelopeId}`]),
    "",
    "Final-Recipient: rfc822; ann@example.com",
    `Action: ${action}`,
    `Status: ${status}`,
    "Diagnostic-Code: smtp; 550 5.1.1 no such user here",
    ...(returned.length === 0
      ? []
      : [
          "--b",
          `Content-Type: ${type ?? "message/rfc822"}`,
          "",
          ...returned,
          "Subject: [triage] Failed: joe@example.net",
          "From: postmaster-triage@example.com",
          "To: ann@example.com",
          "",
          ...(type === "text/rfc822-headers" ? [] : ["text"]),
        ]),
    "--b--",
    "",
  ];
}

test("a bounce of our own mail is archived, and names whom it did not reach and why", async () => {
  const { ownMail, classification } = await classifyLines(bounce());
  expect(classification).toMatchObject({
    verdict: "genuine-dsn",
    route: "archive",
    rule: "own-mail",
    actionable: false,
  });
  expect(classification.fingerprint).toBeUndefined();
  expect(classification.evidence.find(({ check }) => check === "own-mail")).toMatchObject({ outcome: "pass" });
  expect(ownMail).toEqual({
    kind: "bounced",
    mail: { id: ID, step: undefined, domain: "example.com" },
    failures: [
      { addresses: ["ann@example.com"], reason: "user-unknown", words: expect.stringContaining("5.1.1 no such user") },
    ],
  });
});

test("it is known by its header alone", async () => {
  const { ownMail } = await classifyLines(bounce({ type: "text/rfc822-headers" }));
  expect(ownMail?.kind).toBe("bounced");
});

test("an original that we passed on is known by the Resent-Message-ID that we put on top", async () => {
  const returned = [`Resent-Message-ID: ${OURS}`, "Message-ID: <1@example.net>"];
  expect((await classifyLines(bounce({ returned }))).ownMail?.kind).toBe("bounced");
});

test("a bounce that returns nothing is known by what it says that it answers", async () => {
  const { ownMail } = await classifyLines(bounce({ returned: [], header: [`In-Reply-To: ${OURS}`] }));
  expect(ownMail?.kind).toBe("bounced");
});

test("a bounce that returns nothing is known by the ENVID that our mail had", async () => {
  const { ownMail, route } = await classifyLines(bounce({ returned: [], envelopeId: OURS.slice(1, -1) }));
  expect(ownMail).toMatchObject({ kind: "bounced", mail: { id: ID }, failures: [{ addresses: ["ann@example.com"] }] });
  expect(route).toMatchObject({ route: "archive", rule: "own-mail" });
});

test("an ENVID that somebody made hides nothing, nor does ours beside another message", async () => {
  const forged = await classifyLines(bounce({ returned: [], envelopeId: FORGED.slice(1, -1) }));
  const other = await classifyLines(
    bounce({ returned: ["Message-ID: <letter@example.com>"], envelopeId: OURS.slice(1, -1) }),
  );
  expect([forged.ownMail, other.ownMail]).toEqual([undefined, undefined]);
});

test("a bounce in another form, with our mail inline, is known too", async () => {
  const { ownMail } = await classifyLines([
    "From: Mail Delivery System <Mailer-Daemon@mx.example.net>",
    "Subject: Mail delivery failed: returning message to sender",
    "",
    "This message was created automatically by mail delivery software.",
    "",
    "A message that you sent could not be delivered to one or more of its",
    "recipients. This is a permanent error. The following address(es) failed:",
    "",
    "  ann@example.com",
    "    Unrouteable address",
    "",
    "------ This is a copy of the message, including all the headers. ------",
    "",
    `Message-ID: ${OURS}`,
    "From: postmaster-triage@example.com",
    "To: ann@example.com",
    "Subject: [triage] Failed",
    "",
    "text",
  ]);
  expect(ownMail).toMatchObject({ kind: "bounced", failures: [{ addresses: ["ann@example.com"] }] });
});

test("a warning that our mail is delayed is archived and alarms nobody", async () => {
  const { ownMail, route } = await classifyLines(bounce({ action: "delayed" }));
  expect(ownMail?.kind).toBe("reported");
  expect(route).toMatchObject({ route: "archive", rule: "own-mail" });
});

test("a bounce of a letter that answers our mail is about the letter, not about our mail", async () => {
  const returned = ["Message-ID: <letter@example.com>", `In-Reply-To: ${OURS}`, `References: ${OURS}`];
  const { ownMail } = await classifyLines(bounce({ returned, header: [`References: <x@example.com> ${OURS}`] }));
  expect(ownMail).toBeUndefined();
});

test("an id that somebody made without our secret hides nothing", async () => {
  const { ownMail, route } = await classifyLines(bounce({ returned: [`Message-ID: ${FORGED}`] }));
  expect(ownMail).toBeUndefined();
  expect(route.rule).not.toContain("own-mail");
});

test("an automatic reply to our mail is archived", async () => {
  const { ownMail, route } = await classifyLines([
    "From: Ann <ann@example.com>",
    "Subject: Out of office: [triage] Failed",
    "Auto-Submitted: auto-replied",
    `In-Reply-To: ${OURS}`,
    "",
    "I am out of the office until Monday.",
  ]);
  expect(ownMail?.kind).toBe("answered");
  expect(route).toMatchObject({ route: "archive", rule: "own-mail-answered" });
});

test("a person who answers our mail, or uses its id in any field, is heard", async () => {
  const letter = [
    "From: Ann <ann@example.com>",
    "To: postmaster@example.com",
    "Message-ID: <answer@example.com>",
    "Subject: Re: [triage] Failed: joe@example.net",
    `In-Reply-To: ${OURS}`,
    `References: ${OURS}`,
    "",
    "Hello,",
    "",
    "could you please have a look at this? Joe says that he cannot write to us.",
    "",
    "Thanks, Ann",
  ];
  const reversePath = { kind: "address", localPart: "ann", domain: "example.com" } as const;
  const { ownMail, report, route } = await classifyLines(letter, { reversePath, forwardPaths: [] });
  expect(report.kind).toBe("person");
  expect(ownMail).toBeUndefined();
  expect(route.route).toBe("human");
});

test("our mail itself is a loop, also resent by somebody: it goes where a dead letter is made of it", async () => {
  for (const field of ["Message-ID", "Resent-Message-ID"]) {
    const { ownMail, route } = await classifyLines([`${field}: ${OURS}`, "Subject: [triage] Failed", "", "text"]);
    expect(ownMail?.kind).toBe("looped");
    expect(route).toMatchObject({ route: "human", rule: "own-mail-loop" });
  }
});
