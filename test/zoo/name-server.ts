/**
 * The DNS of the zoo (RFC 1035): answers for the domains of the scenarios and for nothing else, over UDP. Just enough for
 * an MTA to find, or not to find, where mail goes: A, MX, PTR; NXDOMAIN for unknown names, SERVFAIL where it is asked for.
 */
import { createSocket } from "node:dgram";

export interface Zone {
  /** Host name to IPv4 address; the reverse look-up follows from it. */
  readonly hosts: ReadonlyMap<string, string>;
  /** Domain to the name of its mail host; "" is a null MX (RFC 7505). */
  readonly mailHosts: ReadonlyMap<string, string>;
  /** Domains whose name servers do not answer. */
  readonly broken: ReadonlySet<string>;
}

const A = 1;
const PTR = 12;
const MX = 15;
const SERVFAIL = 2;
const NXDOMAIN = 3;

/** Listens on port 53 of the address; resolves as soon as it does. Ends with the process. */
export function startNameServer(address: string, zone: Zone): Promise<void> {
  const socket = createSocket("udp4");
  socket.on("message", (query, peer) => socket.send(answerQuery(query, zone), peer.port, peer.address));
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.bind(53, address, resolve);
  });
}

function answerQuery(query: Buffer, zone: Zone): Buffer {
  const { name, end } = readName(query, 12);
  const type = query.readUInt16BE(end);
  const { code, records } = lookUp(name.toLowerCase(), type, zone);
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  // Response, authoritative, recursion desired and available (RFC 1035 section 4.1.1).
  header.writeUInt16BE(0x8580 | code, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  const answers = records.map((data) => {
    const fixed = Buffer.alloc(12);
    fixed.writeUInt16BE(0xc00c, 0);
    fixed.writeUInt16BE(type, 2);
    fixed.writeUInt16BE(1, 4);
    fixed.writeUInt32BE(300, 6);
    fixed.writeUInt16BE(data.length, 10);
    return Buffer.concat([fixed, data]);
  });
  return Buffer.concat([header, query.subarray(12, end + 4), ...answers]);
}

function lookUp(
  name: string,
  type: number,
  zone: Zone,
): { readonly code: number; readonly records: readonly Buffer[] } {
  if (zone.broken.has(name)) return { code: SERVFAIL, records: [] };
  const address = zone.hosts.get(name);
  const mailHost = zone.mailHosts.get(name);
  const pointer = name.endsWith(".in-addr.arpa") ? hostAt(name, zone) : undefined;
  if (type === A && address !== undefined) return { code: 0, records: [Buffer.from(address.split(".").map(Number))] };
  if (type === MX && mailHost !== undefined) {
    const preference = Buffer.from([0, mailHost === "" ? 0 : 10]);
    return { code: 0, records: [Buffer.concat([preference, writeName(mailHost)])] };
  }
  if (type === PTR && pointer !== undefined) return { code: 0, records: [writeName(pointer)] };
  const known = (address ?? mailHost ?? pointer) !== undefined || isParent(name, zone);
  return { code: known ? 0 : NXDOMAIN, records: [] };
}

/** `10.100.51.198.in-addr.arpa` to the name of the host at 198.51.100.10. */
function hostAt(name: string, zone: Zone): string | undefined {
  const address = name.split(".").slice(0, 4).reverse().join(".");
  return [...zone.hosts].find(([, hostAddress]) => hostAddress === address)?.[0];
}

/** RFC 8020: a name with something below it exists. */
function isParent(name: string, zone: Zone): boolean {
  return [...zone.hosts.keys(), ...zone.mailHosts.keys()].some((known) => known.endsWith(`.${name}`));
}

function readName(query: Buffer, start: number): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = start;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join("."), end: at + 1 };
}

function writeName(name: string): Buffer {
  const labels = name === "" ? [] : name.split(".");
  return Buffer.concat([
    ...labels.map((label) => Buffer.from(`\0${label}`, "latin1").fill(label.length, 0, 1)),
    Buffer.alloc(1),
  ]);
}
