/**
 * Double bounces: a report that could not be delivered either. Its sender is the null reverse-path, so that the MTA can tell
 * nobody but its postmaster (Postfix: notify_classes 2bounce; Sendmail: DoubleBounceAddress; RFC 5321 section 6.1).
 */
import type { Returned } from "@triage/reports";

/** Local parts in whose name MTAs write reports. QUIRK(postfix): a double bounce is sent as double-bounce@. */
const REPORTERS: ReadonlySet<string> = new Set(["mailer-daemon", "double-bounce"]);

/**
 * Whether what came back is itself a report, or another message that nobody can be told of: it had the null reverse-path
 * (RFC 5321 section 4.5.5), or a mail system wrote it.
 */
export function isDoubleBounce({ reversePath, from }: Pick<Returned, "reversePath" | "from">): boolean {
  if (reversePath?.kind === "null") return true;
  const writer = reversePath ?? from;
  return writer !== undefined && REPORTERS.has(writer.localPart.toLowerCase());
}
