/**
 * What the human gets, in each form and about each kind of message: the golden files are read by eye when they change, and
 * read back here by the two readers that mail programs on servers and in browsers use.
 */
import { readMessage } from "@triage/message";
import { simpleParser } from "mailparser";
import PostalMime from "postal-mime";
import { describe, expect, test } from "vitest";
import { type ComposeInput, composeMail } from "../src/compose/compose-mail.ts";
import { openMailIds } from "../src/compose/mail-ids.ts";
import { aClassification, aRecipient, LETTER } from "./classifications.ts";
import { readSample } from "./samples.ts";

const ID = "019aaa65-1e80-7e4f-8a9b-0c1d2e3f4a5b";
const MAIL_IDS = openMailIds("triage@example.com", "the secret of the goldens");
const RETURNED = aClassification({
  urgency: "high",
  returned: { form: "message", from: "ann@example.com", messageId: "<1@example.com>", subject: "Your test results" },
});
const FEEDBACK = aClassification({
  verdict: "user-report",
  score: 0.992,
  why: "A reader of our mail called it abuse (RFC 5965).",
  advice: "Take joe@example.net off the list that this mail went to.",
  rule: "feedback",
  report: { kind: "feedback", feedbackType: "abuse" },
  returned: { form: "message", from: "news@example.com", messageId: "<autumn.42@example.com>", subject: "Autumn sale" },
  evidence: [
    { check: "feedback-report", outcome: "pass", weight: 4.8, detail: "It has the fields of a feedback report." },
  ],
});
const DELAY = aClassification({
  urgency: "low",
  why: "It returns the header of a message that the sent ledger knows.",
  advice: "Nothing yet: the server asked us to try again, and it will be retried.",
  report: {
    kind: "dsn",
    format: "rfc3464",
    reportingMta: "mail.example.com",
    recipients: [
      aRecipient({
        action: "delayed",
        permanent: false,
        status: "4.7.1",
        replyCode: "450",
        reason: "rate-limited",
        diagnostic: "smtp; 450 4.7.1 <joe@example.net>: Recipient address rejected: Greylisted, try again later",
      }),
    ],
  },
});
const PARTIAL = aClassification({
  why: "It returns the header of a message that the sent ledger knows.",
  advice: "Take lost@example.org off your list; late@example.org is still being tried.",
  report: {
    kind: "dsn",
    format: "rfc3464",
    reportingMta: "mail.example.com",
    recipients: [
      arrived("ok1@example.net", "delivered"),
      aRecipient({
        address: "lost@example.org",
        reason: "user-unknown",
        status: "5.1.1",
        diagnostic: "smtp; 550 5.1.1 User unknown",
      }),
      aRecipient({
        address: "late@example.org",
        action: "delayed",
        permanent: false,
        reason: "mailbox-full",
        status: "4.2.2",
        replyCode: "452",
        diagnostic: "smtp; 452 4.2.2 Over quota",
      }),
      arrived("ok2@example.net", "relayed"),
    ],
  },
  returned: { form: "none" },
});
const UNDECIDED = aClassification({
  verdict: "undecided",
  score: 0.58,
  why: "It is not certain what this is: a bounce of our mail is likeliest (58%).",
  advice: "Look at the returned header: does it name a mail that you know?",
  rule: "undecided",
});
const AUTO_REPLY = aClassification({
  verdict: "automated",
  score: 0.981,
  why: "It says that it is an automatic reply (RFC 3834).",
  advice: "Nothing, unless you wait for an answer of this person.",
  rule: "override:out-of-office",
  report: { kind: "auto-reply" },
  returned: { form: "none" },
  evidence: [{ check: "auto-submitted", outcome: "pass", weight: 4.1, detail: "Auto-Submitted: auto-replied." }],
});
const UTF8 = aClassification({
  why: "The forward-path carries a BATV token signed with our key 0.",
  advice: "Ask the sender for the right address.",
  report: {
    kind: "dsn",
    format: "rfc3464",
    reportingMta: "mail.example.com",
    recipients: [
      aRecipient({
        address: "佐藤@例え.example",
        reason: "user-unknown",
        status: "5.1.1",
        diagnostic: "smtp; 550 5.1.1 宛先不明",
      }),
    ],
  },
  returned: { form: "message", from: "jörg@bücher.example", messageId: "<1@example.com>", subject: "Grüße" },
});
const LINKS = {
  acknowledge: "https://triage.example.com/l/AQJqIvE4AZqqZR6Afk-Kmwwd",
  release: "https://triage.example.com/l/AQFqIvE4AZqqZR6Afk-Kmwwd",
};

function arrived(address: string, action: "delivered" | "relayed") {
  const {
    diagnostic: _,
    remoteMta: __,
    replyCode: ___,
    ...recipient
  } = aRecipient({ address, action, permanent: false });
  return { ...recipient, reason: "delivered" as const, status: "2.0.0" };
}

interface Case {
  readonly name: string;
  readonly sample: string;
  readonly input: Partial<ComposeInput> & Pick<ComposeInput, "classification">;
}

