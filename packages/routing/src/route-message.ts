/** The fifth stage: the first row of the policy table that matches says where a message goes. Pure. */
import type { Report } from "@triage/reports";
import { type Override, overrideCheckId, type Verdict } from "@triage/scoring";
import { chooseAdvice } from "./choose-advice.ts";
import { DEFAULT_POLICY } from "./default-policy.ts";
import { findRow } from "./match-row.ts";
import type { PolicyRow, Route } from "./route.ts";
import { type RoutedFacts, routedFacts, type Surroundings } from "./routed-facts.ts";

/** What decides when a policy has no row for a message: never hide it. */
export const NO_ROW: PolicyRow = { id: "no-row", route: "human", because: "The policy has no row for it." };

/** What decides about a message besides the facts. */
export interface Deciding {
  /** Ordered rows; the first that matches decides, without a match the route is `human`. Default: DEFAULT_POLICY. */
  readonly policy?: readonly PolicyRow[] | undefined;
  /** The site's own word on this message; a route that it names is the route. */
  readonly override?: Override | undefined;
}

export type RouteContext = Deciding &
  Surroundings & {
    /** What fingerprintIncident says of its report; default: it has none. */
    readonly fingerprint?: string | undefined;
  };

/** The row that stands above the policy, where the site's override of a message names a route. */
export function rowOf(override: Override | undefined): PolicyRow | undefined {
  if (override?.route === undefined) return undefined;
  return { id: overrideCheckId(override), route: override.route, because: override.because };
}

/** Routes what is known of a message that was read before. */
export function routeFacts(
  facts: RoutedFacts,
  { policy = DEFAULT_POLICY, override }: Deciding = {},
): Omit<Route, "fingerprint"> {
  const row = rowOf(override) ?? findRow(policy, facts) ?? NO_ROW;
  return {
    route: row.route,
    actionable: row.route === "human",
    urgency: row.urgency ?? "normal",
    rule: row.id,
    advice: chooseAdvice(facts, row),
  };
}

/** Routes one message. */
export function routeMessage(verdict: Verdict, report: Report, context: RouteContext = {}): Route {
  const { route, actionable, urgency, rule, advice } = routeFacts(routedFacts(verdict, report, context), context);
  return { route, actionable, urgency, rule, advice, fingerprint: context.fingerprint };
}
