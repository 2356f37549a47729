/**
 * A storm as it was found once, read back from its line of evidence: a message that is judged again later must not be counted
 * again, and the counts of then are gone. The words are those that check-storm.ts writes; a test holds the two together.
 */
import type { EvidenceOutcome } from "../evidence.ts";
import type { StormAnswer } from "../ports.ts";
import type { StormKeyKind } from "./storm-observation.ts";

/** What is shared, as check-storm.ts says it. */
export const SHARED_WORDS: Readonly<Record<StormKeyKind, string>> = {
  address: "under this sender",
  domain: "under made-up addresses of this domain",
  content: "about this mailing",
};
/** Ends of the sentences of a full storm, and of one at a site that could prove nothing. */
export const FULL_STORM_WORDS = ", and our own mail would have been known.";
export const UNPROVABLE_STORM_WORDS =
  "; but this site has configured nothing that could prove its own mail, so it may be ours.";

const COUNTS = /^About (\d{1,9}) reports from (\d{1,9}) organisations in (\d{1,9}) hours (.{1,60}), hardly any/;

/** The line that the check left behind. */
export interface StormLine {
  readonly outcome: EvidenceOutcome;
  readonly detail: string;
}

/** @param line  undefined: nothing was counted then. @returns What the port must have answered. */
export function recallStorm(line: StormLine | undefined): StormAnswer {
  if (line === undefined) return { kind: "calm" };
  const { outcome, detail } = line;
  if (outcome === "temperror") return { kind: "temperror", detail: "it could not be asked then" };
  const [, messages, reporters, hours, words] = COUNTS.exec(detail) ?? [];
  const by = (Object.keys(SHARED_WORDS) as StormKeyKind[]).find((key) => SHARED_WORDS[key] === words);
  if (by === undefined) return { kind: "calm" };
  const counts = { messages: Number(messages), reporters: Number(reporters), hours: Number(hours) };
  return { kind: "storm", by, strength: strengthIn(detail), ...counts };
}

/** Of a message that was proven ours the strength is not told: the weaker one then, should it not be proven any more. */
function strengthIn(detail: string): "full" | "soft" | "unprovable" {
  if (detail.endsWith(FULL_STORM_WORDS)) return "full";
  return detail.endsWith(UNPROVABLE_STORM_WORDS) ? "unprovable" : "soft";
}
