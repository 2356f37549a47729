import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readMessage } from "@triage/message";
import { simpleParser } from "mailparser";
import { expect, test } from "vitest";
import { type ComposeInput, composeMail } from "../src/compose/compose-mail.ts";
import { openMailIds } from "../src/compose/mail-ids.ts";
import { aClassification, aRecipient, LETTER } from "./classifications.ts";
import { readSample } from "./samples.ts";

const ID = "019aaa65-1e80-7e4f-8a9b-0c1d2e3f4a5b";
const BLOCKED = aClassification({});
const HOPELESS = aClassification({
  verdict: "undecided",
  score: 0.41,
  why: "Nothing in it could be read.",
  advice: "Look at the attached bytes.",
  rule: "undecided",
  report: { kind: "other", defects: [{ code: "no-header", detail: "There is no header field." }] },
  returned: { form: "none" },
  evidence: [],
});
/** Every field of our header, and no other. */
const OWN_FIELDS = [
  "auto-submitted",
  "content-type",
  "date",
  "from",
  "message-id",
  "mime-version",
  "subject",
  "to",
  "x-triage-id",
  "x-triage-loop",
  "x-triage-route",
  "x-triage-score",
  "x-triage-verdict",
];

/** All mail that the tests of this repository hold. */
async function listSamples(): Promise<readonly string[]> {
  const root = fileURLToPath(new URL("../../../test", import.meta.url));
  const files = await readdir(root, { recursive: true });
  return files.filter((name) => name.endsWith(".eml")).map((name) => join(root, name));
}

/** Between the header of the attachment and the closing boundary, found without the reader whose mail it may be. */
function attachedText(composed: Buffer): string {
  const text = composed.toString("latin1");
  const start = text.indexOf("\r\n\r\n", text.indexOf("filename=original.eml")) + 4;
  return text.slice(start, text.lastIndexOf("\r\n--triage-"));
}

const JOE_JOB = aClassification({
  verdict: "undecided",
  score: 0.62,
  why: "It is not certain what this is: backscatter is likeliest (62%).",
  report: {
    kind: "dsn",
    format: "dialect:qmail",
    recipients: Array.from({ length: 12 }, (_, n) =>
      aRecipient({
        address: `joe${n}@example.net`,
        ...(n === 3
          ? { action: "delayed", permanent: false, reason: "mailbox-full", status: "4.2.2", diagnostic: "try later" }
          : { reason: "user-unknown", status: "5.1.1", diagnostic: "no such user" }),
      }),
    ),
    defects: [{ code: "bad-status", detail: "5.1 is no enhanced status code" }],
  },
  returned: { form: "none" },
});
const CRASHED = aClassification({
  verdict: "undecided",
  score: 0,
  why: "The classifier failed on this message, so nothing is known about it and a person has to look.",
  advice: "Read the attached original yourself.",
  report: { kind: "other", defects: [{ code: "classifier-error", detail: "TypeError: x is not a function" }] },
  returned: { form: "none" },
  evidence: [],
});

async function compose(raw: Buffer, fields: Partial<ComposeInput> = {}) {
  const input: ComposeInput = {
    id: ID,
    raw,
    receivedAt: new Date("2026-11-22T09:00:00Z"),
    classification: BLOCKED,
    from: "Postmaster triage <triage@example.com>",
    to: ["ann@example.com", "bob@example.com"],
    mailIds: openMailIds("triage@example.com", "the secret of the goldens"),
    lineEnd: "lf",
    form: "summary",
    maxBytes: undefined,
    ...fields,
  };
  return composeMail(input);
}

/** The golden files show what the human gets; `vitest -u` writes them anew, and the difference is then read in review. */
test.each([
  ["blocked", "blocked-dsn.eml", BLOCKED],
  ["letter", "letter-utf8.eml", LETTER],
  ["letter-html", "letter-html.eml", LETTER],
  ["hopeless", "hopeless.bin", HOPELESS],
  ["hostile", "hostile.eml", LETTER],
  ["joe-job", "blocked-dsn.eml", JOE_JOB],
  ["crashed", "letter-html.eml", CRASHED],
])("the mail about %s looks as it always did", async (name, sample, classification) => {
  const mail = await compose(await readSample(sample), { classification });
  await expect(mail.raw.toString("utf8")).toMatchFileSnapshot(`golden/${name}.eml`);
});

test("a repeat carries the same Message-ID, and the same bytes", async () => {
  const raw = await readSample("blocked-dsn.eml");
  const [first, second] = [await compose(raw), await compose(raw)];
  expect(second.messageId).toMatch(new RegExp(`^<${ID}\\.[0-9a-f]{20}@example\\.com>$`));
  expect(second.raw).toEqual(first.raw);
});