/** `headers-only` where nothing else is said: what a site gets that asks for nothing. */
const CASES: readonly Case[] = [
  { name: "headers-only", sample: "returned-body.eml", input: { classification: RETURNED } },
  { name: "summary", sample: "returned-body.eml", input: { classification: RETURNED, form: "summary" } },
  { name: "redirect", sample: "returned-body.eml", input: { classification: RETURNED, form: "redirect" } },
  { name: "redirect-impossible", sample: "hopeless.bin", input: { classification: UNDECIDED, form: "redirect" } },
  {
    name: "too-large",
    sample: "returned-body.eml",
    input: { classification: RETURNED, form: "summary", maxBytes: 2_000 },
  },
  {
    name: "with-links",
    sample: "delay.eml",
    input: { classification: DELAY, links: LINKS, publicUrl: "https://triage.example.com" },
  },
  { name: "to-acknowledge", sample: "delay.eml", input: { classification: DELAY, awaitsAcknowledgement: true } },
  { name: "feedback", sample: "feedback.eml", input: { classification: FEEDBACK } },
  { name: "undecided", sample: "blocked-dsn.eml", input: { classification: UNDECIDED } },
  {
    name: "undecided-at-an-unnamed-site",
    sample: "blocked-dsn.eml",
    input: { classification: UNDECIDED, isSiteNamed: false },
  },
  { name: "delay", sample: "delay.eml", input: { classification: DELAY } },
  { name: "partial-success", sample: "partial.eml", input: { classification: PARTIAL } },
  { name: "auto-reply", sample: "auto-reply.eml", input: { classification: AUTO_REPLY } },
  { name: "bidi", sample: "bidi.eml", input: { classification: LETTER } },
  { name: "dsn-utf8", sample: "dsn-utf8.eml", input: { classification: UTF8 } },
  { name: "letter-japanese", sample: "letter-japanese.eml", input: { classification: LETTER } },
];

test("who has not said what is theirs hears of it in undecided mail only", async () => {
  const decided = await compose({
    name: "",
    sample: "delay.eml",
    input: { classification: DELAY, isSiteNamed: false },
  });
  expect(decided.text).not.toContain("site.domains");
});

async function compose({ sample, input }: Case, lineEnd: "crlf" | "lf" = "lf") {
  return composeMail({
    id: ID,
    raw: await readSample(sample),
    receivedAt: new Date("2026-11-22T09:00:00Z"),
    from: "Postmaster triage <triage@example.com>",
    to: ["ann@example.com", "bob@example.com"],
    mailIds: MAIL_IDS,
    lineEnd,
    form: "headers-only",
    maxBytes: undefined,
    ...input,
  });
}

