/**
 * Reporting MTA: could the host that reports have had the returned message from us?
 *
 * Our own relay reports most of what fails for our mail, because the receiver refuses it in the session. A foreign host
 * reports what it had accepted: mail for its own recipients or, rarely, mail that it was to hand on; more often what a
 * spammer sent through it. Where nothing came back, or the path leads to us, who reports says nothing. Soft both ways.
 */
import type { DsnReport } from "@triage/reports";
import { type Evidence, evidence, softEvidence } from "../evidence.ts";
import { isPublicName, isSameSite } from "../path/host-name.ts";
import { isInternalIp, parseIp } from "../path/ip-address.ts";
import { messageIdDomain } from "../path/message-id.ts";
import { reporterOf } from "../path/reporter.ts";
import { returnedTrace } from "../path/returned-trace.ts";
import type { CompiledSite } from "../site/compile-site.ts";
import type { CheckInput } from "./check.ts";

const CHECK = "reporting-mta";
const NOT_CONFIGURED = evidence(CHECK, "skip", "No relays are configured.");

export function checkReportingMta({ report, envelope, site }: CheckInput): Evidence {
  if (site.relays.isEmpty) return NOT_CONFIGURED;
  if (report.kind !== "dsn") return found("skip", "Only a delivery status notification has a reporting MTA.");
  const reporter = reporterOf(report, site);
  switch (reporter.kind) {
    case "unknown":
      return found("neutral", "The report does not say which host reports.");
    case "ours":
      return judgeOurs(reporter.name, reporter.named, envelope.clientIp, site.relays.hasAddress);
    case "foreign":
      return judgeForeign(report, reporter.name, site);
    default:
      return reporter satisfies never;
  }
}

function found(outcome: Evidence["outcome"], detail: string): Evidence {
  return evidence(CHECK, outcome, detail);
}

function judgeOurs(
  name: string,
  named: boolean,
  clientIp: string | undefined,
  isOurs: (ip: string) => boolean,
): Evidence {
  if (!named) return found("neutral", `${name} reports, which is of our domain, but not a relay.`);
  const ip = clientIp === undefined ? undefined : parseIp(clientIp);
  if (ip === undefined) return softEvidence(CHECK, "pass", `Our own relay ${name} reports, by what the report says.`);
  if (isOurs(ip) || isInternalIp(ip)) {
    return found("pass", `Our own relay ${name} reports, and the report came from ${ip}, an address of our own.`);
  }
  return found("neutral", `The report names our relay ${name}, but it came from ${ip}, which is not ours.`);
}

function judgeForeign(report: DsnReport, reporter: string, site: CompiledSite): Evidence {
  const { headers, messageId } = report.returned;
  if (headers === undefined) return found("neutral", `${reporter} reports, and returned nothing of the message.`);
  // Who wrote the topmost line is who reports: where the chain names him, it has told all that there is to tell.
  if (returnedTrace(headers, site).kind !== "nothing") {
    return found(
      "neutral",
      `${reporter} reports; the Received chain of the returned message says more of its way there.`,
    );
  }
  const domain = messageId === undefined ? undefined : messageIdDomain(messageId);
  if (domain !== undefined && isSameSite(domain, reporter) && !site.messageIdDomains.has(domain)) {
    return found(
      "fail",
      `${reporter} reports, and gave the returned message its Message-ID (${domain}): mail of ours has one when it leaves us.`,
    );
  }
  const from = report.receivedFromMta?.toLowerCase();
  if (from !== undefined && site.relays.hasName(from)) {
    return softEvidence(CHECK, "pass", `${reporter} reports, and says that it got the message from our relay ${from}.`);
  }
  if (isPublicName(from) && !isSameSite(from, reporter)) {
    return found(
      "fail",
      `${reporter} reports, and says that it got the message from ${from}; neither is a relay of ours.`,
    );
  }
  if (report.recipients.some(({ address }) => isSameSite(address?.domain, reporter))) {
    return softEvidence(CHECK, "fail", `${reporter} reports, not a relay of ours; it is the receiver's own host.`);
  }
  const remote = report.recipients.find(({ remoteMta }) => remoteMta !== undefined && !isSameSite(remoteMta, reporter));
  if (remote?.remoteMta !== undefined) {
    return found(
      "fail",
      `${reporter} reports, not a relay of ours; it was to hand the message on to ${remote.remoteMta}.`,
    );
  }
  return softEvidence(CHECK, "fail", `${reporter} reports, which is not a relay of ours.`);
}
