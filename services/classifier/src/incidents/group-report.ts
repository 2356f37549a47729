/**
 * Whether an undecided report is told of by the notices of its storm instead of by a mail of its own.
 *
 * Undecided reports are shown because one of them might be genuine. In a storm beyond doubt most are undecided for one reason: the
 * spammer copied the domain of our Message-IDs. So that may be all that speaks for a report that is grouped. Anything
 * else that does, and any sign that the odds are not clearly for a forgery, and the human gets the report itself. Pure.
 */
import type { Classification } from "@triage/contracts";
import type { Evidence, SiteProfile, StormAnswer } from "@triage/provenance";

/** Less than this, and the report is not clearly more likely forged than ours. Three to one. */
const MIN_BACKSCATTER = 0.75;

export interface JudgedReport {
  readonly classification: Classification;
  readonly evidence: readonly Evidence[];
  readonly storm: StormAnswer | undefined;
}

export function belongsToStorm({ classification, evidence, storm }: JudgedReport, site: SiteProfile): boolean {
  const { verdict, route, rule, scores } = classification;
  if (storm?.kind !== "storm" || storm.strength !== "full") return false;
  if (verdict !== "undecided" || route !== "human" || rule !== "undecided") return false;
  if (scores.backscatter < MIN_BACKSCATTER) return false;
  return evidence.every((one) => one.outcome !== "pass" || isCopied(one, site));
}

/** The domain of a Message-ID is seen in any mail of ours; the form that our servers give it takes more than copying. */
function isCopied({ check, strength }: Evidence, { messageIdForms = [] }: SiteProfile): boolean {
  return check === "message-id-domain" && (strength === "soft" || messageIdForms.length === 0);
}
