/** Our outbound hosts, by name, wildcard, address and CIDR block. */
import { BlockList, isIP } from "node:net";
import { type Ipv4Network, ipv4Network, ipv4Number, isInNetworks } from "../path/ip-address.ts";
import { compileDomains } from "./domain-set.ts";

export interface RelaySet {
  readonly isEmpty: boolean;
  /** Addresses or CIDR blocks are listed, so that an address outside them is known not to be ours. */
  readonly listsAddresses: boolean;
  /** Names or wildcards are listed, so that a name outside them is taken for somebody else's. */
  readonly listsNames: boolean;
  hasName(host: string): boolean;
  /** @param ip As `parseIp` gives it: valid, IPv4-mapped addresses as IPv4. */
  hasAddress(ip: string): boolean;
}

/** @param relays The `site.relays` of the configuration, lower-cased; what is no address and no block is a name. */
export function compileRelays(relays: readonly string[]): RelaySet {
  const names: string[] = [];
  const ipv4: Ipv4Network[] = [];
  const ipv6 = new BlockList();
  for (const relay of relays) {
    const block = parseBlock(relay);
    if (block === undefined) names.push(relay);
    else if (block.family === 4) ipv4.push(ipv4Network(block.address, block.prefix));
    else ipv6.addSubnet(block.address, block.prefix, "ipv6");
  }
  const byName = compileDomains(names);
  const hasIpv6 = names.length + ipv4.length < relays.length;
  return {
    isEmpty: relays.length === 0,
    listsAddresses: names.length < relays.length,
    listsNames: names.length > 0,
    hasName: (host) => byName.has(host),
    hasAddress: (ip) => (ip.includes(":") ? hasIpv6 && ipv6.check(ip, "ipv6") : isInNetworks(ipv4Number(ip), ipv4)),
  };
}

function parseBlock(entry: string): { family: 4 | 6; address: string; prefix: number } | undefined {
  const [address = "", bits] = entry.split("/", 2);
  const family = isIP(address);
  if (family !== 4 && family !== 6) return undefined;
  const longest = family === 4 ? 32 : 128;
  const prefix = bits === undefined ? longest : Number(bits);
  const isPrefix = Number.isInteger(prefix) && prefix >= 0 && prefix <= longest;
  return isPrefix ? { family, address, prefix } : undefined;
}
