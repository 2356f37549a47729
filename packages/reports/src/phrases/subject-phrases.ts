/** What the words of a subject point to. */
import { AUTO_REPLY_STARTS, AUTO_REPLY_SUBJECTS, TICKET_SUBJECTS } from "./auto-reply.ts";
import { BOUNCE_SUBJECTS } from "./bounce-subjects.ts";
import { CHALLENGE_SUBJECTS } from "./challenge.ts";
import { FILTER_SUBJECTS } from "./content-filters.ts";
import { PhraseGroups } from "./phrase-groups.ts";
import { withoutReplyPrefix } from "./subject-prefixes.ts";

export type SubjectSign = "bounce" | "auto-reply" | "ticket" | "challenge" | "filter";

const GROUPS = new PhraseGroups({
  bounce: BOUNCE_SUBJECTS,
  "auto-reply": AUTO_REPLY_SUBJECTS,
  "auto-reply-start": AUTO_REPLY_STARTS,
  ticket: TICKET_SUBJECTS,
  challenge: CHALLENGE_SUBJECTS,
  filter: FILTER_SUBJECTS,
});

/** @param lowerSubject  Decoded and lower-cased. */
export function readSubjectSigns(lowerSubject: string): ReadonlySet<SubjectSign> {
  const signs = new Set<SubjectSign>();
  for (const group of GROUPS.foundIn(lowerSubject)) {
    if (group !== "auto-reply-start") signs.add(group);
    else if (startsAsAutoReply(lowerSubject)) signs.add("auto-reply");
  }
  return signs;
}

function startsAsAutoReply(lowerSubject: string): boolean {
  const subject = withoutReplyPrefix(lowerSubject).replace(/^[[(]/, "");
  return AUTO_REPLY_STARTS.some((phrase) => subject.startsWith(phrase));
}
