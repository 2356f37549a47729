/**
 * BATV: the token that our MTA put into the reverse-path comes back in the forward-path of the report.
 *
 * The strongest proof there is: a spammer who forges the address cannot make the token. Its absence says little,
 * because many systems answer the header From (QUIRK(exchange)), which is never signed. For those, and where the
 * envelope is unknown, the Return-Path of the returned message is looked at too: a valid token there proves that we
 * signed that reverse-path. It counts softly, since whoever has seen one of our messages can copy the line into his
 * own; a bad one says nothing, since anybody can write the field.
 */
import type { Address } from "@triage/message";
import type { Report } from "@triage/reports";
import { type Evidence, evidence, softEvidence } from "../evidence.ts";
import type { CompiledSite } from "../site/compile-site.ts";
import type { BatvProfile } from "../site-profile.ts";
import { BATV_VALID_DAYS, type BatvToken, batvDaysLeft, parseBatvToken, verifyBatv } from "../tokens/batv-token.ts";
import { fitsTokenPattern } from "../tokens/patterned-token.ts";
import { parseSrs } from "../tokens/srs-address.ts";
import type { CheckInput } from "./check.ts";

const CHECK = "batv";
const NOT_CONFIGURED = evidence(CHECK, "skip", "No BATV keys are configured.");

/** What one token is worth, and the end of the sentence that begins with where it stands. */
interface Finding {
  readonly outcome: "pass" | "fail" | "neutral";
  readonly isSoft: boolean;
  readonly text: string;
}

export function checkBatv({ report, envelope, site, ports }: CheckInput): Evidence {
  const batv = site.profile.batv;
  if (batv === undefined) return NOT_CONFIGURED;
  let worst: Finding | undefined;
  for (const path of envelope.forwardPaths) {
    const found = judgePath(path, batv, report, ports.now);
    if (found?.outcome === "pass") return told("The forward-path", found);
    if (found !== undefined && (worst === undefined || worst.outcome === "neutral")) worst = found;
  }
  const returned = report.returned.reversePath;
  const behind = returned?.kind === "address" ? judgePath(returned, batv, report, ports.now) : undefined;
  if (behind?.outcome === "pass") return told("The Return-Path of the returned message", { ...behind, isSoft: true });
  if (worst !== undefined) return told("The forward-path", worst);
  if (envelope.forwardPaths.length === 0) {
    return evidence(CHECK, "skip", "The forward-path of the report is unknown, so no BATV token could be looked for.");
  }
  return judgeBareAddress(envelope.forwardPaths, batv, report, site);
}

function told(where: string, { outcome, isSoft, text }: Finding): Evidence {
  const detail = `${where} carries ${text}.`;
  return isSoft && outcome !== "neutral" ? softEvidence(CHECK, outcome, detail) : evidence(CHECK, outcome, detail);
}

function judgePath(path: Address, batv: BatvProfile, report: Report, now: Date): Finding | undefined {
  const token = parseBatvToken(path.localPart);
  if (token === undefined) return undefined;
  if (token.kind === "token") return judgeToken(token, path.domain, batv, report, now);
  const text = `a ${token.scheme} tag of a form that is not the BATV draft's; it cannot be checked`;
  return { outcome: "neutral", isSoft: false, text };
}

function judgeToken(token: BatvToken, domain: string, batv: BatvProfile, report: Report, now: Date): Finding {
  const key = token.keyNumber;
  const secret = batv.keys.get(key);
  if (secret === undefined) {
    const why = "which is not configured: forged, or signed with a key that was since removed";
    return { outcome: "fail", isSoft: true, text: `a BATV token with key number ${key}, ${why}` };
  }
  const reading = verifyBatv(token, domain, secret, spellingsIn(report));
  if (reading === undefined) {
    const hint = token.localPart === token.localPart.toLowerCase() ? ", or its capitals were lost on the way" : "";
    return { outcome: "fail", isSoft: false, text: `a BATV token that is not signed with our key ${key}${hint}` };
  }
  const restored = reading === "restored" ? ", with the capitals that the returned header shows" : "";
  const left = batvDaysLeft(token, now);
  const validDays = batv.validDays ?? BATV_VALID_DAYS;
  if (left >= 0 && left <= validDays) {
    const text = `a BATV token signed with our key ${key}${restored}, ${days(validDays - left)} old and valid for ${left} more`;
    return { outcome: "pass", isSoft: false, text };
  }
  const when = left < 0 ? `expired ${days(-left)} ago` : "is dated in the future";
  const text = `a BATV token that was once ours (key ${key}), but ${when}; tokens live ${days(validDays)}`;
  return { outcome: "fail", isSoft: true, text };
}

/** Local parts of ours as the returned header spells them: where an MTA folded the forward-path, it left those alone. */
function spellingsIn({ returned }: Report): readonly string[] {
  const spellings = returned.from === undefined ? [] : [returned.from.localPart];
  if (returned.reversePath?.kind !== "address") return spellings;
  const token = parseBatvToken(returned.reversePath.localPart);
  return [...spellings, token?.kind === "token" ? token.localPart : returned.reversePath.localPart];
}

/** Addresses of SRS and VERP are never BATV-signed, whatever else is: they are no sign of forgery. */
function isOtherToken(path: Address, { profile }: CompiledSite): boolean {
  if (profile.srs !== undefined && parseSrs(path.localPart) !== undefined) return true;
  const text = `${path.localPart}@${path.domain}`;
  return profile.verp?.some(({ pattern }) => fitsTokenPattern(text, pattern)) === true;
}

/** Only a DSN must go to the reverse-path (RFC 5321 section 6.1); replies, MDNs and virus notices rightly go elsewhere. */
function judgeBareAddress(paths: readonly Address[], batv: BatvProfile, report: Report, site: CompiledSite): Evidence {
  const isExpected = batv.signsAllMail && report.kind === "dsn";
  if (!isExpected || !paths.some((path) => site.domains.has(path.domain) && !isOtherToken(path, site))) {
    return evidence(CHECK, "neutral", "The forward-path carries no BATV token, which proves nothing here.");
  }
  const reporter = report.reportingMta?.toLowerCase();
  if (reporter !== undefined && site.relays.hasName(reporter)) {
    return evidence(
      CHECK,
      "neutral",
      `The forward-path carries no BATV token, but the report is from our own relay ${reporter}.`,
    );
  }
  return softEvidence(
    CHECK,
    "fail",
    "All our mail is BATV-signed, but this report came to the bare address; only systems that answer the header From do that to our mail.",
  );
}

function days(count: number): string {
  return count === 1 ? "1 day" : `${count} days`;
}