const named = (name: string): Case => {
  const found = CASES.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no case ${name}`);
  return found;
};

describe.each(CASES.map((one) => [one.name, one] as const))("the mail about %s", (name, one) => {
  test("looks as it always did", async () => {
    const mail = await compose(one);
    await expect(mail.raw.toString("utf8")).toMatchFileSnapshot(`golden/forms/${name}.eml`);
  });

  test.runIf(name !== "redirect")("is a summary and one attachment for mailparser and postal-mime", async () => {
    const mail = await compose(one, "crlf");
    const parsed = await simpleParser(mail.raw);
    const postal = await PostalMime.parse(mail.raw, { forceRfc822Attachments: true });
    for (const { subject, text } of [parsed, postal]) {
      expect(subject).toBe(mail.subject);
      expect(text?.replaceAll("\r\n", "\n").trimEnd()).toBe(mail.text.trimEnd());
    }
    expect(parsed.attachments).toHaveLength(1);
    expect(postal.attachments).toHaveLength(1);
    expect(postal.attachments[0]?.mimeType).toBe(readMessage(mail.raw).root.children[1]?.contentType.value);
    expect(parsed.attachments[0]?.filename).toBe(postal.attachments[0]?.filename);
  });

  test("has no line that a mail program wraps, and no character that turns others around", async () => {
    const { text, subject } = await compose(one);
    for (const line of text.split("\n")) expect(line.includes("https://") || line.length <= 76, line).toBe(true);
    expect(`${subject}${text}`).not.toMatch(/\p{Cf}/u);
  });
});

test("headers-only: the attached report has the header of the returned message and not a word of its body", async () => {
  const raw = await readSample("returned-body.eml");
  const mail = await compose(named("headers-only"), "crlf");
  expect(mail.raw.toString("utf8")).not.toContain("nobody but you shall read this");
  expect(mail.text.replaceAll("\n", " ")).toContain("because this mailbox gets headers only.");
  expect(mail.text).toContain(`GET /v1/messages/${ID}/raw`);
  const attached = readMessage(mail.raw).root.children[1];
  const returned = attached?.children[0]?.children[2];
  expect(returned?.contentType.value).toBe("text/rfc822-headers");
  const original = raw.toString("latin1");
  const header = original.slice(original.indexOf("Return-Path: <ann@"), original.indexOf("\r\n\r\nDear Joe") + 2);
  expect(returned?.bytes().toString("latin1")).toBe(header);
});

test("no mail names a call that the API of this site refuses", async () => {
  const { sample, input } = named("headers-only");
  const usual = await compose({ name: "usual", sample, input });
  expect(usual.text).toContain("/raw\n");
  const reticent = await compose({ name: "reticent", sample, input: { ...input, givesBytes: false } });
  expect(reticent.text).not.toContain("/raw");
  expect(reticent.text).toContain("101 bytes are left out");
});

test("headers-only: what returns no body is attached as it arrived", async () => {
  const raw = await readSample("delay.eml");
  const mail = await compose(named("delay"), "crlf");
  expect(mail.raw.includes(raw)).toBe(true);
  expect(mail.text).toContain("attached as it arrived (original.eml)");
});

test("redirect: the original byte for byte, below our fields (RFC 5322 section 3.6.6)", async () => {
  const raw = await readSample("returned-body.eml");
  const { raw: mail, messageId } = await compose(named("redirect"), "crlf");
  expect(mail.subarray(-raw.length)).toEqual(raw);
  const { fields } = readMessage(mail.subarray(0, mail.length - raw.length)).root.headers;
  expect(fields.map(({ raw: field }) => field.slice(0, field.indexOf(":")))).toEqual([
    "X-Triage-Id",
    "X-Triage-Verdict",
    "X-Triage-Score",
    "X-Triage-Route",
    "X-Triage-Loop",
    "Resent-Date",
    "Resent-From",
    "Resent-To",
    "Resent-Message-ID",
  ]);
  expect(messageId).toBe(MAIL_IDS(ID));
  const parsed = await simpleParser(mail);
  expect([parsed.subject, parsed.messageId]).toEqual([
    "Undelivered Mail Returned to Sender",
    "<20261122085958.4F00E@mx.example.org>",
  ]);
});

test("redirect: what mail cannot carry below fields of ours comes attached, with the reason", async () => {
  const obstacles = [
    [Buffer.from("no header here\r\n"), "it has no header"],
    [
      Buffer.from("From ann Sun Nov 22 09:00:00 2026\r\nFrom: a@example.net\r\n\r\nhi\r\n"),
      "something else stands above its header",
    ],
    [Buffer.from("From: a@example.net\r\n\r\na\0b\r\n"), "mail cannot carry all of its bytes as they are"],
    [Buffer.from("From: a@example.net\r\n\r\na\rb\r\n"), "mail cannot carry all of its bytes as they are"],
  ] as const;
  for (const [raw, reason] of obstacles) {
    const mail = await compose({ ...named("redirect"), input: { classification: LETTER, form: "redirect", raw } });
    expect(mail.text.replaceAll("\n", " ")).toContain(`attached instead of redirected, because ${reason}.`);
    expect(mail.raw.toString("latin1")).not.toContain("Resent-");
  }
});

test("what is larger than the mailbox takes comes with less, and says so, instead of not at all", async () => {
  const large = Buffer.concat([await readSample("letter-utf8.eml"), Buffer.alloc(50_000, "0123456789abcde\n")]);
  for (const form of ["headers-only", "summary", "redirect"] as const) {
    const input = { classification: LETTER, form, maxBytes: 20_000, raw: large };
    const mail = await compose({ name: form, sample: "letter-utf8.eml", input });
    expect(mail.raw.length).toBeLessThan(20_000);
    expect(mail.text).toContain("Only the header of the message is attached");
    expect(mail.text).toContain(`GET /v1/messages/${ID}/raw`);
    expect(readMessage(mail.raw).root.children[1]?.contentType.value).toBe("text/rfc822-headers");
  }
});

test("a summary that is too large leaves out the returned body before it leaves out the report", async () => {
  const raw = await readSample("returned-body.eml");
  const body = Buffer.from("Joe, this goes on and on and on and on.\r\n".repeat(2_000));
  const at = raw.indexOf("--4F00E.1700000000/mx.example.org--");
  const large = Buffer.concat([raw.subarray(0, at), body, raw.subarray(at)]);
  const input = { classification: RETURNED, form: "summary", maxBytes: 20_000, raw: large } as const;
  const mail = await compose({ name: "", sample: "returned-body.eml", input });
  expect(mail.text.replaceAll("\n", " ")).toContain("because all of it is too large for this mailbox");
  expect(readMessage(mail.raw).root.children[1]?.children[0]?.children).toHaveLength(3);
});

test("high urgency is shown by mail programs, normal urgency adds no field", async () => {
  const { headers } = readMessage((await compose(named("headers-only"))).raw).root;
  expect([headers.value("importance"), headers.value("x-priority")]).toEqual(["high", "1"]);
  expect(readMessage((await compose(named("feedback"))).raw).root.headers.has("importance")).toBe(false);
});

test("outlets that speak JSON get the links and what is known, and no body", async () => {
  const { topic } = await compose(named("with-links"));
  expect(topic).toMatchObject({ kind: "message", links: LINKS, classification: { urgency: "low" } });
  expect(JSON.stringify((await compose(named("summary"))).topic)).not.toContain("nobody but you");
});
