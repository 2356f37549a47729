/**
 * Gmail and Google Workspace before their RFC 3464 reports (about 2016), and Google Groups' refusals. Source: Gmail Help
 * "Fix bounced or rejected emails" and the mail that mx.google.com sends.
 */
import type { Dialect, DialectFinding, DialectInput, DialectRecipient } from "./dialect.ts";
import { firstAddress, joinLines, loneAddress } from "./grammar/addresses.ts";
import { defineDialect } from "./grammar/define-dialect.ts";
import type { ReportText } from "./grammar/report-text.ts";

/** Of the reports before the cards. */
const SENTENCES = [
  "delivery to the following recipient failed permanently",
  "delivery to the following recipients failed permanently",
  "delivery to the following recipient has been delayed",
  "delivery to the following recipients has been delayed",
  "your message wasn't delivered to",
  "there was a temporary problem delivering your message to",
];

/** Of the cards, between stars ("** Address not found **"): without them, other MTAs say the same of a recipient. */
const TITLES = [
  "address not found",
  "message not delivered",
  "message blocked",
  "delivery incomplete",
  "recipient inbox full",
  "message too large",
  "recipient address not allowed",
  "you have reached a limit",
];

export const gmail: Dialect = defineDialect({
  name: "gmail",
  source: "support.google.com/mail/answer/6596; mx.google.com",
  markers: [...SENTENCES, ...TITLES],
  also: (input) => input.from.startsWith("mailer-daemon@") && speaksAsGmail(input.text.toLowerCase()),
  parse: (report, input) =>
    report.lines.some((line) => line.startsWith("Delivery to the following"))
      ? readList(report)
      : readCard(report, input),
});

function speaksAsGmail(lower: string): boolean {
  return TITLES.some((title) => lower.includes(`** ${title}`)) || SENTENCES.some((words) => lower.includes(words));
}

/** The address list is indented by five; "Technical details of ... failure:" follows. */
function readList(report: ReportText): DialectFinding {
  const recipients: DialectRecipient[] = [];
  const words: string[] = [];
  let technical = false;
  for (const line of report.lines) {
    const address = technical ? undefined : loneAddress(line);
    if (/^Technical details of /.test(line)) technical = true;
    else if (address) recipients.push({ addressText: address });
    else if (technical || line.startsWith("Message will be retried")) words.push(line);
  }
  const isDelay = report.lines.some((line) => /^Delivery to the following recipients? has been delayed/.test(line));
  const diagnostic = quotedReply(joinLines(words));
  return {
    recipients: recipients.map((one) => ({
      ...one,
      action: isDelay ? "delayed" : "failed",
      ...(diagnostic && { diagnostic }),
    })),
    ...(report.returnedAt !== undefined && { returnedAt: report.returnedAt }),
  };
}

/** Where Google was in the session, by the number that it printed: "554 ... (state 14)". Observed; Google documents none. */
const STATES: ReadonlyMap<string, string> = new Map([
  ["6", "STARTTLS"],
  ["7", "STARTTLS"],
  ["8", "EHLO"],
  ["9", "EHLO"],
  ["12", "MAIL FROM"],
  ["13", "RCPT TO"],
  ["14", "RCPT TO"],
  ["15", "DATA"],
  ["17", "DATA"],
  ["18", "end of DATA"],
]);

const REPLY_FOLLOWS = /the error that the other server returned was:/i;

/** "The error that the other server returned was: 550 550 5.7.1 ... (state 14)." */
function quotedReply(words: string): string {
  const heading = REPLY_FOLLOWS.exec(words);
  const quoted = heading === null ? "" : words.slice(heading.index + heading[0].length).trim();
  const state = /\(state (\d{1,2})\)/.exec(words)?.[1];
  const stage = state && STATES.get(state);
  const said = (quoted || words).replace(/ ?\(state \d{1,2}\)\.?/, "").replace(/^(\d{3}) \1 /, "$1 ");
  return stage ? `${said} (in reply to ${stage} command)` : said;
}

/** The newer card: a headline in stars, one sentence with the address, the remote's words below. */
function readCard(report: ReportText, input: DialectInput): DialectFinding | undefined {
  const sentence = report.lines.find((line) => line.includes("@") && !line.startsWith("http"));
  const addressText = (sentence && firstAddress(sentence)) ?? failedRecipient(input);
  if (addressText === undefined) return undefined;
  const isDelay = report.lines.some(
    (line) => line.startsWith("** Delivery incomplete") || line.includes("temporary problem"),
  );
  return {
    recipients: [
      { addressText, action: isDelay ? "delayed" : "failed", diagnostic: quotedReply(joinLines(report.lines)) },
    ],
    ...(report.returnedAt !== undefined && { returnedAt: report.returnedAt }),
  };
}

function failedRecipient(input: DialectInput): string | undefined {
  const value = input.message.root.headers.value("x-failed-recipients");
  return value && firstAddress(value);
}

/** Thirty languages, one link: the sentence is different in each, so the address comes from the header. */
export const googleGroups: Dialect = defineDialect({
  name: "google-groups",
  source: "groups.google.com: refusal of a post, sent by mailer-daemon@googlemail.com",
  markers: ["groups.google.com/support", "support.google.com/a/*/bin/topic.py", "google groups"],
  also: (input) =>
    /^mailer-daemon@(?:google(?:mail|groups)|gmail)\.com$/.test(input.from) && failedRecipient(input) !== undefined,
  parse: (report, input) => ({
    recipients: [
      {
        addressText: failedRecipient(input) as string,
        diagnostic: `${joinLines(report.lines.filter((line) => line !== "").slice(0, 4))} https://groups.google.com/support/`,
      },
    ],
    ...(report.returnedAt !== undefined && { returnedAt: report.returnedAt }),
  }),
});
