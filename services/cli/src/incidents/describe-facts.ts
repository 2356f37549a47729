import type { AlertFacts, FailureFacts, IncidentView } from "@triage/contracts";

/** What an incident is about, in one sentence. Pure. */
export function describeFacts(incident: IncidentView): string {
  switch (incident.kind) {
    case "storm":
      return `mail that names ${incident.facts.scope}, from about ${incident.facts.reporters} organisations`;
    case "failure":
      return describeFailure(incident.facts);
    case "flood":
      return `more than ${incident.facts.maxPerHour} an hour for ${incident.facts.human}`;
    case "alert":
      return describeTrouble(incident.facts);
    default:
      return incident satisfies never;
  }
}

function describeFailure({ severity, reason, remote, words }: FailureFacts): string {
  const where = remote === undefined ? "" : ` at ${remote}`;
  return `${severity}: ${reason}${where}${words === undefined ? "" : `: ${words}`}`;
}

function describeTrouble(facts: AlertFacts): string {
  switch (facts.trouble) {
    case "own-mail-bounced":
      return `our mail to ${facts.address ?? facts.named ?? "a human"} came back (${facts.reason}), ${facts.bounces === 1 ? "once" : `${facts.bounces} times`}`;
    case "dead-letters":
      return facts.waiting === 1 ? "1 dead letter waits" : `${facts.waiting} dead letters wait`;
    case "digest-failed":
      return `nobody took ${facts.digests === 1 ? "the digest" : `${facts.digests} digests in a row`}`;
    case "notice-failed":
      return `nobody took ${facts.notices === 1 ? "a notice" : `${facts.notices} notices`}, the latest of a ${facts.about}`;
    default:
      return facts satisfies never;
  }
}
