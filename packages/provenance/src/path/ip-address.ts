/** IP addresses as Received fields spell them. */
import { BlockList, isIP } from "node:net";

/** An IPv4 network as numbers: node:net's BlockList needs 2 us for what a mask does in 20 ns, and nearly all hops are IPv4. */
export interface Ipv4Network {
  readonly base: number;
  readonly mask: number;
}

export function ipv4Network(address: string, prefix: number): Ipv4Network {
  const mask = prefix === 0 ? 0 : (-1 << (32 - prefix)) >>> 0;
  return { base: (ipv4Number(address) & mask) >>> 0, mask };
}

/** @param ip A valid dotted quad. */
export function ipv4Number(ip: string): number {
  let value = 0;
  let byte = 0;
  for (let at = 0; at < ip.length; at += 1) {
    const code = ip.charCodeAt(at);
    if (code === 0x2e) {
      value = value * 256 + byte;
      byte = 0;
    } else byte = byte * 10 + code - 0x30;
  }
  return value * 256 + byte;
}

export function isInNetworks(value: number, networks: readonly Ipv4Network[]): boolean {
  return networks.some(({ base, mask }) => (value & mask) >>> 0 === base);
}

/** Networks that say nothing about the outside: a hop from one of them happened inside somebody's site. */
const INTERNAL_IPV4 = [
  ipv4Network("10.0.0.0", 8), // RFC 1918
  ipv4Network("172.16.0.0", 12),
  ipv4Network("192.168.0.0", 16),
  ipv4Network("127.0.0.0", 8),
  ipv4Network("169.254.0.0", 16),
  ipv4Network("100.64.0.0", 10), // RFC 6598, carrier-grade NAT
  ipv4Network("0.0.0.0", 8),
];
const INTERNAL_IPV6 = new BlockList();
for (const [network, prefix] of [
  ["::", 127], // unspecified and loopback
  ["fc00::", 7], // RFC 4193
  ["fe80::", 10],
  ["2002:a00::", 24], // QUIRK(gmail): its own 10.0.0.0/8, written as 6to4 (RFC 3056)
] as const) {
  INTERNAL_IPV6.addSubnet(network, prefix, "ipv6");
}

/** An IPv4 address, or `IPv6:`, a zone, a port, an IPv4-mapped prefix around one. No address is longer. */
const MAX_IP_CHARS = 64;

/**
 * Reads an address literal (RFC 5321 section 4.1.3) and the spellings of MTAs: `IPv6:2001:db8::1`, `::ffff:192.0.2.1`
 * (Courier), `192.0.2.1:4711` (ecelerity), `fe80::1%22` (Exchange).
 *
 * @returns The address without decoration, lower-cased, or undefined.
 */
export function parseIp(text: string): string | undefined {
  if (text.length < 2 || text.length > MAX_IP_CHARS) return undefined;
  // Nearly every word of a Received field ends here, before the dear isIP: an address has a colon or ends in a digit.
  const last = text.charCodeAt(text.length - 1);
  if ((last < 0x30 || last > 0x39) && !text.includes(":")) return undefined;
  let ip = text;
  if (ip.length > 5 && ip.slice(0, 5).toLowerCase() === "ipv6:") ip = ip.slice(5);
  const zone = ip.indexOf("%");
  if (zone > 0) ip = ip.slice(0, zone);
  if (ip.includes(".")) {
    const mapped = ip.lastIndexOf(":");
    if (mapped > 0 && ip.indexOf(".") < mapped) ip = ip.slice(0, mapped);
    else if (mapped > 0 && ip.slice(0, 7).toLowerCase() === "::ffff:") ip = ip.slice(7);
  }
  return isIP(ip) === 0 ? undefined : ip.toLowerCase();
}

/** @param ip As `parseIp` gives it. */
export function isInternalIp(ip: string): boolean {
  return ip.includes(":") ? INTERNAL_IPV6.check(ip, "ipv6") : isInNetworks(ipv4Number(ip), INTERNAL_IPV4);
}
