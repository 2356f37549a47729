/** What the human can do about a message; undefined when there is nothing to do. */
import { adviceFor } from "@triage/reports";
import { failingRecipients } from "./match-row.ts";
import type { PolicyRow } from "./route.ts";
import type { RoutedFacts } from "./routed-facts.ts";

export function chooseAdvice(facts: RoutedFacts, row: PolicyRow): string | undefined {
  const aboutFailure = adviceForRecipients(facts, row);
  switch (facts.verdict) {
    case "genuine-dsn":
      if (facts.kind === "virus-notice") return "Check whether the machine or account that sent it is infected.";
      return facts.doubleBounce === true ? adviceForDoubleBounce(aboutFailure) : aboutFailure;
    case "undecided":
      if (aboutFailure !== undefined) return `Check whether this site sent it. If it did: ${aboutFailure}`;
      return "Look at the attached original and decide for yourself.";
    case "user-report":
      if (facts.kind === "feedback") return "Stop mail to this recipient, and find out why it was not wanted.";
      return "Read it, and answer the writer.";
    case "backscatter":
    case "automated":
    case "spam":
      return undefined;
    default:
      return facts.verdict satisfies never;
  }
}

/** Advice for the reason of the recipient that the row is about; undefined when no recipient failed. */
function adviceForRecipients({ recipients }: RoutedFacts, row: PolicyRow): string | undefined {
  const failing = failingRecipients(recipients);
  const decisive = failing.find(({ reason }) => row.reason?.includes(reason)) ?? failing[0];
  return decisive === undefined ? undefined : adviceFor(decisive.reason, decisive.reasonRule);
}

function adviceForDoubleBounce(aboutFailure: string | undefined): string | undefined {
  return (
    aboutFailure &&
    "A report that your mail system wrote could not be delivered, so nobody else knows. If it answered spam to a forged sender, " +
      `refuse such mail in the SMTP session instead of accepting and returning it. Else: ${aboutFailure}`
  );
}
