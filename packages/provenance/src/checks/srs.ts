/**
 * SRS: the report came to an address that our forwarder made, so we did forward the returned message.
 *
 * It is genuine in the sense of this service (we handed that message on), but the person to tell is the original
 * sender, whom the address names.
 */
import { type Evidence, evidence, softEvidence } from "../evidence.ts";
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

export function checkSrs({ envelope, site, ports }: CheckInput): Evidence {
  const srs = site.profile.srs;
  if (srs === undefined) return evidence("srs", "skip", "No SRS secret is configured.");
  let worst: Evidence | undefined;
  for (const path of envelope.forwardPaths) {
    const address = parseSrs(path.localPart);
    if (address === undefined) continue;
    const isOurs = path.domain === srs.domain || site.domains.has(path.domain);
    const found = isOurs
      ? judge(address, srs, ports.now)
      : evidence("srs", "neutral", `The SRS address in the forward-path is of ${path.domain}, not of our forwarder.`);
    if (found.outcome === "pass") return found;
    worst ??= found;
  }
  return worst ?? evidence("srs", "neutral", "The forward-path is not an SRS address, so this is not forwarded mail.");
}

function judge(
  address: Srs0Address | Srs1Address | { readonly kind: "malformed" },
  srs: SrsProfile,
  now: Date,
): Evidence {
  if (address.kind === "malformed") {
    return softEvidence("srs", "fail", "The forward-path begins like an SRS address, but is not one.");
  }
  const scheme = address.kind.toUpperCase();
  if (!verifySrs(address, srs.secrets)) {
    return evidence(
      "srs",
      "fail",
      `The hash of the ${scheme} address in the forward-path does not fit any of our secrets.`,
    );
  }
  const sender = srsOriginalSender(address) ?? "an unreadable address";
  if (address.kind === "srs1") {
    return evidence(
      "srs",
      "pass",
      `The SRS1 address in the forward-path is ours: we forwarded mail of ${sender}, which ${address.firstHost} had forwarded to us.`,
    );
  }
  const ageDays = srsAgeDays(address, now);
  if (ageDays === undefined || ageDays > srs.maxAgeDays) {
    return softEvidence(
      "srs",
      "fail",
      `The SRS0 address in the forward-path was once ours (mail of ${sender}), but is ${ageDays === undefined ? "undated" : `${ageDays} days old`}; the limit is ${srs.maxAgeDays}.`,
    );
  }
  return evidence("srs", "pass", `The SRS0 address in the forward-path is ours: we forwarded mail of ${sender}.`);
}
