/** `pass` speaks for ours, `fail` against; `neutral`: looked and found nothing either way; `skip`: could not or was told not to look. */
export type EvidenceOutcome = "pass" | "fail" | "neutral" | "skip" | "temperror";

/** The checks of this package, in the order in which the ladder prints them (strongest first). */
export type ProvenanceCheckId =
  | "batv"
  | "srs"
  | "returned-dkim"
  | "sent-ledger"
  | "received-path"
  | "message-id-domain"
  | "returned-sender-domain";

/** The outcome of one check. */
export interface Evidence {
  readonly check: ProvenanceCheckId;
  readonly outcome: EvidenceOutcome;
  /** Says that a `pass` or `fail` is worth less than the check's full weight (docs/scoring.md names both): a forger could write it, or honest mail look like it. */
  readonly strength?: "soft";
  /** One sentence for the human: what was looked at and what was found. */
  readonly detail: string;
}

/** Evidence at the full weight of its check. */
export function evidence(check: ProvenanceCheckId, outcome: EvidenceOutcome, detail: string): Evidence {
  return { check, outcome, detail };
}

/** Evidence at the soft weight of its check. */
export function softEvidence(check: ProvenanceCheckId, outcome: "pass" | "fail", detail: string): Evidence {
  return { check, outcome, strength: "soft", detail };
}