test("the attached original is byte for byte what came in (8-bit, CRLF)", async () => {
  const raw = await readSample("letter-utf8.eml");
  const { raw: composed, eightBit } = await compose(raw, { classification: LETTER, lineEnd: "crlf" });
  const original = readMessage(composed).root.children[1];
  expect(original?.contentType.value).toBe("message/rfc822");
  expect(composed.subarray(original?.bodyRange.start, original?.bodyRange.end)).toEqual(raw);
  expect(eightBit).toBe(true);
});

test("every sample of this repository arrives as it came: as a message with its own line ends, or as a file byte for byte", async () => {
  for (const path of await listSamples()) {
    const raw = await readFile(path);
    const { raw: composed } = await compose(raw, { lineEnd: "crlf" });
    const { children, headers } = readMessage(composed).root;
    const [, original] = children;
    expect([children.length, headers.fields.length], path).toEqual([2, OWN_FIELDS.length]);
    if (original?.contentType.value === "message/rfc822") {
      const attached = attachedText(composed);
      expect(attached, path).toBe(raw.toString("latin1").replaceAll("\r\n", "\n").replaceAll("\n", "\r\n"));
    } else {
      expect(original?.bytes(), path).toEqual(raw);
    }
  }
});

test("what SMTP could not carry is attached as a file, byte for byte", async () => {
  const raw = await readSample("hopeless.bin");
  const { raw: composed, eightBit } = await compose(raw, { classification: HOPELESS, lineEnd: "crlf" });
  const original = readMessage(composed).root.children[1];
  expect(original?.contentType.value).toBe("application/octet-stream");
  expect(original?.bytes()).toEqual(raw);
  expect(eightBit).toBe(false);
});

test("SMTP gets CRLF only, a Maildir gets LF only, whatever the original had", async () => {
  for (const sample of ["blocked-dsn.eml", "letter-utf8.eml"]) {
    const raw = await readSample(sample);
    for (const original of [raw, Buffer.from(raw.toString("latin1").replaceAll("\r\n", "\n"), "latin1")]) {
      const crlf = (await compose(original, { lineEnd: "crlf" })).raw.toString("latin1");
      expect(crlf.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
      expect((await compose(original)).raw.includes("\r")).toBe(false);
    }
  }
});

test("no line is longer than SMTP allows (RFC 5321 section 4.5.3.1.6)", async () => {
  const words = aClassification({ why: "x".repeat(5_000), advice: "y".repeat(5_000) });
  for (const sample of ["hopeless.bin", "hostile.eml", "letter-html.eml"]) {
    for (const classification of [words, LETTER]) {
      const { raw } = await compose(await readSample(sample), { classification });
      for (const line of raw.toString("latin1").split("\n")) expect(line.length).toBeLessThanOrEqual(998);
    }
  }
});

test("nothing in a hostile message adds a field to our header, and no automatic system may answer it (RFC 3834)", async () => {
  const { raw } = await compose(await readSample("hostile.eml"), { classification: LETTER });
  const { headers } = readMessage(raw).root;
  expect(headers.fields.map(({ name }) => name).sort()).toEqual(OWN_FIELDS);
  expect(headers.value("auto-submitted")).toBe("auto-generated");
  expect(headers.value("x-triage-loop")).toBe(ID);
  expect(headers.value("x-triage-score")).toBe("0.971");
});

test("the loop fields of other triage sites are carried on below our header, as Received fields are", async () => {
  const theirs = "019aaa65-1e80-7e4f-8a9b-ffffffffffff";
  const { raw } = await compose(Buffer.from(`X-Triage-Loop: ${theirs}\r\nFrom: a@example.net\r\n\r\nhi\r\n`));
  const loops = readMessage(raw).root.headers.all("x-triage-loop");
  expect(loops.map(({ rawValue }) => rawValue.trim())).toEqual([theirs, ID]);
});

test("mail programs see the summary as text and the original as an attachment (mailparser agrees)", async () => {
  const { raw } = await compose(await readSample("blocked-dsn.eml"));
  const parsed = await simpleParser(raw);
  expect(parsed.text).toContain("550 5.7.1 Service unavailable");
  expect(parsed.attachments).toMatchObject([{ filename: "original.eml", contentType: "message/rfc822" }]);
});

test("ten megabytes of a letter are attached whole, and only their beginning is read for the preview", async () => {
  const raw = Buffer.concat([
    await readSample("letter-utf8.eml"),
    Buffer.from("x".repeat(76).concat("\r\n").repeat(131_072)),
  ]);
  const mail = await compose(raw, { classification: LETTER, lineEnd: "crlf" });
  expect(mail.raw.length).toBeGreaterThan(raw.length);
  expect(mail.raw.toString("latin1")).toContain("(more in the attached original)");
});
