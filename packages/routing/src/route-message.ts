/** The fifth stage: the first row of the policy table that matches says where a message goes. Pure. */
import { adviceFor, type Report } from "@triage/reports";
import { type Override, overrideCheckId, type Verdict } from "@triage/scoring";
import type { CauseFacts } from "./cause-facts.ts";
import { DEFAULT_POLICY } from "./default-policy.ts";
import { fingerprintIncident } from "./fingerprint-incident.ts";
import type { PolicyRow, Route } from "./route.ts";
import type { RoutedFacts, RoutedRecipient } from "./routed-facts.ts";

/** What decides when a policy has no row for a message: never hide it. */
const NO_ROW: PolicyRow = { id: "no-row", route: "human", because: "The policy has no row for it." };

function matchesRecipients(row: PolicyRow, recipients: readonly RoutedRecipient[]): boolean {
  const { reason, action, reasonRule } = row;
  return (
    (reasonRule === undefined || isExplainedBy(recipients, reasonRule)) &&
    (reason === undefined || recipients.some((recipient) => reason.includes(recipient.reason))) &&
    (action === undefined || recipients.some((recipient) => action.includes(recipient.action)))
  );
}

function isFailing({ action }: RoutedRecipient): boolean {
  return action === "failed" || action === "delayed";
}

function isExplainedBy(recipients: readonly RoutedRecipient[], rules: readonly string[]): boolean {
  const failing = recipients.filter(isFailing);
  return failing.length > 0 && failing.every((recipient) => rules.includes(recipient.reasonRule ?? ""));
}

function matches(row: PolicyRow, { verdict, kind, recipients, causes }: RoutedFacts): boolean {
  const { volume, novelty } = row;
  return (
    (row.verdict === undefined || row.verdict.includes(verdict)) &&
    (row.kind === undefined || row.kind.includes(kind)) &&
    matchesRecipients(row, recipients) &&
    (volume === undefined || (causes?.messagesWithin(volume.withinHours) ?? 0) >= volume.atLeast) &&
    (novelty === undefined || causes?.isNew(novelty.days) === true)
  );
}

/** Advice for the reason of the recipient that the row is about; undefined when no recipient failed. */
function adviceForRecipients(recipients: readonly RoutedRecipient[], row: PolicyRow): string | undefined {
  const failing = recipients.filter(isFailing);
  const decisive = failing.find(({ reason }) => row.reason?.includes(reason)) ?? failing[0];
  return decisive === undefined ? undefined : adviceFor(decisive.reason, decisive.reasonRule);
}

function chooseAdvice({ verdict, kind, recipients }: RoutedFacts, row: PolicyRow): string | undefined {
  const aboutFailure = adviceForRecipients(recipients, row);
  switch (verdict) {
    case "genuine-dsn":
      if (kind === "virus-notice") return "Check whether the machine or account that sent it is infected.";
      return aboutFailure;
    case "undecided":
      if (aboutFailure !== undefined) return `Check whether this site sent it. If it did: ${aboutFailure}`;
      return "Look at the attached original and decide for yourself.";
    case "user-report":
      if (kind === "feedback") return "Stop mail to this recipient, and find out why it was not wanted.";
      return "Read it, and answer the writer.";
    case "backscatter":
    case "automated":
    case "spam":
      return undefined;
    default:
      return verdict satisfies never;
  }
}

/** The row that stands above the policy, where the site's override of a message names a route. */
function rowOf(override: Override | undefined): PolicyRow | undefined {
  if (override?.route === undefined) return undefined;
  return { id: overrideCheckId(override), route: override.route, because: override.because };
}

/** What routing needs to know besides the message. */
export interface RouteContext {
  /** Ordered rows; the first that matches decides, without a match the route is `human`. Default: DEFAULT_POLICY. */
  readonly policy?: readonly PolicyRow[] | undefined;
  /** The site's own word on this message; a route that it names is the route. */
  readonly override?: Override | undefined;
  /** What is known of other messages with the fingerprint of this one; undefined: nothing. */
  readonly causes?: CauseFacts | undefined;
}

/** Routes what is known of a message that was read before. */
export function routeFacts(
  facts: RoutedFacts,
  { policy = DEFAULT_POLICY, override }: Omit<RouteContext, "causes"> = {},
): Omit<Route, "fingerprint"> {
  const row = rowOf(override) ?? policy.find((candidate) => matches(candidate, facts)) ?? NO_ROW;
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
  const recipients = report.kind === "dsn" ? report.recipients : [];
  const facts = { verdict: verdict.verdict, kind: report.kind, recipients, causes: context.causes };
  return { ...routeFacts(facts, context), fingerprint: fingerprintIncident(report) };
}
