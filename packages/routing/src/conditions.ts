/**
 * The conditions that a row of the policy may have: whether each holds, and what it saw, from one table, so that a route
 * and its explanation cannot differ. A condition that a row does not have holds.
 */
import { remoteOrganisation } from "./remote-organisation.ts";
import type { MessageConditions, PolicyRow, RecipientConditions } from "./route.ts";
import type { RoutedFacts, RoutedRecipient } from "./routed-facts.ts";
import { matchesStatusClass } from "./status-class.ts";

interface Condition<Id, Subject> {
  readonly id: Id;
  readonly holds: (row: PolicyRow, subject: Subject) => boolean;
  /** What is there instead, for a person. */
  readonly saw: (subject: Subject, row: PolicyRow) => string;
}

export type MessageCondition = Condition<keyof MessageConditions, RoutedFacts>;
export type RecipientCondition = Condition<keyof RecipientConditions, RoutedRecipient>;

const NOT_KNOWN = "not known";

/** In the order in which a person would ask. */
export const MESSAGE_CONDITIONS: readonly MessageCondition[] = [
  {
    id: "verdict",
    holds: ({ verdict }, facts) => verdict === undefined || verdict.includes(facts.verdict),
    saw: (facts) => facts.verdict,
  },
  {
    id: "kind",
    holds: ({ kind }, facts) => kind === undefined || kind.includes(facts.kind),
    saw: (facts) => facts.kind,
  },
  {
    id: "doubleBounce",
    holds: ({ doubleBounce }, facts) => doubleBounce === undefined || doubleBounce === (facts.doubleBounce === true),
    saw: (facts) => String(facts.doubleBounce === true),
  },
  {
    id: "forwardPathDomain",
    holds: ({ forwardPathDomain, route }, { forwardPathDomains = [] }) => {
      if (forwardPathDomain === undefined) return true;
      const fits = (domain: string) => isAnyDomain(domain, forwardPathDomain);
      if (route === "human") return forwardPathDomains.some(fits);
      return forwardPathDomains.length > 0 && forwardPathDomains.every(fits);
    },
    saw: ({ forwardPathDomains = [] }) => forwardPathDomains.join(", ") || NOT_KNOWN,
  },
  {
    id: "volume",
    holds: ({ volume }, { causes }) =>
      volume === undefined || (causes?.messagesWithin(volume.withinHours) ?? 0) >= volume.atLeast,
    saw: ({ causes }, { volume }) => (volume && causes?.messagesWithin(volume.withinHours))?.toString() ?? NOT_KNOWN,
  },
  {
    id: "novelty",
    holds: ({ novelty }, { causes }) => novelty === undefined || causes?.isNew(novelty.days) === true,
    saw: ({ causes }, { novelty }) =>
      novelty === undefined || causes?.isNew(novelty.days) === undefined ? NOT_KNOWN : "seen before",
  },
];

export const RECIPIENT_CONDITIONS: readonly RecipientCondition[] = [
  {
    id: "action",
    holds: ({ action }, recipient) => action === undefined || action.includes(recipient.action),
    saw: (recipient) => recipient.action,
  },
  {
    id: "reason",
    holds: ({ reason }, recipient) => reason === undefined || reason.includes(recipient.reason),
    saw: (recipient) => recipient.reason,
  },
  {
    id: "reasonRule",
    holds: ({ reasonRule }, recipient) => reasonRule === undefined || reasonRule.includes(recipient.reasonRule ?? ""),
    saw: (recipient) => recipient.reasonRule ?? NOT_KNOWN,
  },
  {
    id: "statusClass",
    holds: ({ statusClass }, { status }) =>
      statusClass === undefined ||
      (status !== undefined && statusClass.some((pattern) => matchesStatusClass(status, pattern))),
    saw: ({ status }) => status ?? NOT_KNOWN,
  },
  {
    id: "remoteOrganisation",
    holds: (row, recipient) =>
      row.remoteOrganisation === undefined || isAnyDomain(organisationOf(recipient), row.remoteOrganisation),
    saw: (recipient) => organisationOf(recipient) || NOT_KNOWN,
  },
  {
    id: "recipientDomain",
    holds: (row, { address }) =>
      row.recipientDomain === undefined || isAnyDomain(address?.domain ?? "", row.recipientDomain),
    saw: ({ address }) => address?.domain || NOT_KNOWN,
  },
];

/** As the incident fingerprint has it. */
function organisationOf({ remoteMta, address }: RoutedRecipient): string {
  return remoteOrganisation(remoteMta ?? "") || remoteOrganisation(address?.domain ?? "");
}

function isAnyDomain(domain: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) =>
    pattern.startsWith("*.")
      ? domain.length > pattern.length - 1 && domain.endsWith(pattern.slice(1))
      : domain === pattern,
  );
}
