/** What a report tells of the message that it returns, as the sent ledger knows it. */
import type { Report } from "@triage/reports";
import { messageIdOf } from "./checks/message-id-domain.ts";
import { returnedPath } from "./path/returned-path.ts";
import { tracePath } from "./path/trace-path.ts";
import type { SentKeys } from "./ports.ts";
import { compileSite } from "./site/compile-site.ts";
import type { SiteProfile } from "./site-profile.ts";

/**
 * @param site When given, the queue id of our relay is taken from its own Received line, where that can be believed.
 *             Else it is the one that the DSN names: ours where our own relay reports, so that a ledger finds it then
 *             and not by chance otherwise.
 * @returns    undefined when the report names nothing that a ledger could know.
 */
export function sentKeysOf(report: Report, site?: SiteProfile): SentKeys | undefined {
  const messageId = messageIdOf(report);
  const ownQueueId = site === undefined ? undefined : queueIdAtOurRelay(report, site);
  const queueId = ownQueueId ?? (report.kind === "dsn" ? report.queueId : undefined);
  const envelopeId = report.kind === "dsn" ? report.envelopeId : undefined;
  if (messageId === undefined && queueId === undefined && envelopeId === undefined) return undefined;
  return { messageId, queueId, envelopeId };
}

function queueIdAtOurRelay(report: Report, site: SiteProfile): string | undefined {
  if (report.returned.headers === undefined) return undefined;
  const hops = returnedPath(report.returned.headers);
  const finding = tracePath(hops, compileSite(site));
  if (finding.kind === "our-line") return finding.hop.id;
  // The line below the one of the host that got it from us is our relay's own.
  return finding.kind === "handed-over" && finding.firm ? hops[finding.line]?.id : undefined;
}
