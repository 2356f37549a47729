/**
 * DKIM public keys from DNS (RFC 6376 section 3.6.2), for sites that do not list their keys in the configuration.
 *
 * Ten thousand bounces of one campaign carry one selector: answers are kept, also the negative ones, and simultaneous
 * questions share one look-up. A name server that is slow or away is evidence (`temperror`), never a failed message.
 */
import { Resolver } from "node:dns/promises";
import type { DkimKeyAnswer } from "@triage/provenance";

/** LIMIT: for one try; a verdict may wait this long once, not for each message. */
const TIMEOUT_MS = 2_000;
const TRIES = 2;
/** Keys change seldom, and a wrong one is only soft evidence for these minutes. node:dns does not tell the TTL of TXT. */
const KEPT_MS = 10 * 60_000;
/** A failing name server is asked again soon, but not for every message of a storm. */
const TEMPERROR_KEPT_MS = 15_000;
/** LIMIT: selectors come out of mail, so a stranger chooses how many there are. */
const MAX_KEPT = 1_000;

/** Answers that say "there is no such record", not "I cannot tell" (RFC 8020: NXDOMAIN; no data). */
const NO_RECORD: ReadonlySet<string> = new Set(["ENOTFOUND", "ENODATA", "EBADNAME"]);

export interface ResolverOptions {
  /** Looks up TXT records: each a list of strings. Default: the system's name servers, with a time limit. */
  readonly resolveTxt?: (name: string) => Promise<readonly (readonly string[])[]>;
  readonly now?: () => number;
}

interface Kept {
  readonly answer: Promise<DkimKeyAnswer>;
  expiresAt: number;
}

/** Makes the `dkimKey` port of provenance. */
export function resolverOf(options: ResolverOptions = {}): (name: string) => Promise<DkimKeyAnswer> {
  const { resolveTxt = systemResolver(), now = Date.now } = options;
  const kept = new Map<string, Kept>();
  return (name) => {
    const key = name.toLowerCase();
    const earlier = kept.get(key);
    if (earlier !== undefined && earlier.expiresAt > now()) return earlier.answer;
    // A Map remembers the order of insertion: the oldest answer goes first.
    const [oldest] = kept.keys();
    if (kept.size >= MAX_KEPT && oldest !== undefined) kept.delete(oldest);
    const entry: Kept = { answer: lookUp(key, resolveTxt), expiresAt: Number.POSITIVE_INFINITY };
    kept.delete(key);
    kept.set(key, entry);
    return entry.answer.then((answer) => {
      entry.expiresAt = now() + (answer.kind === "temperror" ? TEMPERROR_KEPT_MS : KEPT_MS);
      return answer;
    });
  };
}

function systemResolver(): NonNullable<ResolverOptions["resolveTxt"]> {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
  return (name) => resolver.resolveTxt(name);
}

async function lookUp(name: string, resolveTxt: NonNullable<ResolverOptions["resolveTxt"]>): Promise<DkimKeyAnswer> {
  try {
    const records = await resolveTxt(name);
    // RFC 6376 section 3.6.2.2: the strings of one record are joined without anything between them.
    const record = records.map((strings) => strings.join("")).find((text) => /(?:^|;)\s*p\s*=/.test(text));
    return record === undefined ? { kind: "none" } : { kind: "found", record };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    return NO_RECORD.has(code) ? { kind: "none" } : { kind: "temperror", detail: `DNS: ${code}` };
  }
}
