/** `pass` speaks for ours, `fail` against; `neutral`: looked and found nothing either way; `skip`: could not or was told not to look. */
export type EvidenceOutcome = "pass" | "fail" | "neutral" | "skip" | "temperror";

/** The checks of this package, in the order in which the ladder prints them (strongest first). */
export const PROVENANCE_CHECK_IDS = [
  "own-mail",
  "batv",
  "srs",
  "verp",
  "envelope-id",
  "header-token",
  "returned-dkim",
  "sent-ledger",
  "received-path",
  "spf",
  "message-id-domain",
  "reporting-mta",
  "returned-sender-domain",
  "report-delay",
  "dnsbl",
  "storm",
] as const;

export type ProvenanceCheckId = (typeof PROVENANCE_CHECK_IDS)[number];

/** The outcome of one check. */
export interface Evidence {
  readonly check: ProvenanceCheckId;
  readonly outcome: EvidenceOutcome;
  /** Says that a `pass` or `fail` is worth less than the check's full weight (docs/scoring.md names both): a forger could write it, or honest mail look like it. */
  readonly strength?: "soft";
  /** One sentence for the human: what was looked at and what was found. */
  readonly detail: string;
}

/** LIMIT: names in mail can be kilobytes long; a sentence for a person is not. */
const MAX_DETAIL_CHARS = 600;

/** Nearly all sentences are plain: to see that costs a tenth of looking each letter up in the tables of Unicode. */
const NOT_PLAIN_ASCII = /[^ -~]/;

/** Evidence at the full weight of its check. */
export function evidence(check: ProvenanceCheckId, outcome: EvidenceOutcome, detail: string): Evidence {
  return { check, outcome, detail: printable(detail) };
}

/** Evidence at the soft weight of its check. */
export function softEvidence(check: ProvenanceCheckId, outcome: "pass" | "fail", detail: string): Evidence {
  return { check, outcome, strength: "soft", detail: printable(detail) };
}

/**
 * Sentences quote names out of mail: control characters (terminal escapes) and invisible ones (writing direction) could
 * make a person read something else than what stands there.
 */
function printable(detail: string): string {
  const text = detail.length > MAX_DETAIL_CHARS ? `${detail.slice(0, MAX_DETAIL_CHARS)}...` : detail;
  return NOT_PLAIN_ASCII.test(text) ? text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "?") : text;
}
