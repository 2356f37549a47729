/**
 * VERP: the report came to an address that we made for one message or recipient.
 *
 * With an HMAC in the pattern that is a proof like BATV. Without one it is a likeness: soft, and nothing at all when the
 * recipient in the address is not the one that the report is about. The Return-Path of the returned message is looked
 * at too; a signed one there counts softly, because it can be copied, and an unsigned one not at all.
 */
import { type Address, formatAddress } from "@triage/message";
import type { Report } from "@triage/reports";
import { type Evidence, evidence, softEvidence } from "../evidence.ts";
import { type PatternedToken, type PatternedTokenProfile, verifyPatternedToken } from "../tokens/patterned-token.ts";
import type { CheckInput } from "./check.ts";

const CHECK = "verp";

const NOT_CONFIGURED = evidence(CHECK, "skip", "No VERP pattern is configured.");

type Match = Exclude<PatternedToken, { readonly kind: "no-match" }>;

export function checkVerp({ report, envelope, site, ports }: CheckInput): Evidence {
  const profiles = site.profile.verp;
  if (profiles === undefined || profiles.length === 0) return NOT_CONFIGURED;
  let worst: Evidence | undefined;
  for (const path of envelope.forwardPaths) {
    for (const profile of profiles) {
      const match = matchOf(path, profile, ports.now);
      if (match === undefined) continue;
      const found = judge(match, profile, report);
      if (found.outcome === "pass") return found;
      if (worst === undefined || worst.outcome === "neutral") worst = found;
    }
  }
  return (
    judgeReturned(report, profiles, ports.now) ??
    worst ??
    evidence(CHECK, "neutral", "The forward-path fits none of our VERP patterns.")
  );
}

function matchOf(path: Address, profile: PatternedTokenProfile, now: Date): Match | undefined {
  // Most mail is for another domain than the bounce address's: that much is known without matching anything.
  if (path.domain !== profile.pattern.domain) return undefined;
  const match = verifyPatternedToken(`${path.localPart}@${path.domain}`, profile, now);
  return match.kind === "no-match" ? undefined : match;
}

function judge(match: Match, profile: PatternedTokenProfile, report: Report): Evidence {
  const name = `The forward-path fits our VERP pattern ${profile.pattern.source}`;
  switch (match.kind) {
    case "wrong-hash":
      return evidence(CHECK, "fail", `${name}, but its HMAC is not of any of our secrets.`);
    case "alike": {
      const agreement = compareRecipients(match.recipient, report);
      const detail = `${name}, which has no HMAC${agreement.text}.`;
      return agreement.kind === "other" ? evidence(CHECK, "neutral", detail) : softEvidence(CHECK, "pass", detail);
    }
    case "signed": {
      const age = match.ageDays === undefined ? "" : `, ${match.ageDays} ${match.ageDays === 1 ? "day" : "days"} old`;
      if (!match.isCurrent) {
        return softEvidence(CHECK, "fail", `${name} and was once ours${age}; the limit is ${profile.maxAgeDays}.`);
      }
      const secret = `signed with our secret ${match.secretNumber} of ${profile.secrets.length}`;
      return evidence(CHECK, "pass", `${name}, ${secret}${age}${compareRecipients(match.recipient, report).text}.`);
    }
    default:
      return match satisfies never;
  }
}

function judgeReturned(report: Report, profiles: readonly PatternedTokenProfile[], now: Date): Evidence | undefined {
  const path = report.returned.reversePath;
  if (path?.kind !== "address") return undefined;
  for (const profile of profiles) {
    const match = matchOf(path, profile, now);
    if (match?.kind !== "signed" || !match.isCurrent) continue;
    return softEvidence(
      CHECK,
      "pass",
      `The Return-Path of the returned message fits our VERP pattern ${profile.pattern.source} and is signed with our secret ${match.secretNumber} of ${profile.secrets.length}, but the report came to another address.`,
    );
  }
  return undefined;
}

/** Does the recipient that we sent to stand in the report? Its text ends the sentence. */
function compareRecipients(
  sentTo: string | undefined,
  report: Report,
): { kind: "same" | "other" | "unknown"; text: string } {
  if (sentTo === undefined) return { kind: "unknown", text: "" };
  const named = recipientsIn(report).map((recipient) => formatAddress(recipient).toLowerCase());
  if (named.length === 0) return { kind: "unknown", text: `; it was made for ${sentTo}` };
  if (named.includes(sentTo)) return { kind: "same", text: `; it was made for ${sentTo}, whom the report names` };
  return {
    kind: "other",
    text: `; it was made for ${sentTo}, but the report is about ${named[0]} (forwarded, or forged)`,
  };
}

/** Original-Recipient is what our MTA asked for (RFC 3461 section 4.2, ORCPT); the final one may lie behind a forward. */
function recipientsIn(report: Report): readonly Address[] {
  if (report.kind === "feedback") return report.originalRecipients;
  if (report.kind === "mdn") return report.finalRecipient === undefined ? [] : [report.finalRecipient];
  if (report.kind !== "dsn") return [];
  return report.recipients.flatMap(({ originalRecipient, address }) =>
    [originalRecipient, address].filter((item) => item !== undefined),
  );
}
