/** What makes a message ours: the `site` part of the configuration, resolved and validated. */
import type { ProvenanceCheckId } from "./evidence.ts";
import type { PatternedTokenProfile } from "./tokens/patterned-token.ts";

export interface SiteProfile {
  /** Lower-cased; a leading `*.` matches any subdomain, not the domain itself. Reverse-paths and header From of mail that we send. */
  readonly domains: readonly string[];
  /** Host names, `*.` wildcards, IP addresses and CIDR blocks of our outbound hosts, as they show up in Received fields. */
  readonly relays: readonly string[];
  /** Right-hand sides of Message-IDs that we generate; the same wildcards. */
  readonly messageIdDomains: readonly string[];
  /** The configuration does not say them: they are our domains by default, and another one is only a soft sign against us. */
  readonly messageIdDomainsAreAssumed?: boolean;
  /** Forms of the Message-IDs that our MTAs make: names of MESSAGE_ID_FORMS or patterns with `*`. */
  readonly messageIdForms?: readonly string[];
  /** Checks that are switched off: they look at nothing, and say so. */
  readonly checksOff?: readonly ProvenanceCheckId[];
  readonly batv: BatvProfile | undefined;
  readonly srs: SrsProfile | undefined;
  /** Forms of the addresses that we make for one message or recipient (VERP). */
  readonly verp?: readonly PatternedTokenProfile[] | undefined;
  /** Form of the ENVIDs that we give (RFC 3461 section 4.4). */
  readonly envelopeId?: PatternedTokenProfile | undefined;
  readonly headerToken?: HeaderTokenProfile | undefined;
  readonly dkim: DkimProfile | undefined;
  readonly ledger: LedgerProfile;
  readonly spf?: SpfProfile | undefined;
  readonly dnsbl?: DnsblProfile | undefined;
}

export interface BatvProfile {
  /** Key number (one digit) -> secret. */
  readonly keys: ReadonlyMap<string, string>;
  /** Every outbound message is signed: a report without a token speaks (softly) against. */
  readonly signsAllMail: boolean;
  /** How long our tokens live; default 7, as in the draft. */
  readonly validDays?: number;
}

export interface SrsProfile {
  readonly domain: string;
  readonly secrets: readonly string[];
  readonly maxAgeDays: number;
}

export interface HeaderTokenProfile {
  /** Name of the header field, as the configuration writes it. */
  readonly field: string;
  /** The newest first; all are accepted. */
  readonly secrets: readonly string[];
  readonly maxAgeDays: number;
}

export interface DkimProfile {
  /** `selector._domainkey.domain` (lower-cased) -> TXT record. */
  readonly keys: ReadonlyMap<string, string>;
  /** Look keys of our own domains up in DNS when they are not in `keys`. */
  readonly dns: boolean;
}

export interface LedgerProfile {
  /** Every outbound message is reported to the ledger, so absence speaks against. */
  readonly complete: boolean;
  readonly days: number;
  /** A newest entry that is older says that the feed has stopped; default 60. */
  readonly staleAfterMinutes?: number;
  /** Key of the stored hashes, for the store; undefined: the database keeps one. */
  readonly secret?: string;
}

export interface SpfProfile {
  /** Look the SPF records of our domains up in DNS. */
  readonly dns: boolean;
}

export interface DnsblProfile {
  /** Lower-cased zones of block lists of hosts that bounce forged mail, e.g. `ips.backscatterer.org`; none: not asked. */
  readonly zones: readonly string[];
}
