/** The names under which DNS block lists keep addresses (RFC 5782). Pure. */

/**
 * @param ip   As `parseIp` gives it: a valid IPv4 or IPv6 address without decoration.
 * @param zone The list, e.g. `ips.backscatterer.org`.
 * @returns    `2.0.0.127.zone` (RFC 5782 section 2.1), or 32 reversed nibbles for IPv6 (section 2.4).
 */
export function dnsblName(ip: string, zone: string): string {
  const labels = ip.includes(":") ? ipv6Nibbles(ip) : ip.split(".");
  return `${labels.reverse().join(".")}.${zone}`;
}

/** RFC 4291 section 2.2: eight groups, `::` for a run of zero ones, the last two perhaps as a dotted quad. */
function ipv6Nibbles(ip: string): string[] {
  const [head = "", tail] = ip.split("::", 2);
  const before = groupsOf(head);
  const after = tail === undefined ? [] : groupsOf(tail);
  const zeros = new Array<string>(Math.max(0, 8 - before.length - after.length)).fill("0000");
  return [...before, ...zeros, ...after].join("").split("");
}

function groupsOf(text: string): string[] {
  if (text === "") return [];
  return text.split(":").flatMap((group) => {
    if (!group.includes(".")) return [group.padStart(4, "0")];
    const hex = group.split(".").map((byte) => Number(byte).toString(16).padStart(2, "0"));
    return [hex.slice(0, 2).join(""), hex.slice(2).join("")];
  });
}
