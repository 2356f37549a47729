/**
 * Sender domain: is the returned message's header From or reverse-path of one of our domains?
 *
 * Being ours proves nothing (that is what backscatter forges). Not being ours while the report came to us is odd, but
 * lists that we run, forwarding (SRS) and mail sent for others look the same: at most a soft `fail`.
 */
import type { Report } from "@triage/reports";
import { type Evidence, evidence, softEvidence } from "../evidence.ts";
import { returnedTrace } from "../path/returned-trace.ts";
import type { CompiledSite } from "../site/compile-site.ts";
import { parseSrs } from "../tokens/srs-address.ts";
import type { CheckInput } from "./check.ts";

const CHECK = "returned-sender-domain";
const NOT_CONFIGURED = evidence(CHECK, "skip", "No domains are configured.");

export function checkReturnedSenderDomain({ report, envelope, site }: CheckInput): Evidence {
  if (site.domains.isEmpty) return NOT_CONFIGURED;
  const senders = senderDomains(report);
  if (senders.length === 0)
    return evidence(CHECK, "neutral", "The report does not tell who sent the returned message.");
  const ours = senders.find((domain) => site.domains.has(domain));
  if (ours !== undefined) {
    return evidence(
      CHECK,
      "neutral",
      `The returned message names a sender of ours (${ours}), which anybody can write.`,
    );
  }
  const foreign = `The returned message names no sender of ours, but ${[...new Set(senders)].join(" and ")}`;
  if (envelope.forwardPaths.some((path) => parseSrs(path.localPart) !== undefined)) {
    return evidence(CHECK, "neutral", `${foreign}; the report came to an SRS address, so that is forwarded mail.`);
  }
  if (report.returned.headers?.has("list-id") === true) {
    return evidence(CHECK, "neutral", `${foreign}; it is list mail, which keeps its author's address.`);
  }
  if (passedUs(report, site)) {
    return evidence(
      CHECK,
      "neutral",
      `${foreign}; but it passed our relay, as mail does that we forward or distribute.`,
    );
  }
  return softEvidence(CHECK, "fail", `${foreign}; mail of ours would name us.`);
}

/** Who forwards mail, or keeps a list, hands on what others have written: there a foreign sender is nothing odd. */
function passedUs({ returned: { headers } }: Report, site: CompiledSite): boolean {
  if (headers === undefined || site.relays.isEmpty) return false;
  const { kind } = returnedTrace(headers, site);
  return kind === "our-line" || kind === "handed-over";
}

function senderDomains(report: Report): string[] {
  const { from, reversePath } = report.returned;
  const domains: string[] = [];
  if (from !== undefined && from.domain !== "") domains.push(from.domain);
  if (reversePath?.kind === "address" && reversePath.domain !== "") domains.push(reversePath.domain);
  if (report.kind === "feedback" && report.originalMailFrom !== undefined) {
    const domain = report.originalMailFrom.slice(report.originalMailFrom.lastIndexOf("@") + 1);
    const name = domain.replace(/[>\s].*$/s, "").toLowerCase();
    if (name !== "") domains.push(name);
  }
  return domains;
}
