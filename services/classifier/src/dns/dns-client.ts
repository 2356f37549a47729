/**
 * DNS for the checks that ask: bounded in time and memory, with answers instead of exceptions.
 *
 * Ten thousand bounces of one campaign carry one selector and come from one network: answers are kept, also the negative
 * ones (RFC 2308), and simultaneous questions share one look-up. A name server that is slow or away is an answer too
 * (`temperror`), never a failed message.
 */
import type { MxRecord } from "node:dns";
import { Resolver } from "node:dns/promises";

export type DnsAnswer<Item> =
  | { readonly kind: "found"; readonly records: readonly [Item, ...Item[]] }
  /** The name does not exist (RFC 8020), or has no such record. */
  | { readonly kind: "none"; readonly reason: "no-name" | "no-data" }
  | { readonly kind: "temperror"; readonly detail: string };

interface RecordOf {
  readonly TXT: readonly string[];
  readonly A: string;
  readonly AAAA: string;
  readonly MX: MxRecord;
  readonly PTR: string;
}

export type DnsType = keyof RecordOf;

export interface DnsClient {
  /** @returns Never rejects. */
  ask<Type extends DnsType>(name: string, type: Type): Promise<DnsAnswer<RecordOf[Type]>>;
}

export interface DnsClientOptions {
  /** As `dns.servers` of the configuration; none: the system's. */
  readonly servers: readonly string[];
  /** For the first try; the next waits longer. */
  readonly timeoutMs: number;
  readonly tries: number;
  readonly now?: () => number;
}

/** node:dns tells the TTL of addresses only; keys and policies change seldom, and a wrong one is soft evidence for these minutes. */
const KEPT_MS = 10 * 60_000;
/** LIMITS on what an address record's own TTL may ask for: 0 would ask for every message, a week would outlive a mended record. */
const MIN_TTL_MS = 30_000;
const MAX_TTL_MS = 60 * 60_000;
/** A failing name server is asked again soon, but not for every message of a storm. */
const TEMPERROR_KEPT_MS = 15_000;
/** LIMIT: names come out of mail, so a stranger chooses how many there are; an answer takes some 500 bytes. */
const MAX_KEPT = 10_000;
/** RFC 1035 section 2.3.4. */
const MAX_NAME_CHARS = 253;

interface Kept {
  readonly answer: Promise<DnsAnswer<unknown>>;
  expiresAtMs: number;
}

interface Found {
  readonly answer: DnsAnswer<unknown>;
  readonly keptMs: number;
}

export function createDnsClient({ servers, timeoutMs, tries, now = Date.now }: DnsClientOptions): DnsClient {
  const resolver = new Resolver({ timeout: timeoutMs, tries });
  if (servers.length > 0) resolver.setServers(servers);
  const kept = new Map<string, Kept>();

  function ask(name: string, type: DnsType): Promise<DnsAnswer<unknown>> {
    const lowerCased = name.toLowerCase();
    const key = `${type} ${lowerCased}`;
    const earlier = kept.get(key);
    if (earlier !== undefined && earlier.expiresAtMs > now()) return earlier.answer;
    // A Map remembers the order of insertion: the oldest answer goes first.
    const [oldest] = kept.keys();
    if (kept.size >= MAX_KEPT && oldest !== undefined) kept.delete(oldest);
    const found = lookUp(resolver, lowerCased, type);
    const entry: Kept = { answer: found.then(({ answer }) => answer), expiresAtMs: Number.POSITIVE_INFINITY };
    kept.delete(key);
    kept.set(key, entry);
    return found.then(({ answer, keptMs }) => {
      entry.expiresAtMs = now() + keptMs;
      return answer;
    });
  }
  return { ask: ask as DnsClient["ask"] };
}

async function lookUp(resolver: Resolver, name: string, type: DnsType): Promise<Found> {
  if (name.length > MAX_NAME_CHARS) return { answer: { kind: "none", reason: "no-name" }, keptMs: KEPT_MS };
  try {
    const { records, ttlMs } = await query(resolver, name, type);
    const [first, ...rest] = records;
    const answer: DnsAnswer<unknown> =
      first === undefined ? { kind: "none", reason: "no-data" } : { kind: "found", records: [first, ...rest] };
    return { answer, keptMs: ttlMs };
  } catch (error) {
    const answer = answerOfError(error);
    return { answer, keptMs: answer.kind === "temperror" ? TEMPERROR_KEPT_MS : KEPT_MS };
  }
}

async function query(
  resolver: Resolver,
  name: string,
  type: DnsType,
): Promise<{ readonly records: readonly unknown[]; readonly ttlMs: number }> {
  switch (type) {
    case "A":
    case "AAAA": {
      const found = await (type === "A"
        ? resolver.resolve4(name, { ttl: true })
        : resolver.resolve6(name, { ttl: true }));
      const ttlMs = Math.min(...found.map(({ ttl }) => ttl * 1_000));
      return { records: found.map(({ address }) => address), ttlMs: Math.min(Math.max(ttlMs, MIN_TTL_MS), MAX_TTL_MS) };
    }
    case "TXT":
      return { records: await resolver.resolveTxt(name), ttlMs: KEPT_MS };
    case "MX":
      return { records: await resolver.resolveMx(name), ttlMs: KEPT_MS };
    case "PTR":
      return { records: await resolver.resolvePtr(name), ttlMs: KEPT_MS };
    default:
      return type satisfies never;
  }
}

/** Which answers say "there is no such record", and which "I cannot tell". */
function answerOfError(error: unknown): Exclude<DnsAnswer<never>, { kind: "found" }> {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
  switch (code) {
    case "ENOTFOUND":
    case "EBADNAME":
      return { kind: "none", reason: "no-name" };
    case "ENODATA":
      return { kind: "none", reason: "no-data" };
    case "ETIMEOUT":
      return { kind: "temperror", detail: "the name server did not answer in time" };
    case "ESERVFAIL":
      return { kind: "temperror", detail: "the name server failed (SERVFAIL)" };
    case "EREFUSED":
      return { kind: "temperror", detail: "the name server refused the question" };
    default:
      return { kind: "temperror", detail: `DNS: ${code}` };
  }
}
