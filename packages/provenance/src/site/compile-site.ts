/**
 * The site profile in the form that the checks look things up in: sets instead of lists, parsed public keys.
 *
 * Compiled once per SiteProfile object and kept as long as that object lives, so that a message never pays for it.
 */
import { type DkimKeyReading, readKeyRecord } from "../dkim/key-record.ts";
import type { ProvenanceCheckId } from "../evidence.ts";
import { compileMessageIdForm, type MessageIdForm } from "../path/message-id-form.ts";
import type { SiteProfile } from "../site-profile.ts";
import { compileDomains, type DomainSet } from "./domain-set.ts";
import { compileRelays, type RelaySet } from "./relay-set.ts";

/** LIMIT: keys from DNS are kept parsed (parsing RSA costs as much as verifying with it), but never more than this many. */
const MAX_CACHED_KEYS = 200;

export interface CompiledSite {
  readonly profile: SiteProfile;
  readonly domains: DomainSet;
  readonly messageIdDomains: DomainSet;
  /** None: any Message-ID of our domains is as good as another. */
  readonly messageIdForms: readonly MessageIdForm[];
  readonly checksOff: ReadonlySet<ProvenanceCheckId>;
  readonly relays: RelaySet;
  /**
   * Hosts that are ours by their domain. Only where relays are listed by address alone: Received lines then name hosts
   * that the list cannot know. A site that lists names has said which hosts are its own.
   */
  readonly ownHosts: DomainSet;
  /** Reads a DKIM key record, or takes it from the cache. */
  dkimKey(record: string): DkimKeyReading;
}

const compiled = new WeakMap<SiteProfile, CompiledSite>();

export function compileSite(profile: SiteProfile): CompiledSite {
  const known = compiled.get(profile);
  if (known !== undefined) return known;
  const relays = compileRelays(profile.relays);
  const site: CompiledSite = {
    profile,
    domains: compileDomains(profile.domains),
    messageIdDomains: compileDomains(profile.messageIdDomains),
    messageIdForms: (profile.messageIdForms ?? []).map(compileMessageIdForm),
    checksOff: new Set(profile.checksOff),
    relays,
    ownHosts: compileDomains(relays.listsNames ? [] : profile.domains.flatMap(withSubdomains)),
    dkimKey: rememberKeys(),
  };
  compiled.set(profile, site);
  return site;
}

function withSubdomains(domain: string): string[] {
  return domain.startsWith("*.") ? [domain] : [domain, `*.${domain}`];
}

function rememberKeys(): (record: string) => DkimKeyReading {
  const readings = new Map<string, DkimKeyReading>();
  return (record) => {
    const known = readings.get(record);
    if (known !== undefined) return known;
    if (readings.size >= MAX_CACHED_KEYS) readings.clear();
    const reading = readKeyRecord(record);
    readings.set(record, reading);
    return reading;
  };
}
