/** IP addresses as Received fields spell them. */
import { BlockList, isIP } from "node:net";

/** Networks that say nothing about the outside: a hop from one of them happened inside somebody's site. */
const INTERNAL = new BlockList();
for (const [network, prefix] of [
  ["10.0.0.0", 8], // RFC 1918
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["100.64.0.0", 10], // RFC 6598, carrier-grade NAT
  ["0.0.0.0", 8],
] as const) {
  INTERNAL.addSubnet(network, prefix, "ipv4");
}
for (const [network, prefix] of [
  ["::", 127], // unspecified and loopback
  ["fc00::", 7], // RFC 4193
  ["fe80::", 10],
] as const) {
  INTERNAL.addSubnet(network, prefix, "ipv6");
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
  // Nearly every token of a Received field fails here: an address begins with a hex digit, `:` or `IPv6:`.
  if (text.length < 2 || text.length > MAX_IP_CHARS) return undefined;
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

export function isInternalIp(ip: string): boolean {
  return INTERNAL.check(ip, ip.includes(":") ? "ipv6" : "ipv4");
}
