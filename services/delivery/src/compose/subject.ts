/**
 * The Subject of the mail to the human: enough to decide in a list of a hundred whether to open it.
 *
 * Everything in it may come from a stranger, so it is one cleaned, short line; RFC 2047 encoding happens when the mail
 * is built. Pure.
 */
import type { Classification } from "@triage/contracts";
import { cleanLine } from "./plain-text.ts";
import { gravityOf, KIND_LABEL, nameReason, type Recipient } from "./wording.ts";

/** LIMIT: in code points. More than that, no list of mails shows. */
const MAX_SUBJECT_CHARS = 100;
const MAX_ADDRESS_CHARS = 60;
const MAX_AUTHOR_CHARS = 30;
const MAX_FROM_CHARS = 200;
const TAG = "[triage]";

/** What the subject needs to know of the message itself; both as sent, uncleaned. */
export interface OuterFields {
  readonly from: string | undefined;
  readonly subject: string | undefined;
}

export function formatSubject(classification: Classification, outer: OuterFields): string {
  const doubt = classification.verdict === "undecided" ? "Undecided: " : "";
  return cleanLine(`${TAG} ${doubt}${describe(classification, outer)}`, MAX_SUBJECT_CHARS);
}

function describe(classification: Classification, outer: OuterFields): string {
  const { kind, feedbackType, recipients } = classification.report;
  if (kind === "dsn" && recipients !== undefined && recipients.length > 0) return describeBounce(recipients);
  const about = outer.subject?.trim() || "(no subject)";
  if (kind === "feedback") {
    // Feedback loops write one subject for all; which mail it is about says the returned one.
    return `${KIND_LABEL[kind]} (${feedbackType ?? "no type"}): ${classification.returned.subject?.trim() || about}`;
  }
  if (kind === "person") return outer.from === undefined ? about : `${nameAuthor(outer.from)}: ${about}`;
  return `${KIND_LABEL[kind]}: ${about}`;
}

/** The display name where there is one, else the address; both stand in the summary. */
function nameAuthor(from: string): string {
  const line = cleanLine(from, MAX_FROM_CHARS);
  const name = line.slice(0, line.indexOf("<")).replaceAll('"', "").trim();
  return cleanLine(line.indexOf("<") < 0 || name === "" ? line : name, MAX_AUTHOR_CHARS);
}

/** Whom to look after is said first: of a report about many, those who got it are not counted. */
function describeBounce(recipients: readonly Recipient[]): string {
  const worst = recipients.reduce((one, other) => (gravityOf(other) < gravityOf(one) ? other : one));
  const alike = recipients.filter((recipient) => gravityOf(recipient) === gravityOf(worst));
  const reason = worst.action === "delayed" ? "delayed" : nameReason(worst.reason);
  const code = worst.status ?? worst.replyCode;
  const others = alike.length > 1 ? ` and ${alike.length - 1} more` : "";
  const headline = `${reason.charAt(0).toUpperCase()}${reason.slice(1)}`;
  return `${headline}: ${cleanLine(worst.address, MAX_ADDRESS_CHARS)}${others}${code === undefined ? "" : ` (${code})`}`;
}
