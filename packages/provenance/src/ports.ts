/** What provenance cannot know by itself. Everything comes in as an argument, so that the package stays pure. */
export interface ProvenancePorts {
  readonly now: Date;
  /** Looks up the sent ledger; undefined when there is none (CLI without database). */
  readonly ledger?: SentLedgerPort;
  /** Looks up `selector._domainkey.domain`; undefined when the configuration forbids DNS. Must have its own timeout. */
  readonly dkimKey?: (name: string) => Promise<DkimKeyAnswer>;
}

export type DkimKeyAnswer =
  | { readonly kind: "found"; readonly record: string }
  | { readonly kind: "none" }
  | { readonly kind: "temperror"; readonly detail: string };

export interface SentLedgerPort {
  find(keys: SentKeys): Promise<SentLedgerAnswer>;
}

/** What a report tells of the message that it returns. At least one is set. */
export interface SentKeys {
  readonly messageId: string | undefined;
  readonly queueId: string | undefined;
  readonly envelopeId: string | undefined;
}

export type SentLedgerAnswer =
  | { readonly kind: "found"; readonly by: "message-id" | "queue-id" | "envelope-id"; readonly at: Date }
  | { readonly kind: "absent" }
  | { readonly kind: "temperror"; readonly detail: string };
