/**
 * SRS: the report came to an address that our forwarder made, so we did forward the returned message.
 *
 * It is genuine in the sense of this service (we handed that message on), but the person to tell is the original
 * sender, whom the address names. As with BATV, the Return-Path of the returned message is looked at too, and counts
 * softly: anybody who got the message can copy that line.
 */
import type { Address } from "@triage/message";
import { type Evidence, evidence, softEvidence } from "../evidence.ts";
import type { CompiledSite } from "../site/compile-site.ts";
import type { SrsProfile } from "../site-profile.ts";
import {
  parseSrs,
  type Srs0Address,
  type Srs1Address,
  srsAgeDays,
  srsOriginalSender,
  verifySrs,
} from "../tokens/srs-address.ts";
import type { CheckInput } from "./check.ts";

const CHECK = "srs";
const NOT_CONFIGURED = evidence(CHECK, "skip", "No SRS secret is configured.");

export function checkSrs({ report, envelope, site, ports }: CheckInput): Evidence {
  const srs = site.profile.srs;
  if (srs === undefined) return NOT_CONFIGURED;
  let worst: Evidence | undefined;
  for (const path of envelope.forwardPaths) {
    const found = judgePath(path, "forward-path", srs, site, ports.now);
    if (found?.outcome === "pass") return found;
    worst ??= found;
  }
  const returned = report.returned.reversePath;
  if (returned?.kind === "address") {
    const found = judgePath(returned, "Return-Path of the returned message", srs, site, ports.now);
    if (found?.outcome === "pass") return softEvidence(CHECK, "pass", found.detail);
  }
  return worst ?? evidence(CHECK, "neutral", "The forward-path is not an SRS address, so this is not forwarded mail.");
}

function judgePath(path: Address, where: string, srs: SrsProfile, site: CompiledSite, now: Date): Evidence | undefined {
  const address = parseSrs(path.localPart);
  if (address === undefined) return undefined;
  if (path.domain !== srs.domain && !site.domains.has(path.domain)) {
    return evidence(CHECK, "neutral", `The SRS address in the ${where} is of ${path.domain}, not of our forwarder.`);
  }
  if (address.kind !== "malformed") return judge(address, where, srs, now);
  return softEvidence(CHECK, "fail", `The ${where} begins like an SRS address, but is not one.`);
}

function judge(address: Srs0Address | Srs1Address, where: string, srs: SrsProfile, now: Date): Evidence {
  const name = `The ${address.kind.toUpperCase()} address in the ${where}`;
  const proof = verifySrs(address, srs.secrets);
  if (proof === undefined) {
    return evidence(CHECK, "fail", `${name} has a hash that does not fit any of our secrets.`);
  }
  const sender = srsOriginalSender(address) ?? "an unreadable address";
  const ageDays = srsAgeDays(address, now);
  const isOld = ageDays === undefined || ageDays > srs.maxAgeDays;
  const age = ageDays === undefined ? "undated" : `${ageDays} ${ageDays === 1 ? "day" : "days"} old`;
  const secret = srs.secrets.length > 1 ? `, secret ${proof.secretNumber} of ${srs.secrets.length}` : "";
  if (address.kind === "srs1") {
    const detail = `${name} is ours (${age}${secret}): we forwarded mail of ${sender}, which ${address.firstHost} had forwarded to us.`;
    // The stamp is the first forwarder's, who may count otherwise: too old a one is doubt, not proof of misuse.
    return isOld ? softEvidence(CHECK, "pass", detail) : evidence(CHECK, "pass", detail);
  }
  if (isOld) {
    const limit = `the limit is ${srs.maxAgeDays}`;
    return softEvidence(CHECK, "fail", `${name} was once ours (mail of ${sender}), but is ${age}; ${limit}.`);
  }
  if (proof.form === "guarded") {
    return evidence(CHECK, "pass", `${name} is ours (${age}${secret}): we forwarded mail of ${sender}.`);
  }
  const doubt = "its hash of 16 bits, as Exim writes it, does not cover the date";
  return softEvidence(CHECK, "pass", `${name} is ours (${age}${secret}): we forwarded mail of ${sender}; ${doubt}.`);
}
