/**
 * One message and everything that its verdict depends on, so that a part can be supposed otherwise and the same stages
 * asked again: what `triage why` says is computed, never canned.
 */
import type { Envelope, Message } from "@triage/message";
import {
  compileSite,
  type Evidence,
  type EvidenceOutcome,
  type ProvenanceCheckId,
  type ProvenancePorts,
  proveProvenance,
  type SiteProfile,
} from "@triage/provenance";
import type { Report } from "@triage/reports";
import { fingerprintIncident, type PolicyRow, type Route, routeMessage } from "@triage/routing";
import { type Override, scoreMessage, type Thresholds, type Verdict } from "@triage/scoring";

export interface Case {
  readonly message: Message;
  readonly envelope: Envelope;
  readonly report: Report;
  readonly site: SiteProfile;
  readonly ports: ProvenancePorts;
  /** All of them: defaults and what the configuration says. */
  readonly thresholds: Thresholds;
  readonly policy: readonly PolicyRow[];
  /** The one of the configuration that matched. */
  readonly override: Override | undefined;
  /** Checks whose outcome is supposed, whatever they find. */
  readonly turned: ReadonlyMap<ProvenanceCheckId, EvidenceOutcome>;
}

export interface Judgement {
  readonly evidence: readonly Evidence[];
  readonly verdict: Verdict;
  readonly route: Route;
}

/** Provenance, scoring and routing of the case, as the classifier would do them. */
export async function judgeCase(supposed: Case): Promise<Judgement> {
  const { message, envelope, report, site, ports, thresholds, override, turned } = supposed;
  const found = await proveProvenance(report, envelope, site, ports);
  const evidence = found.map((item) => turnOutcome(item, turned.get(item.check)));
  const verdict = scoreMessage({ message, report, envelope, evidence, thresholds, override });
  return { evidence, verdict, route: routeCase(supposed, verdict) };
}

/** Other messages with the same cause are not known here: rows that ask for them do not match. */
function routeCase({ report, envelope, site, policy, override }: Case, verdict: Verdict): Route {
  const fingerprint = fingerprintIncident(report, compileSite(site).relays.hasAddress);
  const forwardPathDomains = envelope.forwardPaths.map(({ domain }) => domain);
  return routeMessage(verdict, report, { policy, override, fingerprint, forwardPathDomains });
}

/** Never surer than soft, whatever they find (docs/scoring.md). */
const SOFT_CHECKS: ReadonlySet<ProvenanceCheckId> = new Set(["reporting-mta"]);

/** At the check's full weight, where it ever has that: what is supposed is supposed to be sure. */
function turnOutcome(item: Evidence, outcome: EvidenceOutcome | undefined): Evidence {
  if (outcome === undefined) return item;
  const turned = { check: item.check, outcome, detail: "Supposed." };
  return SOFT_CHECKS.has(item.check) ? { ...turned, strength: "soft" } : turned;
}
