/**
 * Sites for the twins of one DSN: those that could have sent the message that it returns, and those that did not.
 *
 * What the DSN's own header names decides: its sender's domains, the domain of its Message-ID, the host that wrote its
 * topmost Received line, and the client that host saw.
 */
import { emptySite } from "@triage/classifier";
import type { Address } from "@triage/message";
import { compileSite, firstForeignHop, returnedPath, type SiteProfile } from "@triage/provenance";
import type { DsnReport } from "@triage/reports";

/** A site and what makes it differ from the other twins of its kind. */
export interface TwinSite {
  readonly variant: string;
  readonly site: SiteProfile;
}

/** Reserved for tests (RFC 2606, RFC 2544, RFC 3849), and in no sample. */
export const STRANGER = {
  domain: "ours.test",
  relay: "mail.ours.test",
  address: "198.18.7.25",
  relays: ["mail.ours.test", "198.18.7.0/24", "2001:db8:7777::/48"],
} as const;

/** Lower-cased, each once. */
function senderDomains({ returned }: DsnReport): readonly string[] {
  const { from, reversePath } = returned;
  const domains = [from?.domain, reversePath?.kind === "address" ? reversePath.domain : undefined];
  return [...new Set(domains.filter((domain) => domain !== undefined && domain !== ""))] as string[];
}

/** The right-hand side of the returned Message-ID, as an operator would configure it. */
function messageIdDomain({ returned }: DsnReport): string | undefined {
  const domain = /@\[?([^@>\]\s]+)\]?>?$/.exec(returned.messageId ?? "")?.[1];
  return domain?.toLowerCase();
}

/**
 * Sites that sent the message: the owner of the host on top of the chain (its own MTA reports) and the owner of the
 * client that this host saw (somebody else's MTA reports), with relays listed by name, by address, and by both; where
 * there is no host, the owner of the Message-ID.
 */
export function sendersOf(report: DsnReport): readonly TwinSite[] {
  const domain = messageIdDomain(report);
  const known = { domains: senderDomains(report), messageIdDomains: domain === undefined ? [] : [domain] };
  const variants = [...relaysOfWriter(report), ...relaysOfClient(report)].map(({ variant, relays }) => ({
    variant,
    site: { ...emptySite(), ...known, relays },
  }));
  if (variants.length > 0 || domain === undefined) return variants;
  return [{ variant: "message-id", site: { ...emptySite(), ...known, relays: [...STRANGER.relays] } }];
}

/** The sender of the message, with relays that it did not pass: a configuration that misses one. */
export function forgetfulSenderOf(report: DsnReport): SiteProfile {
  const domain = messageIdDomain(report);
  const messageIdDomains = domain === undefined ? [] : [domain];
  return { ...emptySite(), domains: senderDomains(report), messageIdDomains, relays: [STRANGER.relay] };
}

/** A site that has nothing to do with the message. */
export function strangerTo(): SiteProfile {
  const { domain, relays } = STRANGER;
  return { ...emptySite(), domains: [domain], messageIdDomains: [domain], relays: [...relays] };
}

/** The report as the forger of that site's address would have caused it: its sender is of that site, all else as it was. */
export function withForgedSender(report: DsnReport): DsnReport {
  const sender: Address = { kind: "address", localPart: "ann", domain: STRANGER.domain };
  return { ...report, returned: { ...report.returned, from: sender, reversePath: sender } };
}

interface Relays {
  readonly variant: string;
  readonly relays: readonly string[];
}

function relaysOfWriter({ returned }: DsnReport): readonly Relays[] {
  if (returned.headers === undefined) return [];
  for (const { by, byIp } of returnedPath(returned.headers)) {
    if (by !== undefined || byIp !== undefined) return relaysOf("writer", [by], byIp);
  }
  return [];
}

function relaysOfClient(report: DsnReport): readonly Relays[] {
  const hop = firstForeignHop(report, compileSite(emptySite()));
  return hop === undefined ? [] : relaysOf("client", [hop.name, hop.helo], hop.ip);
}

function relaysOf(owner: string, hosts: readonly (string | undefined)[], ip: string | undefined): readonly Relays[] {
  const names = [...new Set(hosts.filter((name) => name !== undefined))];
  const addresses = ip === undefined ? [] : [ip];
  return [
    { variant: `${owner} by name`, relays: names },
    { variant: `${owner} by address`, relays: addresses },
    { variant: `${owner} by both`, relays: [...names, ...addresses] },
  ].filter(({ relays }, index) => relays.length > (index === 2 ? 1 : 0));
}
