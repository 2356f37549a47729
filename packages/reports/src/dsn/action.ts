import type { DsnAction } from "../report.ts";

export interface ParsedAction {
  readonly action: DsnAction;
  /** False when the field is missing or its word is none of RFC 3464 section 2.3.3. */
  readonly standard: boolean;
}

/** Words that MTAs write instead of the five of RFC 3464, each with who writes it. */
const OTHER_WORDS: ReadonlyMap<string, DsnAction> = new Map<string, DsnAction>([
  ["error", "failed"], // OpenSMTPD before 6.8
  ["expired", "failed"], // SendGrid
  ["failure", "failed"],
  ["fail", "failed"],
  ["bounced", "failed"],
  ["undeliverable", "failed"], // Postfix, answering a probe
  ["undelivered", "failed"],
  ["rejected", "failed"],
  ["deliverable", "delivered"], // Postfix, answering a probe
  ["delay", "delayed"],
  ["deferred", "delayed"],
  ["warning", "delayed"],
  ["relay", "relayed"],
  ["expand", "expanded"],
]);

const STANDARD: ReadonlySet<string> = new Set(["failed", "delayed", "delivered", "relayed", "expanded"]);

/**
 * Reads an Action field: the first word, without regard to case (RFC 3464 section 2.3.3); a comment may follow.
 *
 * Without a word that means something the class of the Status decides (RFC 3463 section 3.1): 2 is a delivery, 4 and 5
 * and nothing at all a failure, because a failure that is overlooked is the costly mistake.
 */
export function parseAction(value: string | undefined, status: string | undefined): ParsedAction {
  const word = /^[a-z]+/.exec(value?.trim().toLowerCase() ?? "")?.[0] ?? "";
  if (STANDARD.has(word)) return { action: word as DsnAction, standard: true };
  const other = OTHER_WORDS.get(word);
  return { action: other ?? (status?.startsWith("2") ? "delivered" : "failed"), standard: false };
}
