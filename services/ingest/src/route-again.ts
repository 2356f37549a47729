/**
 * Where a message goes whose verdict a person corrected: the policy, over what is stored of the message. Loaded only when
 * somebody corrects: routing brings every reader of bounces along.
 */
import type { Classification, CorrectedVerdict } from "@triage/contracts";
import { type Envelope, parseAddress, parseReversePath } from "@triage/message";
import { isDoubleBounce, type PolicyChoice, policyInEffect, type Route, routeFacts } from "@triage/routing";

/** Other messages with the same cause are not asked for: rows about volume and novelty do not match. */
export function routeAgain(
  { report, returned }: Pick<Classification, "report" | "returned">,
  verdict: CorrectedVerdict,
  envelope: Envelope,
  choice: PolicyChoice,
): Omit<Route, "fingerprint"> {
  const recipients = (report.recipients ?? []).map((recipient) => ({
    ...recipient,
    address: parseAddress(recipient.address),
  }));
  const from = parseAddress(returned.from ?? "");
  const reversePath = returned.reversePath === undefined ? undefined : parseReversePath(returned.reversePath);
  const facts = {
    verdict,
    kind: report.kind,
    recipients,
    doubleBounce: report.kind === "dsn" && isDoubleBounce({ from, reversePath }),
    forwardPathDomains: envelope.forwardPaths.map(({ domain }) => domain),
  };
  return routeFacts(facts, { policy: policyInEffect(choice) });
}
