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
  readonly date?: string;
  readonly width?: number;
}

/** Words of a spam that the model as it is shipped does not recognise: it reaches the human. */
export function spamText({
  name = "Ann Miller",
  link = "https://fund.example/c?id=77",
  amount = "25,000 EUR",
  width = 72,
}: Copy = {}): string {
  return wrap(
    `Dear ${name},

our records show that your association may ask for ${amount} from the programme for rural development this autumn. The
committee met last week and set aside a share for each of the societies on our list, among them yours.

To have it released we only need a short note from the person who keeps your accounts. The form is at ${link} and the
transfer is made within three working days after we have it.

With kind regards,
The office of the programme`,
    width,
  );
}

export function spam(copy: Copy = {}): Read {
  const { date = "Fri, 20 Nov 2026 09:00:00 +0000" } = copy;
  return mail({ from: "office@fund.example", subject: "Your share of the programme", date, body: spamText(copy) });
}

let corrections = 0;

export function correct(
  { message, report }: Read,
  verdict: Correction["verdict"],
  fields: Partial<Omit<Correction, "verdict" | "features">> = {},
): Correction {
  corrections++;
  return {
    id: `correction-${corrections}`,
    messageId: `message-${corrections}`,
    verdict,
    by: "ann",
    at: new Date(NOW.getTime() - 2 * DAY_MS),
    features: describeForLearning(message, report),
    ...fields,
  };
}
