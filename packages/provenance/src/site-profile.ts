/** What makes a message ours: the `site` part of the configuration, resolved and validated. */
export interface SiteProfile {
  /** Lower-cased; a leading `*.` matches any subdomain, not the domain itself. Reverse-paths and header From of mail that we send. */
  readonly domains: readonly string[];
  /** Host names, `*.` wildcards, IP addresses and CIDR blocks of our outbound hosts, as they show up in Received fields. */
  readonly relays: readonly string[];
  /** Right-hand sides of Message-IDs that we generate; the same wildcards. */
  readonly messageIdDomains: readonly string[];
  readonly batv: BatvProfile | undefined;
  readonly srs: SrsProfile | undefined;
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
}

export interface SrsProfile {
  readonly domain: string;
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
}

export interface SpfProfile {
  /** Look the SPF records of our domains up in DNS. */
  readonly dns: boolean;
}

export interface DnsblProfile {
  /** Lower-cased zones of block lists of hosts that bounce forged mail, e.g. `ips.backscatterer.org`; none: not asked. */
  readonly zones: readonly string[];
}
