/**
 * A real name server on the loopback interface (RFC 1035) for tests of what asks DNS: answers over UDP, and over TCP what does
 * not fit; it counts the questions, and can be slow or broken. Port of its own, no root.
 */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";

export type ZoneRecord =
  | { readonly type: "A" | "AAAA" | "PTR"; readonly value: string; readonly ttlSeconds?: number }
  | { readonly type: "MX"; readonly value: string; readonly preference: number }
  /** The character-strings of one record (RFC 1035 section 3.3.14), at most 255 bytes each. */
  | { readonly type: "TXT"; readonly value: readonly string[] };

/** What happens to questions for a name. `silent`: no answer at all; `tampered`: bytes that are no DNS message. */
export type Failure = "servfail" | "refused" | "silent" | "tampered";

/** Name (lower-cased) to its records, or to what goes wrong there. A name that is not listed does not exist (NXDOMAIN). */
export type Zone = Readonly<Record<string, readonly ZoneRecord[] | Failure>>;

export interface DnsServer {
  /** As `dns.servers` of the configuration takes it. */
  readonly address: string;
  /** `TYPE name` of every question, in order; those that came over TCP too. */
  readonly questions: readonly string[];
  /** From now on the answers are these. */
  serve(zone: Zone): void;
  close(): Promise<void>;
}

const TYPES = { A: 1, PTR: 12, MX: 15, TXT: 16, AAAA: 28 } as const;
const OPT = 41;
const CODES = { servfail: 2, nxdomain: 3, refused: 5 } as const;
/** RFC 1035 section 4.2.1; more only if the client says so (RFC 6891). */
const UDP_BYTES = 512;

export async function startDnsServer(initial: Zone = {}): Promise<DnsServer> {
  let zone = initial;
  const questions: string[] = [];
  const sockets = new Set<Socket>();
  const answer = (query: Buffer) => {
    const { name, typeName } = questionOf(query);
    questions.push(`${typeName} ${name}`);
    return answerQuery(query, zone);
  };
  const tcp = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
    // A question is far smaller than a segment: it comes whole (RFC 7766 section 8 puts its length in front).
    socket.on("data", (data) => {
      const response = answer(data.subarray(2));
      if (response === undefined) return;
      const length = Buffer.alloc(2);
      length.writeUInt16BE(response.length);
      socket.write(Buffer.concat([length, response]));
    });
  });
  tcp.listen(0, "127.0.0.1");
  await once(tcp, "listening");
  const { port } = tcp.address() as { port: number };
  const udp = createSocket("udp4");
  udp.on("message", (query, peer) => {
    const response = answer(query);
    if (response !== undefined) udp.send(fitted(response, query), peer.port, peer.address);
  });
  udp.bind(port, "127.0.0.1");
  await once(udp, "listening");
  return {
    address: `127.0.0.1:${port}`,
    questions,
    serve(next) {
      zone = next;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all([new Promise((done) => tcp.close(done)), new Promise<void>((done) => udp.close(done))]);
    },
  };
}

/** Cut down to header and question, with TC set, where it does not fit: the client then asks over TCP. */
function fitted(response: Buffer, query: Buffer): Buffer {
  const { end } = questionOf(query);
  const limit = Math.max(UDP_BYTES, advertisedBytes(query, end));
  if (response.length <= limit) return response;
  const cut = Buffer.from(response.subarray(0, end));
  cut.writeUInt16BE(cut.readUInt16BE(2) | 0x0200, 2);
  cut.fill(0, 6, 12);
  return cut;
}

/** The class of an OPT record is the size that the client takes; c-ares sends it as the only additional record. */
function advertisedBytes(query: Buffer, end: number): number {
  const hasOpt = query.length >= end + 11 && query.readUInt8(end) === 0 && query.readUInt16BE(end + 1) === OPT;
  return hasOpt ? query.readUInt16BE(end + 3) : 0;
}

function answerQuery(query: Buffer, zone: Zone): Buffer | undefined {
  const { name, typeName, end } = questionOf(query);
  const found = zone[name];
  if (found === "silent") return undefined;
  if (found === "tampered") return Buffer.concat([query.subarray(0, 2), Buffer.from("no DNS message")]);
  if (found === "servfail" || found === "refused") return respond(query, end, CODES[found], []);
  if (found === undefined) {
    // RFC 8020: a name with something below it exists.
    const isParent = Object.keys(zone).some((known) => known.endsWith(`.${name}`));
    return respond(query, end, isParent ? 0 : CODES.nxdomain, []);
  }
  return respond(
    query,
    end,
    0,
    found.filter(({ type }) => type === typeName),
  );
}

function respond(query: Buffer, end: number, code: number, records: readonly ZoneRecord[]): Buffer {
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  // Response, authoritative, recursion desired and available (RFC 1035 section 4.1.1).
  header.writeUInt16BE(0x8580 | code, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, query.subarray(12, end), ...records.map(writeRecord)]);
}

function writeRecord(record: ZoneRecord): Buffer {
  const data = writeData(record);
  const fixed = Buffer.alloc(12);
  fixed.writeUInt16BE(0xc00c, 0); // the name of the question
  fixed.writeUInt16BE(TYPES[record.type], 2);
  fixed.writeUInt16BE(1, 4);
  fixed.writeUInt32BE("ttlSeconds" in record ? (record.ttlSeconds ?? 300) : 300, 6);
  fixed.writeUInt16BE(data.length, 10);
  return Buffer.concat([fixed, data]);
}

function writeData(record: ZoneRecord): Buffer {
  switch (record.type) {
    case "A":
      return Buffer.from(record.value.split(".").map(Number));
    case "AAAA":
      return writeIpv6(record.value);
    case "PTR":
      return writeName(record.value);
    case "MX":
      return Buffer.concat([Buffer.from([0, record.preference]), writeName(record.value)]);
    case "TXT":
      return Buffer.concat(record.value.map((text) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)])));
    default:
      return record satisfies never;
  }
}

function writeIpv6(address: string): Buffer {
  const [head = "", tail = ""] = address.split("::");
  const groups = (text: string) => (text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16)));
  const [before, after] = [groups(head), groups(tail)];
  const zeros = new Array<number>(8 - before.length - after.length).fill(0);
  return Buffer.from([...before, ...zeros, ...after].flatMap((group) => [group >> 8, group & 0xff]));
}

function writeName(name: string): Buffer {
  const labels = name === "" ? [] : name.split(".");
  const bytes = labels.flatMap((label) => [Buffer.from([label.length]), Buffer.from(label, "latin1")]);
  return Buffer.concat([...bytes, Buffer.alloc(1)]);
}

/** The one question of a query; `end` is where it ends. */
function questionOf(query: Buffer): { readonly name: string; readonly typeName: string; readonly end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += length + 1;
  }
  const type = query.readUInt16BE(at + 1);
  const typeName = Object.entries(TYPES).find(([, number]) => number === type)?.[0] ?? String(type);
  return { name: labels.join(".").toLowerCase(), typeName, end: at + 5 };
}
