/** What a report tells of the message that it returns, as the sent ledger knows it. */
import { formatAddress } from "@triage/message";
import type { DsnReport, Report } from "@triage/reports";
import { messageIdOf } from "./checks/message-id-domain.ts";
import { returnedPath } from "./path/returned-path.ts";
import { returnedTrace } from "./path/returned-trace.ts";
import type { SentKeys } from "./ports.ts";
import { compileSite } from "./site/compile-site.ts";
import type { SiteProfile } from "./site-profile.ts";

/** LIMIT: recipients of one report that are looked up; more do not make it surer. */
const MAX_RECIPIENTS = 10;

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
  const sentAt = sentTimeOf(report);
  const keys = { messageId, queueId, envelopeId, ...(sentAt !== undefined && { sentAt }) };
  if (messageId !== undefined || envelopeId !== undefined || ownQueueId !== undefined) return keys;
  // What is left is another host's queue id at best: whether we wrote to the recipient at all is worth asking.
  const recipients = report.kind === "dsn" ? recipientsOf(report) : [];
  if (queueId === undefined && recipients.length === 0) return undefined;
  return { ...keys, recipients };
}

/** Date of the returned header, else the Arrival-Date of the DSN (RFC 3464 section 2.2.5). */
function sentTimeOf(report: Report): Date | undefined {
  const texts = [report.returned.headers?.value("date"), report.kind === "dsn" ? report.arrivalDate : undefined];
  for (const text of texts) {
    const time = text === undefined ? Number.NaN : Date.parse(text);
    if (!Number.isNaN(time)) return new Date(time);
  }
  return undefined;
}

/** Both spellings of each: the address that we wrote to, and the one that it became on its way. */
function recipientsOf(report: DsnReport): readonly string[] {
  const addresses = report.recipients
    .slice(0, MAX_RECIPIENTS)
    .flatMap(({ address, originalRecipient }) => [address, originalRecipient]);
  return [...new Set(addresses.flatMap((address) => (address === undefined ? [] : [formatAddress(address)])))];
}

function queueIdAtOurRelay(report: Report, site: SiteProfile): string | undefined {
  if (report.returned.headers === undefined) return undefined;
  const hops = returnedPath(report.returned.headers);
  const finding = returnedTrace(report.returned.headers, compileSite(site));
  if (finding.kind === "our-line") return finding.hop.id;
  // The line below the one of the host that got it from us is our relay's own.
  return finding.kind === "handed-over" && finding.firm ? hops[finding.line]?.id : undefined;
}
