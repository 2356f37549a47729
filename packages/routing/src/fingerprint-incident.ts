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
  return diagnostic
    .slice(0, MAX_DIAGNOSTIC_CHARS)
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => !VARIABLE_WORD.test(word))
    .map((word) => (PLAIN_WORD.test(word) ? word : word.replace(EDGE_PUNCTUATION, "")))
    .filter((word) => word !== "")
    .join(" ");
}

/**
 * The registrable part of a host name, near enough for grouping: the last two labels, or three under `co.uk`, `ne.jp`,
 * `com.br` and the like. Empty for an IP address: which of them answered says nothing of the organisation.
 */
export function remoteOrganisation(host: string): string {
  const name = host.toLowerCase().replace(/^\[(?:ipv6:)?|[\].]$/g, "");
  if (isAddress(name)) return "";
  const labels = name.split(".");
  const [second = "", top = ""] = labels.slice(-2);
  return labels.slice(top.length === 2 && SHARED_LABELS.has(second) ? -3 : -2).join(".");
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
