/** Who takes part: our hosts, and thousands of others. Names of RFC 2606, addresses of RFC 5737 and RFC 2544. */
import type { Random } from "./seeded-random.ts";

export interface Host {
  readonly name: string;
  readonly ip: string;
}

export const OUR_DOMAIN = "example.com";
export const OUR_RELAYS: readonly Host[] = [
  { name: "mail.example.com", ip: "192.0.2.10" },
  { name: "relay2.example.com", ip: "192.0.2.11" },
];
/** Takes mail from outside for us. */
export const OUR_MX: Host = { name: "mx.example.com", ip: "192.0.2.25" };
export const OUR_USERS = ["ann", "bob", "carla", "dmitri", "eve", "farid", "greta", "hugo", "ines", "jun"];

const SYLLABLES = ["ka", "lo", "mi", "ren", "sta", "tor", "vel", "zan", "bri", "dun", "fel", "gar", "hol", "nor"];

/** An organisation's domain, out of some hundred thousand: `kalotor7.example`. */
export function anyDomain(random: Random): string {
  return `${random.pick(SYLLABLES)}${random.pick(SYLLABLES)}${random.pick(SYLLABLES)}${random.below(60)}.example`;
}

/** An address out of the networks that no host on the Internet has: 198.18.0.0/15 is wide enough for thousands. */
export function anyIp(random: Random): string {
  const network = random.chance(0.8) ? `198.${18 + random.below(2)}.${random.below(256)}` : "203.0.113";
  return `${network}.${1 + random.below(254)}`;
}

export function mailHost(domain: string, random: Random): Host {
  const label = random.pick(["mx", "mx1", "mx2", "mail", "in", "smtp", "gw", "relay"]);
  return { name: `${label}.${domain}`, ip: anyIp(random) };
}

const NAMES = ["joe", "maria", "k.tanaka", "info", "sales", "petra", "li.wei", "office", "olga", "tom.baker", "anna"];

export function anyAddress(domain: string, random: Random): string {
  return `${random.pick(NAMES)}${random.chance(0.6) ? random.below(900) : ""}@${domain}`;
}
