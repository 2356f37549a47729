/** Our outbound hosts, by name, wildcard, address and CIDR block. */
import { BlockList, isIP } from "node:net";
import { compileDomains } from "./domain-set.ts";

export interface RelaySet {
  readonly isEmpty: boolean;
  /** Addresses or CIDR blocks are listed, so that an address outside them is known not to be ours. */
  readonly listsAddresses: boolean;
  hasName(host: string): boolean;
  /** @param ip A valid IPv4 or IPv6 address; IPv4-mapped ones match IPv4 entries. */
  hasAddress(ip: string): boolean;
}

/** @param relays The `site.relays` of the configuration, lower-cased. */
export function compileRelays(relays: readonly string[]): RelaySet {
  const names: string[] = [];
  const addresses = new BlockList();
  for (const relay of relays) {
    if (!addAddress(addresses, relay)) names.push(relay);
  }
  const byName = compileDomains(names);
  const listsAddresses = names.length < relays.length;
  return {
    isEmpty: relays.length === 0,
    listsAddresses,
    hasName: (host) => byName.has(host),
    hasAddress: (ip) => listsAddresses && addresses.check(ip, ip.includes(":") ? "ipv6" : "ipv4"),
  };
}

/** @returns false when the entry is neither an address nor a CIDR block. */
function addAddress(list: BlockList, entry: string): boolean {
  const [address = "", prefix] = entry.split("/", 2);
  const family = isIP(address);
  if (family === 0) return false;
  const type = family === 6 ? "ipv6" : "ipv4";
  if (prefix === undefined) {
    list.addAddress(address, type);
    return true;
  }
  const bits = Number(prefix);
  if (!Number.isInteger(bits) || bits < 0 || bits > (family === 6 ? 128 : 32)) return false;
  list.addSubnet(address, bits, type);
  return true;
}
