/**
 * The third stage: did this site really send what the report returns?
 *
 * In: a Report and its envelope. Out: one Evidence per check. What the evidence weighs is decided in scoring, and what
 * follows for the human in routing. Pure: the clock, the sent ledger and DNS come in as ports.
 */
import type { Envelope } from "@triage/message";
import type { Report, ReportKind } from "@triage/reports";
import { CHECKS } from "./checks/index.ts";
import { type Evidence, evidence, type ProvenanceCheckId } from "./evidence.ts";
import { checkOwnMail } from "./own-mail/check-own-mail.ts";
import type { ProvenancePorts } from "./ports.ts";
import { compileSite } from "./site/compile-site.ts";
import type { SiteProfile } from "./site-profile.ts";
import { checkStorm } from "./storm/check-storm.ts";

/** Kinds that answer a message that we sent, or seem to. A person, a cron job or an aggregate report returns nothing of ours. */
const ANSWERING_KINDS: ReadonlySet<ReportKind> = new Set<ReportKind>([
  "dsn",
  "auto-reply",
  "challenge",
  "virus-notice",
  "mdn",
  "feedback",
]);

/**
 * Runs all checks; those that ask a port run side by side, and the storm is asked last: it counts what they found.
 *
 * @returns `own-mail` where the report is about mail of this service, one Evidence per check in the order of CHECKS, then
 *          `storm` where storms are counted; none for reports that return nothing by nature.
 * @throws  Only what a port throws; ports answer `temperror` for what they expect to go wrong.
 */
export async function proveProvenance(
  report: Report,
  envelope: Envelope,
  site: SiteProfile,
  ports: ProvenancePorts,
): Promise<readonly Evidence[]> {
  if (!ANSWERING_KINDS.has(report.kind)) return [];
  const input = { report, envelope, site: compileSite(site), ports };
  const off = input.site.checksOff;
  const found = CHECKS.map((check) => (off.has(check.id) ? switchedOff(check.id) : check.run(input)));
  const own = ports.ownMail === undefined || off.has("own-mail") ? undefined : checkOwnMail(report, ports.ownMail);
  const asked = isSettled(found) ? found : await Promise.all(found);
  const settled = own === undefined ? asked : [own, ...asked];
  if (ports.storms === undefined || off.has("storm")) return settled;
  const storm = await checkStorm(input, settled, ports.storms);
  return storm === undefined ? settled : [...settled, storm];
}

function switchedOff(check: ProvenanceCheckId): Evidence {
  return evidence(check, "skip", "Switched off (site.checks.off).");
}

/** Most messages ask no port; a resolved promise for each check would cost as much as some of them. */
function isSettled(found: readonly (Evidence | Promise<Evidence>)[]): found is readonly Evidence[] {
  return !found.some((item) => item instanceof Promise);
}
