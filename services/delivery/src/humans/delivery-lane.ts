/**
 * Which allowance of a human a message takes. Each lane has its own, so that a flood of bounces, however urgent the policy
 * calls them, never holds back what a person wrote.
 */
import type { Classification, DeliveryLane } from "@triage/contracts";

/** A complaint is written by a machine, thousands at a time: it is no letter. */
export function laneOf({
  report,
  urgency,
}: Pick<Classification, "urgency"> & { readonly report: Pick<Classification["report"], "kind"> }): DeliveryLane {
  if (report.kind === "person") return "letter";
  return urgency === "high" ? "urgent" : "ordinary";
}
