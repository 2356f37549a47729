/**
 * One message through the five stages (docs/flow.md): bytes -> part tree -> report -> evidence -> verdict -> route.
 *
 * Facts, decision and action are apart: what a message claims to be (reports), whether that is true (provenance), how
 * sure we are (scoring), what is done about it (routing). Everything that is not in the bytes comes in with the context.
 */
import { type Classification, describeClassification } from "@triage/contracts";
import { type Envelope, type Message, type ReadLimits, readMessage } from "@triage/message";
import {
  compileSite,
  type Evidence,
  type ProvenancePorts,
  proveProvenance,
  reportingClientIp,
  type SiteProfile,
} from "@triage/provenance";
import { type Report, readReport } from "@triage/reports";
import { type CauseFacts, fingerprintIncident, type PolicyRow, type Route, routeMessage } from "@triage/routing";
import {
  type LearnedModel,
  matchOverride,
  type Override,
  scoreMessage,
  type Thresholds,
  type Verdict,
} from "@triage/scoring";
import { completeEnvelope } from "./complete-envelope.ts";
import { type OwnMailReturn, recogniseOwnMail, routeOwnMail } from "./own-mail.ts";

/** What the five stages need to know besides the message; the same for every message of a site. */
export interface ClassifyContext {
  readonly site: SiteProfile;
  /** Asked once for each message, so that `now` is the time of that message. */
  readonly ports: () => ProvenancePorts;
  readonly limits?: Partial<ReadLimits>;
  readonly thresholds?: Partial<Thresholds>;
  /** Default: DEFAULT_POLICY. */
  readonly policy?: readonly PolicyRow[];
  /** The site's own word on some of its mail; the first that matches decides. */
  readonly overrides?: readonly Override[];
  /** Counts a failure of ours by its cause, and says what is known of the others; default: nothing is. */
  readonly causes?: (fingerprint: string) => Promise<CauseFacts | undefined>;
  /** What was learned from corrections, asked once for each message; default: nothing. */
  readonly learned?: () => LearnedModel | undefined;
}

export interface Classified {
  readonly message: Message;
  /** What was known of it, completed from the header. */
  readonly envelope: Envelope;
  readonly evidence: readonly Evidence[];
  readonly report: Report;
  /** The one that matched. */
  readonly override: Override | undefined;
  readonly verdict: Verdict;
  /** Mail of this service that comes back; it has a route of its own. */
  readonly ownMail: OwnMailReturn | undefined;
  readonly route: Route;
  /** The three as JSON: what is stored, shown and printed. */
  readonly classification: Classification;
}

/**
 * Classifies one message. Whatever is wrong with the bytes is a defect in the report, never an exception; look-ups that
 * fail are evidence with the outcome `temperror`.
 *
 * @param envelope  As far as it is known; what is unknown is taken from the message (see completeEnvelope).
 */
export async function classify(raw: Buffer, envelope: Envelope, context: ClassifyContext): Promise<Classified> {
  const { site, ports, limits, thresholds = {}, overrides, learned } = context;
  const message = readMessage(raw, limits);
  const paths = withClient(completeEnvelope(envelope, message.root.headers), message, site);
  const report = readReport(message, paths);
  const asked = ports();
  const evidence = await proveProvenance(report, paths, site, asked);
  const override = matchOverride(overrides, { message, report, envelope: paths });
  const verdict = scoreMessage({
    message,
    report,
    envelope: paths,
    evidence,
    thresholds,
    override,
    learned: learned?.(),
  });
  const ownMail = asked.ownMail && recogniseOwnMail(message, report, asked.ownMail);
  const route = ownMail
    ? routeOwnMail(ownMail)
    : await routeAmongOthers({ report, envelope: paths, verdict, override }, context);
  return {
    message,
    envelope: paths,
    evidence,
    report,
    override,
    verdict,
    ownMail,
    route,
    classification: describeClassification(report, verdict, route),
  };
}

/** What is known of other messages with the same cause counts too; only failures of our own mail have one. */
async function routeAmongOthers(
  { report, envelope, verdict, override }: Pick<Classified, "report" | "envelope" | "verdict" | "override">,
  { site, policy, causes }: ClassifyContext,
): Promise<Route> {
  const fingerprint = fingerprintIncident(report, compileSite(site).relays.hasAddress);
  const asks = verdict.verdict === "genuine-dsn" && fingerprint !== undefined;
  return routeMessage(verdict, report, {
    policy,
    override,
    fingerprint,
    forwardPathDomains: envelope.forwardPaths.map(({ domain }) => domain),
    causes: asks ? await causes?.(fingerprint) : undefined,
  });
}

/** Only block lists ask who sent us the message, and few sites ask them: so the other sites' messages do not pay for it. */
function withClient(envelope: Envelope, message: Message, site: SiteProfile): Envelope {
  if (site.dnsbl === undefined || envelope.clientIp !== undefined) return envelope;
  const clientIp = reportingClientIp(message.root.headers, site);
  return clientIp === undefined ? envelope : { ...envelope, clientIp };
}
