/** What provenance cannot know by itself. Everything comes in as an argument, so that the package stays pure. */
import type { Address, OwnMail } from "@triage/message";
import type { StormStrength } from "./storm/assess-storm.ts";
import type { StormKeyKind, StormObservation } from "./storm/storm-observation.ts";

export interface ProvenancePorts {
  readonly now: Date;
  /** Looks up the sent ledger; undefined when there is none (CLI without database). */
  readonly ledger?: SentLedgerPort;
  /** Counts this report among those of the last hours; undefined when nothing is counted (CLI without database). */
  readonly storms?: StormPort;
  /** Reads the signed Message-IDs of our own mail; undefined where nobody signs any (CLI without database). */
  readonly ownMail?: OwnMailPort;
  /** Looks up `selector._domainkey.domain`; undefined when the configuration forbids DNS. Must have its own timeout. */
  readonly dkimKey?: (name: string) => Promise<DkimKeyAnswer>;
  /** Evaluates SPF; undefined when the configuration forbids DNS. Must have its own timeout. */
  readonly spf?: SpfPort;
  /** Asks a DNS block list; undefined when the configuration forbids DNS. Must have its own timeout. */
  readonly dnsbl?: DnsblPort;
}

/** @returns The mail of ours that a Message-ID names; undefined for all others. */
export type OwnMailPort = (messageId: string) => OwnMail | undefined;

export type DkimKeyAnswer =
  | { readonly kind: "found"; readonly record: string }
  | { readonly kind: "none" }
  | { readonly kind: "temperror"; readonly detail: string };

export interface SpfPort {
  /** @returns What check_host() of RFC 7208 section 4 gives; a name server that does not answer is `temperror`. */
  check(query: SpfQuery): Promise<SpfAnswer>;
}

export interface SpfQuery {
  /** The client that claims the reverse-path; never an internal address. */
  readonly ip: string;
  /** What the client called itself, lower-cased. */
  readonly helo: string | undefined;
  readonly reversePath: Address;
}

export interface SpfAnswer {
  /** RFC 7208 section 2.6. */
  readonly result: "pass" | "fail" | "softfail" | "neutral" | "none" | "permerror" | "temperror";
  /** Whose record was evaluated. */
  readonly domain: string;
  /** Why, as a clause without a full stop: the record, or what is wrong with it. */
  readonly detail: string;
}

/** @param name The reversed address below the list's zone (RFC 5782). */
export type DnsblPort = (name: string) => Promise<DnsblAnswer>;

export type DnsblAnswer =
  /** A records, at least one; `reason`: the TXT record beside them, for people. */
  | { readonly kind: "found"; readonly addresses: readonly string[]; readonly reason: string | undefined }
  | { readonly kind: "none" }
  | { readonly kind: "temperror"; readonly detail: string };

export interface SentLedgerPort {
  find(keys: SentKeys): Promise<SentLedgerAnswer>;
}

/** What a report tells of the message that it returns. At least one of them is there. */
export interface SentKeys {
  readonly messageId: string | undefined;
  readonly queueId: string | undefined;
  readonly envelopeId: string | undefined;
  /** Whom the report is about, where it names no id that is worth asking for. */
  readonly recipients?: readonly string[];
  /** When the message says that it was sent: queue ids are used again, the nearest one is meant. */
  readonly sentAt?: Date;
}

export type SentLedgerAnswer =
  | {
      readonly kind: "found";
      readonly by: "message-id" | "queue-id" | "envelope-id" | "recipient";
      readonly at: Date;
    }
  /** `coverage` is undefined when the ledger is empty. */
  | { readonly kind: "absent"; readonly coverage: SentLedgerCoverage | undefined }
  | { readonly kind: "temperror"; readonly detail: string };

/** Times of the oldest and the newest entry: only between them can absence mean anything. */
export interface SentLedgerCoverage {
  readonly oldest: Date;
  readonly newest: Date;
}

export interface StormPort {
  /** Counts the report (the same one twice counts once), then says whether it belongs to a storm. */
  note(observation: StormObservation): Promise<StormAnswer>;
}

export type StormAnswer =
  | { readonly kind: "calm" }
  | {
      readonly kind: "storm";
      readonly strength: StormStrength;
      /** What the reports of the storm share. */
      readonly by: StormKeyKind;
      /** Distinct messages without proof, and organisations that reported them, in the last `hours`. */
      readonly messages: number;
      readonly reporters: number;
      readonly hours: number;
    }
  | { readonly kind: "temperror"; readonly detail: string };
