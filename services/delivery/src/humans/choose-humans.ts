/** Who of several humans gets a message. Pure. */
import type { Classification } from "@triage/contracts";
import type { HumanConditions } from "@triage/runtime";

/** What is known of a message when it is handed out. */
export interface AddressedFacts {
  readonly verdict: Classification["verdict"];
  /** Of all recipients of a DSN. */
  readonly reasons: readonly string[];
  /** Lower case, of the envelope. */
  readonly forwardPathDomains: readonly string[];
}

/** @returns Those whose conditions hold; where there are none, those without conditions. Never nobody, where one has none. */
export function chooseHumans<Human extends { readonly for: HumanConditions | undefined }>(
  facts: AddressedFacts,
  humans: readonly Human[],
): readonly Human[] {
  const chosen = humans.filter((human) => human.for !== undefined && holds(human.for, facts));
  return chosen.length > 0 ? chosen : humans.filter((human) => human.for === undefined);
}

function holds({ forwardPathDomain, verdict, reason }: HumanConditions, facts: AddressedFacts): boolean {
  return (
    (verdict === undefined || verdict.includes(facts.verdict)) &&
    (reason === undefined || facts.reasons.some((known) => reason.includes(known))) &&
    (forwardPathDomain === undefined ||
      facts.forwardPathDomains.some((domain) => forwardPathDomain.some((pattern) => matchesDomain(domain, pattern))))
  );
}

function matchesDomain(domain: string, pattern: string): boolean {
  const wanted = pattern.toLowerCase();
  return wanted.startsWith("*.") ? domain.endsWith(wanted.slice(1)) : domain === wanted;
}
