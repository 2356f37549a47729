/**
 * Same cause, same fingerprint: the reason, the remote's words without what changes from message to message, and the
 * remote organisation. Versioned, so that a better normalisation does not merge its incidents with the old ones. Pure.
 */
import { createHash } from "node:crypto";
import type { DsnRecipient, Report } from "@triage/reports";

/** LIMIT: the words that name a cause stand at the beginning; what follows is mostly links and ids. */
const MAX_DIAGNOSTIC_CHARS = 240;

const HEX_DIGITS = 16;

/** An id, address, path, code or number: anything that may differ between two messages with the same cause. */
const VARIABLE_WORD = /[0-9@/=_[\]<>]/;

const EDGE_PUNCTUATION = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu;

/** "550 5.7.1 [192.0.2.1] blocked, see https://a.example/?q=1" -> "blocked see": words alone, lower case. */
export function normaliseDiagnostic(diagnostic: string): string {
  return diagnostic
    .slice(0, MAX_DIAGNOSTIC_CHARS)
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => !VARIABLE_WORD.test(word))
    .map((word) => word.replace(EDGE_PUNCTUATION, ""))
    .filter((word) => word !== "")
    .join(" ");
}

/**
 * The registrable part of a host name, near enough for grouping: the last two labels, or three where the second looks
 * like a public suffix of a country (`co.uk`, `ne.jp`, `com.br`).
 */
export function remoteOrganisation(host: string): string {
  const labels = host.toLowerCase().replace(/\.$/, "").split(".");
  const [second = "", top = ""] = labels.slice(-2);
  const countrySuffix = top.length === 2 && second.length <= 3 && labels.length > 2;
  return labels.slice(countrySuffix ? -3 : -2).join(".");
}

function foremost(recipients: readonly DsnRecipient[]): DsnRecipient | undefined {
  return recipients.find(({ action }) => action === "failed") ?? recipients.find(({ action }) => action === "delayed");
}

/** @returns `v1:` and 16 hex digits; undefined for what reports no failure and no delay. */
export function fingerprintIncident(report: Report): string | undefined {
  if (report.kind !== "dsn") return undefined;
  const recipient = foremost(report.recipients);
  if (recipient === undefined) return undefined;
  const organisation = remoteOrganisation(recipient.remoteMta ?? recipient.address?.domain ?? "");
  const cause = [recipient.reason, normaliseDiagnostic(recipient.diagnostic ?? ""), organisation].join("\n");
  return `v1:${createHash("sha256").update(cause).digest("hex").slice(0, HEX_DIGITS)}`;
}
