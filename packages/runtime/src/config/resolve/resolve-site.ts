/** The `site` section -> SiteProfile: names lower-cased, addresses and blocks checked, secrets read. */
import { isIP } from "node:net";
import {
  type BatvProfile,
  type DkimProfile,
  isMessageIdForm,
  type LedgerProfile,
  MESSAGE_ID_FORMS,
  type SiteProfile,
  type SrsProfile,
} from "@triage/provenance";
import type { Config } from "../config-file.ts";
import { DOMAIN_PATTERN } from "./domain-pattern.ts";
import { resolveTokens } from "./resolve-tokens.ts";
import type { ReportProblem, SecretFiles } from "./secret-files.ts";

type Site = NonNullable<Config["site"]>;

export function resolveSite(site: Site, secrets: SecretFiles, report: ReportProblem): SiteProfile {
  const domains = readDomains(site.domains ?? [], ["site", "domains"], report);
  return {
    domains,
    relays: readRelays(site.relays ?? [], report),
    messageIdDomains:
      site.messageIdDomains === undefined
        ? domains
        : readDomains(site.messageIdDomains, ["site", "messageIdDomains"], report),
    messageIdDomainsAreAssumed: site.messageIdDomains === undefined,
    ...(site.messageIdForms !== undefined && { messageIdForms: readMessageIdForms(site.messageIdForms, report) }),
    ...(site.checks?.off !== undefined && { checksOff: site.checks.off }),
    batv: site.batv && readBatv(site.batv, secrets, report),
    srs: site.srs && readSrs(site.srs, secrets, report),
    ...resolveTokens(site, secrets, report),
    dkim: site.dkim && readDkim(site.dkim, report),
    ledger: readLedger(site.ledger ?? {}, secrets, report),
    spf: site.spf && { dns: site.spf.dns ?? false },
    dnsbl: site.dnsbl && { zones: readZones(site.dnsbl.zones ?? [], report) },
  };
}

function readDomains(names: readonly string[], path: readonly string[], report: ReportProblem): readonly string[] {
  names.forEach((name, index) => {
    if (!DOMAIN_PATTERN.test(name))
      report([...path, index], `must be a domain such as example.com or *.example.com, not "${name}"`);
  });
  return names.map(normalize);
}

function readMessageIdForms(forms: readonly string[], report: ReportProblem): readonly string[] {
  forms.forEach((form, index) => {
    if (!isMessageIdForm(form)) {
      report(
        ["site", "messageIdForms", index],
        `must be ${MESSAGE_ID_FORMS.join(", ")} or a pattern with an @, such as *.crm@example.com, not "${form}"`,
      );
    }
  });
  return forms;
}

/** No host is named so: it is an address with a mistake in it. */
const ENDS_IN_NUMBER = /\.[0-9]+\.?$/;

function readRelays(relays: readonly string[], report: ReportProblem): readonly string[] {
  relays.forEach((relay, index) => {
    if (!isAddressBlock(relay) && (!DOMAIN_PATTERN.test(relay) || ENDS_IN_NUMBER.test(relay))) {
      report(
        ["site", "relays", index],
        `must be a host name, an address or a block such as 192.0.2.0/24, not "${relay}"`,
      );
    }
  });
  return relays.map(normalize);
}

function isAddressBlock(text: string): boolean {
  const [address = "", length, ...rest] = text.split("/");
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= (family === 4 ? 32 : 128));
}

function readBatv(batv: NonNullable<Site["batv"]>, secrets: SecretFiles, report: ReportProblem): BatvProfile {
  const keys = new Map(Object.entries(batv.keys ?? {}));
  for (const [number, file] of Object.entries(batv.keyFiles ?? {})) {
    const secret = secrets.read(["site", "batv", "keyFiles", number], file);
    if (secret !== undefined) keys.set(number, secret);
  }
  if (keys.size === 0) report(["site", "batv"], "needs at least one key (keys or keyFiles)");
  const validDays = batv.validDays;
  return { keys, signsAllMail: batv.signsAllMail ?? false, ...(validDays !== undefined && { validDays }) };
}

function readSrs(srs: NonNullable<Site["srs"]>, secrets: SecretFiles, report: ReportProblem): SrsProfile {
  const file = secrets.read(["site", "srs", "secretsFile"], srs.secretsFile);
  const fromFile = (file ?? "").split("\n").map((line) => line.trim());
  const all = [...(srs.secrets ?? []), ...fromFile.filter((line) => line !== "")];
  if (all.length === 0) report(["site", "srs"], "needs at least one secret (secrets or secretsFile)");
  if (!DOMAIN_PATTERN.test(srs.domain)) report(["site", "srs", "domain"], `must be a domain, not "${srs.domain}"`);
  return { domain: normalize(srs.domain), secrets: all, maxAgeDays: srs.maxAgeDays ?? 21 };
}

/** LIMIT: characters of the ledger's secret; a short one can be guessed by whoever reads the database. */
const MIN_LEDGER_SECRET = 16;

function readLedger(ledger: NonNullable<Site["ledger"]>, secrets: SecretFiles, report: ReportProblem): LedgerProfile {
  const secret = secrets.choose(["site", "ledger"], "secret", ledger.secret, ledger.secretFile);
  if (secret !== undefined && secret.length < MIN_LEDGER_SECRET) {
    const key = ledger.secret === undefined ? "secretFile" : "secret";
    report(["site", "ledger", key], `must have at least ${MIN_LEDGER_SECRET} characters`);
  }
  return {
    complete: ledger.complete ?? false,
    days: ledger.days ?? 14,
    staleAfterMinutes: ledger.staleAfterMinutes ?? 60,
    ...(secret !== undefined && { secret }),
  };
}

function readDkim(dkim: NonNullable<Site["dkim"]>, report: ReportProblem): DkimProfile {
  const keys = new Map<string, string>();
  for (const [name, record] of Object.entries(dkim.keys ?? {})) {
    // RFC 6376 section 3.6.2.1: selector._domainkey.domain
    if (!/^[^.].*\._domainkey\.[^.]/i.test(name)) {
      report(["site", "dkim", "keys", name], "must be named selector._domainkey.domain");
    }
    if (!/(^|;)\s*p=/.test(record)) report(["site", "dkim", "keys", name], "must hold the TXT record, with its p= tag");
    keys.set(normalize(name), record);
  }
  return { keys, dns: dkim.dns ?? false };
}

function readZones(zones: readonly string[], report: ReportProblem): readonly string[] {
  zones.forEach((zone, index) => {
    if (zone.startsWith("*.") || !zone.includes(".") || !DOMAIN_PATTERN.test(zone)) {
      report(
        ["site", "dnsbl", "zones", index],
        `must be the name of a block list such as ips.backscatterer.org, not "${zone}"`,
      );
    }
  });
  return zones.map(normalize);
}

function normalize(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}
