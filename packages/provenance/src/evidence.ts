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
  /** One sentence for the human: what was looked at and what was found. */
  readonly detail: string;
}
