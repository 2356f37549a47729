/** Who of several humans gets a message. Pure. */
import type { Classification, FailureFacts } from "@triage/contracts";
import type { HumanConditions } from "@triage/runtime";
import type { StoredMessage } from "@triage/store";

/** What is known of a message, or of an incident, when it is handed out. What nobody knows fits no condition about it. */
export interface AddressedFacts {
  readonly verdict?: Classification["verdict"];
  readonly kind?: Classification["report"]["kind"];
  readonly urgency?: Classification["urgency"];
  /** Of all recipients of a DSN. */
  readonly reasons: readonly string[];
  /** Lower case, of the envelope. */
  readonly forwardPathDomains: readonly string[];
  /** Lower case: host names and domains of those who refuse or delay our mail. */
  readonly remotes: readonly string[];
}

/** @returns Those whose conditions hold; where there are none, those without conditions. Never nobody, where one has none. */
export function chooseHumans<Human extends { readonly for: HumanConditions | undefined }>(
  facts: AddressedFacts,
  humans: readonly Human[],
): readonly Human[] {
  const chosen = humans.filter((human) => human.for !== undefined && holds(human.for, facts));
  return chosen.length > 0 ? chosen : humans.filter((human) => human.for === undefined);
}

export function factsOfMessage({ envelope }: StoredMessage, classification: Classification): AddressedFacts {
  const { verdict, urgency, report } = classification;
  const recipients = report.recipients ?? [];
  return {
    verdict,
    kind: report.kind,
    ...(urgency !== undefined && { urgency }),
    reasons: recipients.map(({ reason }) => reason),
    forwardPathDomains: envelope.forwardPaths.map(({ domain }) => domain.toLowerCase()),
    remotes: recipients.flatMap(({ remoteMta, address }) => [
      ...(remoteMta === undefined ? [] : [remoteMta.toLowerCase()]),
      address.slice(address.lastIndexOf("@") + 1).toLowerCase(),
    ]),
  };
}

/** Failures with one cause go where each of their messages would. */
export function factsOfFailure({ reason, forwardPathDomains, remote }: FailureFacts): AddressedFacts {
  return {
    verdict: "genuine-dsn",
    kind: "dsn",
    reasons: [reason],
    forwardPathDomains: forwardPathDomains.map((domain) => domain.toLowerCase()),
    remotes: remote === undefined ? [] : [remote.toLowerCase()],
  };
}

function holds(wanted: HumanConditions, facts: AddressedFacts): boolean {
  return (
    isOneOf(facts.verdict, wanted.verdict) &&
    isOneOf(facts.kind, wanted.kind) &&
    isOneOf(facts.urgency, wanted.urgency) &&
    (wanted.reason === undefined || facts.reasons.some((known) => wanted.reason?.includes(known))) &&
    (wanted.forwardPathDomain === undefined || anyMatches(facts.forwardPathDomains, wanted.forwardPathDomain)) &&
    (wanted.remoteOrganisation === undefined ||
      // an organisation is its domain and all hosts below it
      anyMatches(facts.remotes, [
        ...wanted.remoteOrganisation,
        ...wanted.remoteOrganisation.map((name) => `*.${name}`),
      ]))
  );
}

function isOneOf(known: string | undefined, wanted: readonly string[] | undefined): boolean {
  return wanted === undefined || (known !== undefined && wanted.includes(known));
}

function anyMatches(domains: readonly string[], patterns: readonly string[]): boolean {
  return domains.some((domain) => patterns.some((pattern) => matchesDomain(domain, pattern)));
}

function matchesDomain(domain: string, pattern: string): boolean {
  const wanted = pattern.toLowerCase();
  return wanted.startsWith("*.") ? domain.endsWith(wanted.slice(1)) : domain === wanted;
}
