/**
 * Same cause, same fingerprint: the reason, the remote's words without what changes from message to message, and the
 * remote organisation. Versioned, so that a better normalisation does not merge its incidents with the old ones. Pure.
 */
import { hash } from "node:crypto";
import { isIP } from "node:net";
import type { DsnRecipient, Report } from "@triage/reports";

/** LIMIT: the words that name a cause stand at the beginning; what follows is mostly links and ids. */
const MAX_DIAGNOSTIC_CHARS = 240;

const HEX_DIGITS = 16;

/** An id, address, path, code or number: anything that may differ between two messages with the same cause. */
const VARIABLE_WORD = /[0-9@/=_[\]<>]/;

/** Second labels under which countries register organisations; a list of all of them is not worth its size here. */
const SHARED_LABELS = new Set(["ac", "co", "com", "edu", "go", "gob", "gov", "ne", "net", "or", "org"]);

/** Most words: nothing to take off. */
const PLAIN_WORD = /^[a-z]+$/;

const EDGE_PUNCTUATION = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu;

/** "550 5.7.1 [192.0.2.1] blocked, see https://a.example/?q=1" -> "blocked see": words alone, lower case. */
export function normaliseDiagnostic(diagnostic: string): string {
  let words = "";
  for (const word of diagnostic.slice(0, MAX_DIAGNOSTIC_CHARS).toLowerCase().split(/\s+/)) {
    const kept = PLAIN_WORD.test(word) ? word : trimWord(word);
    if (kept !== "") words += words === "" ? kept : ` ${kept}`;
  }
  return words;
}

/** Empty for a variable word. */
function trimWord(word: string): string {
  return VARIABLE_WORD.test(word) ? "" : word.replace(EDGE_PUNCTUATION, "");
}

/**
 * The registrable part of a host name, near enough for grouping: the last two labels, or three under `co.uk`, `ne.jp`,
 * `com.br` and the like. Empty for an IP address: which of them answered says nothing of the organisation.
 */
export function remoteOrganisation(host: string): string {
  const name = withoutBrackets(host.toLowerCase());
  if (isAddress(name)) return "";
  const top = name.lastIndexOf(".");
  const second = dotBefore(top, name);
  if (second < 0) return name;
  const isShared = name.length - top === 3 && SHARED_LABELS.has(name.slice(second + 1, top));
  return name.slice((isShared ? dotBefore(second, name) : second) + 1);
}

function dotBefore(dot: number, name: string): number {
  return dot > 0 ? name.lastIndexOf(".", dot - 1) : -1;
}

/** `[192.0.2.1]`, `[ipv6:2001:db8::1]` and the dot at the end of a full name. */
function withoutBrackets(host: string): string {
  const start = host.startsWith("[ipv6:") ? 6 : host.startsWith("[") ? 1 : 0;
  return host.slice(start, host.endsWith("]") || host.endsWith(".") ? -1 : undefined);
}

/** An address has a colon or ends in a digit; only then is the dear isIP asked. */
function isAddress(name: string): boolean {
  return (name.includes(":") || /\d$/.test(name)) && isIP(name) !== 0;
}

function foremost(recipients: readonly DsnRecipient[]): DsnRecipient | undefined {
  return recipients.find(({ action }) => action === "failed") ?? recipients.find(({ action }) => action === "delayed");
}

/** @returns `v1:` and 16 hex digits; undefined for what reports no failure and no delay. */
export function fingerprintIncident(report: Report): string | undefined {
  if (report.kind !== "dsn") return undefined;
  const recipient = foremost(report.recipients);
  if (recipient === undefined) return undefined;
  const organisation =
    remoteOrganisation(recipient.remoteMta ?? "") || remoteOrganisation(recipient.address?.domain ?? "");
  const cause = [recipient.reason, normaliseDiagnostic(recipient.diagnostic ?? ""), organisation].join("\n");
  // The one-shot form: a Hash object for every message would cost twice the digest.
  return `v1:${hash("sha256", cause).slice(0, HEX_DIGITS)}`;
}
