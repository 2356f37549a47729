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
import { tracePath } from "../path/trace-path.ts";
import type { SpfAnswer, SpfPort } from "../ports.ts";
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
  return judge({ ...hop, ip: hop.ip }, reversePath, report, site, ports.spf);
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

async function judge(
  hop: ForeignHop & { readonly ip: string },
  reversePath: Address,
  report: Report,
  site: CompiledSite,
  spf: SpfPort,
): Promise<Evidence> {
  const answer = await ask(spf, hop.ip, hop.helo, reversePath);
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
      return judgeDenial(answer, what, hop, reversePath, report, site, spf);
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
async function judgeDenial(
  answer: SpfAnswer,
  what: string,
  hop: ForeignHop,
  reversePath: Address,
  report: Report,
  site: CompiledSite,
  spf: SpfPort,
): Promise<Evidence> {
  const earlier = await permittedFurtherDown(reversePath, report, site, spf);
  if (earlier !== undefined) {
    return found("neutral", `${what}, but the chain names ${earlier} further down: it may have been forwarded.`);
  }
  const detail = `${what}: it may not send for us, and no line below names a host that may.`;
  const isFirm = answer.result === "fail" && hop.firm;
  return isFirm ? found("fail", detail) : softEvidence("spf", "fail", detail);
}

/** Who forwards mail of ours hands over below its own name what our host handed to it. Anybody can write that, so it only excuses. */
async function permittedFurtherDown(
  reversePath: Address,
  report: Report,
  site: CompiledSite,
  spf: SpfPort,
): Promise<string | undefined> {
  if (report.returned.headers === undefined) return undefined;
  const hops = returnedPath(report.returned.headers);
  const finding = tracePath(hops, site);
  if (finding.kind !== "foreign-client") return undefined;
  if (finding.claimsUs) return "a host of ours";
  const clients = hops
    .slice(finding.line)
    .flatMap(({ clientIp, helo }) => (clientIp === undefined || isInternalIp(clientIp) ? [] : [{ clientIp, helo }]))
    .slice(0, MAX_EARLIER_CLIENTS);
  const answers = await Promise.all(clients.map(({ clientIp, helo }) => ask(spf, clientIp, helo, reversePath)));
  const permitted = answers.findIndex(({ result }) => result === "pass" || result === "temperror");
  return permitted < 0 ? undefined : clients[permitted]?.clientIp;
}

function ask(spf: SpfPort, ip: string, helo: string | undefined, reversePath: Address): Promise<SpfAnswer> {
  return spf.check({ ip, helo, reversePath });
}
