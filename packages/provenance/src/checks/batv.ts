/**
 * BATV: the token that our MTA put into the reverse-path comes back in the forward-path of the report.
 *
 * The strongest proof there is: a spammer who forges the address cannot make the token. Its absence says little,
 * because many systems answer the header From (QUIRK(exchange)), which is never signed.
 */
import type { Address } from "@triage/message";
import type { Report } from "@triage/reports";
import { type Evidence, evidence, softEvidence } from "../evidence.ts";
import type { CompiledSite } from "../site/compile-site.ts";
import type { BatvProfile } from "../site-profile.ts";
import { BATV_VALID_DAYS, type BatvToken, batvDaysLeft, parseBatvToken, verifyBatv } from "../tokens/batv-token.ts";
import type { CheckInput } from "./check.ts";

export function checkBatv({ report, envelope, site, ports }: CheckInput): Evidence {
  const batv = site.profile.batv;
  if (batv === undefined) return evidence("batv", "skip", "No BATV keys are configured.");
  if (envelope.forwardPaths.length === 0) {
    return evidence("batv", "skip", "The forward-path of the report is unknown, so no BATV token could be looked for.");
  }
  let worst: Evidence | undefined;
  for (const path of envelope.forwardPaths) {
    const token = parseBatvToken(path.localPart);
    if (token === undefined) continue;
    if (token.kind === "unreadable") {
      worst ??= evidence(
        "batv",
        "neutral",
        `The forward-path carries a ${token.scheme} tag of a form that is not the BATV draft's; it cannot be checked.`,
      );
      continue;
    }
    const found = judgeToken(token, path.domain, batv, ports.now);
    if (found.outcome === "pass") return found;
    worst = found;
  }
  return worst ?? judgeBareAddress(envelope.forwardPaths, batv, report, site);
}

function judgeToken(token: BatvToken, domain: string, batv: BatvProfile, now: Date): Evidence {
  const secret = batv.keys.get(token.keyNumber);
  if (secret === undefined) {
    return softEvidence(
      "batv",
      "fail",
      `The forward-path carries a BATV token with key number ${token.keyNumber}, which is not configured: forged, or signed with a key that was since removed.`,
    );
  }
  if (!verifyBatv(token, domain, secret)) {
    return evidence(
      "batv",
      "fail",
      `The BATV token in the forward-path is not signed with our key ${token.keyNumber}.`,
    );
  }
  const daysLeft = batvDaysLeft(token, now);
  if (daysLeft >= 0 && daysLeft <= BATV_VALID_DAYS) {
    return evidence(
      "batv",
      "pass",
      `The BATV token in the forward-path is signed with our key ${token.keyNumber} and valid for ${daysLeft} more ${daysLeft === 1 ? "day" : "days"}.`,
    );
  }
  const when = daysLeft < 0 ? `expired ${-daysLeft} ${daysLeft === -1 ? "day" : "days"} ago` : "is dated in the future";
  return softEvidence(
    "batv",
    "fail",
    `The BATV token in the forward-path was once ours (key ${token.keyNumber}), but ${when}; tokens live ${BATV_VALID_DAYS} days.`,
  );
}

/** Only a DSN must go to the reverse-path (RFC 5321 section 6.1); replies, MDNs and virus notices rightly go elsewhere. */
function judgeBareAddress(paths: readonly Address[], batv: BatvProfile, report: Report, site: CompiledSite): Evidence {
  const ours = paths.find((path) => site.domains.has(path.domain));
  if (!batv.signsAllMail || report.kind !== "dsn" || ours === undefined) {
    return evidence("batv", "neutral", "The forward-path carries no BATV token, which proves nothing here.");
  }
  const reporter = report.reportingMta?.toLowerCase();
  if (reporter !== undefined && site.relays.hasName(reporter)) {
    return evidence(
      "batv",
      "neutral",
      `The forward-path carries no BATV token, but the report is from our own relay ${reporter}.`,
    );
  }
  return softEvidence(
    "batv",
    "fail",
    "All our mail is BATV-signed, but this report came to the bare address; only systems that answer the header From do that to our mail.",
  );
}
