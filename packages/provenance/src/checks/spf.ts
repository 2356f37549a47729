/**
 * SPF of our domain for the host that handed the returned message over (RFC 7208): may that host send in our name?
 *
 * The host that bounced the message wrote down from which address it got it; our own DNS says who sends for us. An
 * address that our record denies, with nothing of ours below it, is what backscatter looks like; one that it permits is a
 * service that sends for us though it is not among the relays. Forwarders keep the reverse-path and are never permitted: so
 * a chain that names us, or an address that SPF permits, further down makes a denial `neutral`. Off unless `site.spf.dns`.
 */
import type { Address, Envelope } from "@triage/message";
import type { Report } from "@triage/reports";
import { type Evidence, evidence, softEvidence } from "../evidence.ts";
import { type ForeignHop, firstForeignHop } from "../path/first-foreign-hop.ts";
import { isInternalIp } from "../path/ip-address.ts";
import { returnedPath } from "../path/returned-path.ts";
import { returnedTrace } from "../path/returned-trace.ts";
import type { SpfAnswer } from "../ports.ts";
import type { CompiledSite } from "../site/compile-site.ts";
import type { CheckInput } from "./check.ts";

/** LIMIT: addresses further down that are asked for after a denial; a chain can be made up of thousands. */
const MAX_EARLIER_CLIENTS = 4;

const OFF = found("skip", "SPF is not looked up (site.spf.dns).");

export function checkSpf({ report, envelope, site, ports }: CheckInput): Evidence | Promise<Evidence> {
  if (site.profile.spf?.dns !== true) return OFF;
  if (ports.spf === undefined) return found("skip", "SPF cannot be looked up here: there is no DNS.");
  if (report.returned.headers === undefined) {
    return found("skip", "No header of a returned message, so no host that handed it over.");
  }
  const hop = firstForeignHop(report, site);
  if (hop?.ip === undefined) {
    return found("neutral", "The returned Received chain shows no address of a foreign host that SPF could judge.");
  }
  const reversePath = claimedReversePath(report, envelope, site);
  if (reversePath === undefined) {
    return found("neutral", "The reverse-path of the returned message is not known to be of our domains.");
  }
  const { spf } = ports;
  const ask: Ask = (ip, helo) => spf.check({ ip, helo, reversePath });
  return judge(hop, ask(hop.ip, hop.helo), () => lookFurtherDown(report, site, ask));
}

function found(outcome: Evidence["outcome"], detail: string): Evidence {
  return evidence("spf", outcome, detail);
}

/**
 * What the sender claimed in MAIL FROM: the report names it in the returned Return-Path, and comes back to it (RFC 5321 section
 * 6.1), so that its own forward-path tells as much. A token in front of the `@` changes no domain.
 */
function claimedReversePath(report: Report, envelope: Envelope, site: CompiledSite): Address | undefined {
  const { reversePath } = report.returned;
  const candidates = reversePath?.kind === "address" ? [reversePath, ...envelope.forwardPaths] : envelope.forwardPaths;
  return candidates.find((address) => site.domains.has(address.domain));
}

/** What SPF of the reverse-path's domain says of a client. */
type Ask = (ip: string, helo: string | undefined) => Promise<SpfAnswer>;

async function judge(
  hop: ForeignHop,
  asked: Promise<SpfAnswer>,
  furtherDown: () => Promise<EarlierHops>,
): Promise<Evidence> {
  const answer = await asked;
  const client = hop.name === undefined ? hop.ip : `${hop.name} (${hop.ip})`;
  const seen = `${hop.by ?? "A host without a name"} got the returned message from ${client}`;
  const what = `${seen}; SPF of ${answer.domain} says ${answer.result}`;
  switch (answer.result) {
    case "pass": {
      const detail = `${what}: it may send for us.`;
      return hop.firm ? found("pass", detail) : softEvidence("spf", "pass", detail);
    }
    case "fail":
    case "softfail":
      return judgeDenial(what, hop.firm && answer.result === "fail", await furtherDown());
    case "temperror":
      return found("temperror", `${seen}; SPF of ${answer.domain} could not be looked up: ${answer.detail}.`);
    case "neutral":
    case "none":
    case "permerror":
      return found("neutral", `${what}, which decides nothing (${answer.detail}).`);
    default:
      return answer.result satisfies never;
  }
}

/** `-all` says "not ours" outright, `~all` says "probably not" (RFC 7208 sections 8.4 and 8.5). */
function judgeDenial(what: string, isFirm: boolean, earlier: EarlierHops): Evidence {
  if (earlier.kind === "ours") {
    return found("neutral", `${what}, but the chain names ${earlier.whom} further down: it may have been forwarded.`);
  }
  if (earlier.kind === "unknown") {
    return found("temperror", `${what}, but SPF could not be looked up for ${earlier.ip}, further down.`);
  }
  const detail = `${what}: it may not send for us, and no line below names a host that may.`;
  return isFirm ? found("fail", detail) : softEvidence("spf", "fail", detail);
}

type EarlierHops =
  | { readonly kind: "ours"; readonly whom: string }
  | { readonly kind: "unknown"; readonly ip: string }
  | { readonly kind: "nothing" };

/** Who forwards mail of ours has our host as its client, one line below. Anybody can write such a line, so it only excuses. */
async function lookFurtherDown(report: Report, site: CompiledSite, ask: Ask): Promise<EarlierHops> {
  if (report.returned.headers === undefined) return { kind: "nothing" };
  const hops = returnedPath(report.returned.headers);
  const finding = returnedTrace(report.returned.headers, site);
  if (finding.kind !== "foreign-client") return { kind: "nothing" };
  if (finding.claimsUs) return { kind: "ours", whom: "a host of ours" };
  const clients = hops
    .slice(finding.line)
    .flatMap(({ clientIp, helo }) => (clientIp === undefined || isInternalIp(clientIp) ? [] : [{ ip: clientIp, helo }]))
    .slice(0, MAX_EARLIER_CLIENTS);
  const answers = await Promise.all(clients.map(({ ip, helo }) => ask(ip, helo)));
  const clientOf = (result: SpfAnswer["result"]) => clients[answers.findIndex((answer) => answer.result === result)];
  const permitted = clientOf("pass");
  if (permitted !== undefined) return { kind: "ours", whom: `${permitted.ip}, which SPF permits,` };
  const unknown = clientOf("temperror");
  return unknown === undefined ? { kind: "nothing" } : { kind: "unknown", ip: unknown.ip };
}
