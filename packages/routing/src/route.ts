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
  /** Same cause, same fingerprint: versioned, `v1:<hex>`; undefined where there is no cause to group by. */
  readonly fingerprint: string | undefined;
}

/** One row of the policy table; the first row that matches decides. Every given condition must hold. */
export interface PolicyRow {
  readonly id: string;
  readonly verdict?: readonly VerdictId[];
  /** Report kinds. */
  readonly kind?: readonly string[];
  /** DSN reasons; holds when any recipient has one of them. */
  readonly reason?: readonly string[];
  /** DSN actions; holds when any recipient has one of them. */
  readonly action?: readonly string[];
  /** Ids of reason rules (@triage/reports); holds when every recipient that failed or is delayed was explained by one of them. */
  readonly reasonRule?: readonly string[];
  /** Many messages with the same cause: `atLeast` of them in the last `withinHours`. Not known: does not hold. */
  readonly volume?: { readonly atLeast: number; readonly withinHours: number };
  /** The first message with its cause for `days`. Not known: does not hold. */
  readonly novelty?: { readonly days: number };
  readonly route: RouteId;
  /** Default: normal. */
  readonly urgency?: Urgency;
  /** Why the row is there, for `docs/operations.md` and the human. */
  readonly because: string;
}
