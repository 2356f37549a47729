/** What the first lines of a text point to. */
import { singleBlanks } from "../single-blanks.ts";
import { AUTO_REPLY_BODIES } from "./auto-reply.ts";
import { CAUSE_BODIES, DELAY_BODIES, FAILURE_BODIES } from "./bounce-bodies.ts";
import { CHALLENGE_BODIES } from "./challenge.ts";
import { FILTER_BODIES } from "./content-filters.ts";
import { PhraseGroups } from "./phrase-groups.ts";

/** LIMIT: a notice says what it is in its first lines; further down stands the mail that it is about. */
const MAX_OPENING_CHARS = 4_096;

/** `failure`: has not arrived; `cause`: why one does not arrive; `delay`: is still on its way. */
export type OpeningSign = "failure" | "cause" | "delay" | "auto-reply" | "challenge" | "filter";

const GROUPS = new PhraseGroups<OpeningSign>({
  failure: FAILURE_BODIES,
  cause: CAUSE_BODIES,
  delay: DELAY_BODIES,
  "auto-reply": AUTO_REPLY_BODIES,
  challenge: CHALLENGE_BODIES,
  filter: FILTER_BODIES,
});

/** @param text  As decoded; phrases are found across its line breaks. */
export function readOpeningSigns(text: string): ReadonlySet<OpeningSign> {
  return GROUPS.foundIn(singleBlanks(text.slice(0, MAX_OPENING_CHARS).toLowerCase()));
}
