/** Mail that humans correct, and its relatives. Each test names only what it is about. */
import { type Message, readMessage } from "@triage/message";
import { type Report, readReport } from "@triage/reports";
import { type Correction, describeForLearning, type LearnedModel, scoreMessage, type Verdict } from "@triage/scoring";
import { unknownEnvelope } from "../build.ts";

export const NOW = new Date("2026-11-22T12:00:00Z");
const DAY_MS = 86_400_000;

/** A message as the stages before scoring leave it. */
export interface Read {
  readonly message: Message;
  readonly report: Report;
}

export function read(raw: Buffer | string): Read {
  const message = readMessage(Buffer.isBuffer(raw) ? raw : Buffer.from(raw));
  return { message, report: readReport(message, unknownEnvelope) };
}

export function score({ message, report }: Read, learned?: LearnedModel): Verdict {
  return scoreMessage({ message, report, envelope: unknownEnvelope, evidence: [], learned });
}

/** Of mail that a person sees: a letter, or what nobody is sure of. */
export function isShown({ verdict }: Verdict): boolean {
  return verdict === "user-report" || verdict === "genuine-dsn" || verdict === "undecided";
}

/** Lines of text at most so many characters wide, as another program would wrap them. */
export function wrap(text: string, width: number): string {
  return text
    .split("\n\n")
    .map((paragraph) => {
      const lines = [""];
      for (const word of paragraph.split(/\s+/)) {
        const line = lines.at(-1) ?? "";
        if (line !== "" && line.length + word.length >= width) lines.push(word);
        else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
      }
      return lines.join("\n");
    })
    .join("\n\n");
}

interface MailParts {
  readonly from?: string;
  readonly subject?: string;
  readonly date?: string;
  readonly header?: readonly string[];
  readonly body: string;
}

export function mail({
  from = "writer@example.net",
  subject = "Question",
  date = "Fri, 20 Nov 2026 09:00:00 +0000",
  header = [],
  body,
}: MailParts): Read {
  const fields = [
    `From: ${from}`,
    "To: postmaster@example.com",
    `Subject: ${subject}`,
    `Date: ${date}`,
    "Message-ID: <20261120.1@example.net>",
    "Content-Type: text/plain; charset=utf-8",
    ...header,
  ];
  return read(`${fields.join("\n")}\n\n${body}\n`);
}

/** What mass mailings change from copy to copy. */
interface Copy {
  readonly name?: string;
  readonly link?: string;
  readonly amount?: string;
  readonly subject?: string;
  readonly date?: string;
  readonly width?: number;
}

export const SPAM_SUBJECT = "An article of yours for our journal";

/** A spam that reads like a letter: no model of words recognises it, so that it reaches the human. */
export function spamText({
  name = "Ann Miller",
  link = "https://journal.example/submit?id=77",
  amount = "250 EUR",
  width = 72,
}: Copy = {}): string {
  return wrap(
    `Dear ${name},

we have read your work on the history of the postal service with much interest and would be glad to print an article of
yours in the winter issue of our journal. The editors would need the text, or a summary of one page, before the end of
the month; the fee of ${amount} is due when it has been accepted.

Please tell us at ${link} whether we may count on you. Colleagues of yours have already agreed.

Yours sincerely,
The editors`,
    width,
  );
}

export function spam(copy: Copy = {}): Read {
  const { subject = SPAM_SUBJECT, date = "Fri, 20 Nov 2026 09:00:00 +0000" } = copy;
  return mail({ from: "office@journal.example", subject, date, body: spamText(copy) });
}

let corrections = 0;

export function correct(
  { message, report }: Read,
  verdict: Correction["verdict"],
  fields: Partial<Omit<Correction, "verdict" | "features">> = {},
): Correction {
  corrections++;
  const { by = "ann" } = fields;
  return {
    id: `correction-${corrections}`,
    messageId: `message-${corrections}`,
    verdict,
    by,
    key: `key of ${by}`,
    at: new Date(NOW.getTime() - 2 * DAY_MS),
    features: describeForLearning(message, report),
    ...fields,
  };
}
