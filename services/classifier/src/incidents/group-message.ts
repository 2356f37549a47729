/**
 * Whether a message belongs to an incident of failures, and to which.
 *
 * Only failures and delays of our own mail that a human is to see: letters, complaints and whatever is undecided are told one by
 * one, and so is what the site has singled out by an override. Messages that came to other domains may concern other
 * humans, so that each has its own incident. Pure.
 */
import type { Classification, FailureFacts } from "@triage/contracts";
import { remoteOrganisation } from "@triage/routing";
import type { FailureGroup } from "@triage/store";
import { linksIn } from "./links-in.ts";

/** Rows of the policy table that the site's overrides stand for (@triage/scoring). */
const OVERRIDE_RULE = "override:";

/** @param forwardPathDomains  Of the envelope, lower case. */
export function groupMessage(
  classification: Classification,
  forwardPathDomains: readonly string[],
  addressesShown: number,
): FailureGroup | undefined {
  const { verdict, route, rule, fingerprint, report, advice } = classification;
  if (verdict !== "genuine-dsn" || route !== "human" || fingerprint === undefined) return undefined;
  if (report.kind !== "dsn" || rule.startsWith(OVERRIDE_RULE)) return undefined;
  const failing = report.recipients?.filter(({ action }) => action === "failed" || action === "delayed") ?? [];
  const first = failing.find(({ action }) => action === "failed") ?? failing[0];
  if (first === undefined) return undefined;
  const domains = [...new Set(forwardPathDomains)].sort();
  const { reason, diagnostic, remoteMta, address } = first;
  const remote = remoteOrganisation(remoteMta ?? "") || remoteOrganisation(address.slice(address.lastIndexOf("@") + 1));
  return {
    kind: "failure",
    scope: [fingerprint, ...domains].join(" "),
    severity: first.action === "failed" ? "failed" : "delayed",
    addressesShown,
    cause: {
      fingerprint,
      reason,
      ...(remote !== "" && { remote }),
      ...(diagnostic !== undefined && { words: diagnostic }),
      links: failing.flatMap((recipient) => linksIn(recipient.diagnostic ?? "")).slice(0, MAX_LINKS),
      ...(advice !== undefined && { advice }),
      forwardPathDomains: domains,
    } satisfies Partial<FailureFacts>,
  };
}

/** LIMIT: links of an incident. */
const MAX_LINKS = 3;
