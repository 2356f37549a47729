/**
 * Received path: did the returned message pass a relay of ours, at the place where that can be believed?
 *
 * What a foreign MTA saw (the client's address) outweighs what a line says of itself; below the first outside client
 * all is hearsay, so our name there makes the check `neutral`, never `pass`. The header as a whole can be made up, so
 * the weight is limited.
 */
import type { Report } from "@triage/reports";
import { type Evidence, evidence, softEvidence } from "../evidence.ts";
import { isSameSite } from "../path/host-name.ts";
import type { ReceivedHop } from "../path/received-hop.ts";
import { reporterOf } from "../path/reporter.ts";
import { returnedPath } from "../path/returned-path.ts";
import { returnedTrace } from "../path/returned-trace.ts";
import type { PathFinding } from "../path/trace-path.ts";
import type { CompiledSite } from "../site/compile-site.ts";
import type { RelaySet } from "../site/relay-set.ts";
import type { CheckInput } from "./check.ts";

const NOT_CONFIGURED = found("skip", "No relays are configured.");

export function checkReceivedPath({ report, site }: CheckInput): Evidence {
  if (site.relays.isEmpty) return NOT_CONFIGURED;
  const headers = report.returned.headers;
  if (headers === undefined) return found("skip", "No header of a returned message, so no Received path to follow.");
  const hops = returnedPath(headers);
  if (hops.length === 0) return found("neutral", "The returned header has no Received field.");
  return judge(returnedTrace(headers, site), hops, report, site);
}

function found(outcome: Evidence["outcome"], detail: string): Evidence {
  return evidence("received-path", outcome, detail);
}

function judge(finding: PathFinding, hops: readonly ReceivedHop[], report: Report, site: CompiledSite): Evidence {
  const lines = hops.length;
  switch (finding.kind) {
    case "our-line":
      return judgeOurLine(finding, report, site);
    case "handed-over": {
      const detail = `${hostOf(finding.hop)} got the returned message from ${clientOf(finding.hop)}, ${SEEN_AS[finding.by]} (Received line ${finding.line} of ${lines}).`;
      return finding.firm ? found("pass", detail) : softEvidence("received-path", "pass", detail);
    }
    case "unlisted-host":
      return found(
        "neutral",
        `The latest Received line of the returned message is of ${hostOf(finding.hop)}, a host of our domain that is not among the relays.`,
      );
    case "foreign-client":
      return judgeForeignClient(finding, site.relays);
    case "foreign-origin":
      return finding.claimsUs
        ? found(
            "neutral",
            `The returned Received chain names a host of ours only below ${hostOf(finding.hop)}, where anybody could have written it.`,
          )
        : found(
            "fail",
            `The returned Received chain leads to ${hostOf(finding.hop)}; none of its ${lines} ${lines === 1 ? "line" : "lines"} names a relay of ours.`,
          );
    case "out-of-order":
      return found(
        "neutral",
        `The returned Received chain names a host of ours, but the line of ${hostOf(finding.hop)} is later than one above it: the chain is made up, or a clock is wrong.`,
      );
    case "nothing":
      return judgeNameless(hops, report, site);
    default:
      return finding satisfies never;
  }
}

/**
 * A host that accepts a message and bounces it later has written its own line on top (RFC 5321 section 4.4). Where a
 * foreign host reports and ours is the top line all the same, the line may have come with the forged message.
 */
function judgeOurLine(
  { hop, firm }: Extract<PathFinding, { kind: "our-line" }>,
  report: Report,
  site: CompiledSite,
): Evidence {
  const { relays } = site;
  if (!firm) {
    const by = reporterOf(report, site);
    if (by.kind === "foreign" && !isSameSite(by.name, hop.by)) {
      return found(
        "neutral",
        `The returned Received chain names our relay ${hostOf(hop)} only below lines that could be anybody's, and ${by.name} reports.`,
      );
    }
    return softEvidence(
      "received-path",
      "pass",
      `The returned message passed our relay ${hostOf(hop)}, but the lines above that one do not prove it.`,
    );
  }
  const detail = `The latest Received line of the returned message was written by our relay ${hostOf(hop)}`;
  const reporter = report.kind === "dsn" ? report.reportingMta?.toLowerCase() : undefined;
  const isOwnReport =
    report.kind === "dsn" && (reporter === undefined || relays.hasName(reporter) || isSameSite(reporter, hop.by));
  if (isOwnReport) return found("pass", `${detail}.`);
  return softEvidence(
    "received-path",
    "pass",
    `${detail}; ${reporter ?? "the sender of this report"} added none of its own.`,
  );
}

/**
 * A host that accepts a message and bounces it later has written the topmost line, named or not: where one of the lines says
 * that the message was made there, it was made at whoever reports.
 */
function judgeNameless(hops: readonly ReceivedHop[], report: Report, site: CompiledSite): Evidence {
  const reporter = reporterOf(report, site);
  if (reporter.kind !== "foreign" || !hops.some((hop) => hop.isOrigin)) {
    return found("neutral", "The Received fields of the returned header name no host that could be judged.");
  }
  return softEvidence(
    "received-path",
    "fail",
    `The returned message was made on a host that its Received fields do not name; ${reporter.name}, which is not ours, reports.`,
  );
}

const SEEN_AS = {
  address: "an address of our relays",
  name: "a relay of ours",
  domain: "a host of our domain, though not among the relays",
} as const;

function judgeForeignClient(finding: Extract<PathFinding, { kind: "foreign-client" }>, relays: RelaySet): Evidence {
  const { hop, line } = finding;
  const seen = `${hostOf(hop)} got the returned message from ${clientOf(hop)}, which is not a relay of ours (Received line ${line})`;
  if (finding.claimsUs) {
    return found("neutral", `${seen}; the chain names a host of ours only where the sender could have written it.`);
  }
  // With host names alone configured, a client that was not looked up might still be ours.
  const couldBeOurs = hop.clientIp !== undefined && hop.clientName === undefined && !relays.listsAddresses;
  return couldBeOurs ? softEvidence("received-path", "fail", `${seen}.`) : found("fail", `${seen}.`);
}

function hostOf(hop: ReceivedHop): string {
  return hop.by ?? hop.byIp ?? "a host without a name";
}

function clientOf(hop: ReceivedHop): string {
  const name = hop.clientName ?? hop.helo;
  if (name === undefined) return hop.clientIp ?? "an unnamed host";
  return hop.clientIp === undefined ? name : `${name} (${hop.clientIp})`;
}
