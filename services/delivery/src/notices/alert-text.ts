/**
 * What a human reads of a trouble of this service itself: mail to another human bounces, messages could not be delivered.
 *
 * Whoever reads it is not the one in trouble, and perhaps not the postmaster: it says what happened, what it means, and
 * which command comes next. Plain text, 76 columns; words of strangers are cleaned, short and quoted. Pure.
 */
import type {
  AlertFacts,
  BounceFacts,
  DeadLetterFacts,
  DigestFailureFacts,
  NoticeFailureFacts,
  NoticeStep,
} from "@triage/contracts";
import { cleanLine, QUOTE_MARK, wrapLine } from "../compose/plain-text.ts";
import { nameReason } from "../compose/wording.ts";

export interface AlertText {
  readonly incidentId: string;
  readonly step: NoticeStep;
  readonly facts: AlertFacts;
}

const MAX_ADDRESS_CHARS = 120;
const MAX_WORDS_CHARS = 400;

export function formatAlertSubject({ facts, step }: AlertText): string {
  switch (facts.trouble) {
    case "own-mail-bounced": {
      const times = step === "begin" ? "" : ` (${facts.bounces} times)`;
      return `[triage] ALERT: mail to ${whom(facts)} ${verbOf(facts)}${times}`;
    }
    case "dead-letters":
      if (step === "end") return "[triage] Over: no dead letters are left";
      return `[triage] ALERT: ${letters(facts.waiting)} could not be delivered`;
    case "digest-failed":
      return `[triage] ALERT: nobody took ${facts.digests === 1 ? "the digest" : `the last ${facts.digests} digests`}`;
    case "notice-failed":
      return `[triage] ALERT: nobody took ${facts.notices === 1 ? ABOUT[facts.about].notice : `${facts.notices} notices`}`;
    default:
      return facts satisfies never;
  }
}

/** @returns Lines joined by LF, none longer than 76 columns unless a single word is. */
export function formatAlertText({ facts, step, incidentId }: AlertText): string {
  const sections = sectionsOf(facts, step);
  return `${[...sections, wrapLine(`Alert ${incidentId}.${step === "end" ? "" : nextOf(facts)}`, "")]
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function nextOf({ trouble }: AlertFacts): string {
  const isOfMessages = trouble === "own-mail-bounced" || trouble === "dead-letters";
  return ` You hear of it again at 10, 100 and so on${isOfMessages ? ", and of dead letters when none is left." : "."}`;
}

function sectionsOf(facts: AlertFacts, step: NoticeStep): string[][] {
  switch (facts.trouble) {
    case "own-mail-bounced":
      return bounceSections(facts);
    case "dead-letters":
      return deadLetterSections(facts, step);
    case "digest-failed":
      return digestSections(facts);
    case "notice-failed":
      return noticeSections(facts);
    default:
      return facts satisfies never;
  }
}

function digestSections({ digestId, since, until, kept, words }: DigestFailureFacts): string[][] {
  const period = `${since.slice(0, 16).replace("T", " ")} to ${until.slice(0, 16).replace("T", " ")} UTC`;
  return [
    wrapLine(`Nobody took the digest of ${period}, which tells of ${letters(kept)}. They are kept all the same.`, ""),
    words === undefined ? [] : wrapLine(cleanLine(words, MAX_WORDS_CHARS), QUOTE_MARK),
    [
      "To read it, and to send it again when its readers can be reached:",
      `  triage digest --of ${digestId}`,
      `  triage digest --of ${digestId} --send`,
    ],
  ];
}

/** What a notice is about, and what becomes of it when nobody has read it. */
const ABOUT: Readonly<Record<NoticeFailureFacts["about"], { readonly notice: string; readonly kept: string }>> = {
  storm: { notice: "the notice of a storm", kept: "Its reports are kept." },
  failure: { notice: "the notice of an incident", kept: "Its messages are kept." },
  flood: {
    notice: "the notice of a flood",
    kept: "The messages that it lists go on waiting, and the next notice lists them.",
  },
};

function noticeSections({ about, notices, incidentId, words }: NoticeFailureFacts): string[][] {
  const { notice, kept } = ABOUT[about];
  const many = notices === 1 ? "" : ` It is the latest of ${notices} in the last 24 hours.`;
  return [
    wrapLine(`Everybody who was to get ${notice} refused it.${many} ${kept}`, ""),
    words === undefined ? [] : wrapLine(cleanLine(words, MAX_WORDS_CHARS), QUOTE_MARK),
    ["To read what it is about:", `  triage incidents show ${incidentId}`],
  ];
}

function bounceSections(facts: BounceFacts): string[][] {
  const { reason, bounces, words, named, address, messageIds } = facts;
  const complains = reason === "feedback";
  const what = complains
    ? `A server says that ${whom(facts)} takes our mail for unwanted: somebody has marked it as spam.`
    : `Our mail to ${whom(facts)} comes back: ${nameReason(reason)}. Their server had taken it, so nobody has read it.`;
  const elsewhere =
    named !== undefined && named.toLowerCase() !== address?.toLowerCase()
      ? wrapLine(`The report names ${cleanLine(named, MAX_ADDRESS_CHARS)}.`, "")
      : [];
  return [
    wrapLine(what, ""),
    words === undefined ? [] : wrapLine(cleanLine(words, MAX_WORDS_CHARS), QUOTE_MARK),
    [...wrapLine(`${bounces} ${bounces === 1 ? "report" : "reports"} in the last 24 hours.`, ""), ...elsewhere],
    complains || messageIds.length === 0
      ? []
      : ["They wait as dead letters, the latest:", ...messageIds.map((id) => `  ${id}`)],
    complains
      ? wrapLine("Ask them to stop: their server learns from it, and will refuse our mail.", "")
      : [
          ...wrapLine("Mend the address or the mailbox, then have them sent again:", ""),
          "  triage dead-letters retry --all",
          "or to somebody else: triage dead-letters redirect ID HUMAN",
        ],
  ];
}

function deadLetterSections({ waiting, latest }: DeadLetterFacts, step: NoticeStep): string[][] {
  if (step === "end") return [wrapLine("Every dead letter was delivered after all, or a person has put it away.", "")];
  return [
    wrapLine(
      `${letters(waiting)} could not be delivered or classified, and ${waiting === 1 ? "waits" : "wait"} for a person. Nothing is ` +
        "lost: they are kept until somebody decides.",
      "",
    ),
    [
      waiting > latest.length ? "The latest:" : "",
      ...latest.flatMap(({ messageId, stage, error }) => [
        `  ${messageId} (${stage})`,
        ...wrapLine(cleanLine(error, MAX_WORDS_CHARS), `  ${QUOTE_MARK}`),
      ]),
    ].filter((line) => line !== ""),
    [
      "To look, to try again, to give them to somebody else:",
      "  triage dead-letters list",
      "  triage dead-letters retry --all",
      "  triage dead-letters redirect ID HUMAN",
    ],
  ];
}

function verbOf({ reason }: BounceFacts): string {
  return reason === "feedback" ? "is marked as spam" : "bounces";
}

function whom({ address, named }: BounceFacts): string {
  return cleanLine(address ?? named ?? "a human", MAX_ADDRESS_CHARS);
}

function letters(count: number): string {
  return `${count} ${count === 1 ? "message" : "messages"}`;
}
