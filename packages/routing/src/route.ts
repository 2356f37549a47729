import type { ReportKind } from "@triage/reports";
import type { RouteId, VerdictId } from "@triage/scoring";

export type { RouteId };

/** How soon a person should look: the ids of the field Importance (RFC 4021 section 2.1.53), `normal` where nothing is said. */
export type Urgency = "high" | "normal" | "low";

/** Where a message goes, and which row of the policy table said so. */
export interface Route {
  readonly route: RouteId;
  /** route === "human" */
  readonly actionable: boolean;
  readonly urgency: Urgency;
  /** Id of the policy row, or `override:<id>`. */
  readonly rule: string;
  /** What the human can do; undefined when there is nothing to do. */
  readonly advice: string | undefined;
  /** Same cause, same fingerprint: versioned, `v2:<hex>`; undefined where there is no cause to group by. */
  readonly fingerprint: string | undefined;
}

/** About the message as a whole. */
export interface MessageConditions {
  readonly verdict?: readonly VerdictId[];
  readonly kind?: readonly ReportKind[];
  /** What came back is itself a report (isDoubleBounce): nobody else will hear of it. */
  readonly doubleBounce?: boolean;
  /**
   * Domains of ours that the message was sent to; `*.example.org` is any subdomain. A row that shows needs one of them,
   * a row that hides needs all. Not known: does not hold.
   */
  readonly forwardPathDomain?: readonly string[];
  /** Many messages with the same cause: `atLeast` of them in the last `withinHours`. Not known: does not hold. */
  readonly volume?: { readonly atLeast: number; readonly withinHours: number };
  /** The first message with its cause for `days`. Not known: does not hold. */
  readonly novelty?: { readonly days: number };
}

/** About one recipient of a DSN; of several such conditions all must hold for the same recipient. */
export interface RecipientConditions {
  readonly action?: readonly string[];
  readonly reason?: readonly string[];
  /** Ids of reason rules (@triage/reports). */
  readonly reasonRule?: readonly string[];
  /** Patterns of enhanced status codes (RFC 3463): `5`, `5.7`, `5.1.1`, `x.7`; see matchesStatusClass. */
  readonly statusClass?: readonly string[];
  /** Registrable domain of the host that answered, else that of the recipient; `*.example` is any below. Lower case. */
  readonly remoteOrganisation?: readonly string[];
  /** Domain of the recipient; `*.example.net` is any subdomain. Lower case. */
  readonly recipientDomain?: readonly string[];
}

/**
 * One row of the policy table; the first row that matches decides. Every given condition must hold.
 *
 * A row with route `human` matches when one recipient fits, any other row only when each recipient that failed or is
 * delayed does (where there is none: each). So one more failing recipient never takes a message away from the human.
 */
export interface PolicyRow extends MessageConditions, RecipientConditions {
  readonly id: string;
  readonly route: RouteId;
  /** Default: normal. */
  readonly urgency?: Urgency;
  /** Why the row is there, for `docs/operations.md` and the human. */
  readonly because: string;
}
