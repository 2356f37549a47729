/** What a report tells of the message that it returns, as the sent ledger knows it. */
import type { Report } from "@triage/reports";
import { messageIdOf } from "./checks/message-id-domain.ts";
import type { SentKeys } from "./ports.ts";

/**
 * @returns undefined when the report names none of them. `queueId` is that of the reporting MTA: ours only where our own
 *          relay reports, so a ledger finds it then and not by chance otherwise.
 */
export function sentKeysOf(report: Report): SentKeys | undefined {
  const messageId = messageIdOf(report);
  const queueId = report.kind === "dsn" ? report.queueId : undefined;
  const envelopeId = report.kind === "dsn" ? report.envelopeId : undefined;
  if (messageId === undefined && queueId === undefined && envelopeId === undefined) return undefined;
  return { messageId, queueId, envelopeId };
}
