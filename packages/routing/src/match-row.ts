/** Whether a row of the policy matches a message. */
import { MESSAGE_CONDITIONS, RECIPIENT_CONDITIONS } from "./conditions.ts";
import type { PolicyRow } from "./route.ts";
import type { RoutedFacts, RoutedRecipient } from "./routed-facts.ts";

export function matchesRow(row: PolicyRow, facts: RoutedFacts): boolean {
  return MESSAGE_CONDITIONS.every(({ holds }) => holds(row, facts)) && matchesRecipients(row, facts.recipients);
}

export function asksOfRecipients(row: PolicyRow): boolean {
  return RECIPIENT_CONDITIONS.some(({ id }) => row[id] !== undefined);
}

function matchesRecipients(row: PolicyRow, recipients: readonly RoutedRecipient[]): boolean {
  if (!asksOfRecipients(row)) return true;
  const fits = (recipient: RoutedRecipient) => RECIPIENT_CONDITIONS.every(({ holds }) => holds(row, recipient));
  if (row.route === "human") return recipients.some(fits);
  const deciding = decidingRecipients(recipients);
  return deciding.length > 0 && deciding.every(fits);
}

/** Those that a row which hides is about: all that failed or are delayed, else all. */
export function decidingRecipients(recipients: readonly RoutedRecipient[]): readonly RoutedRecipient[] {
  const failing = failingRecipients(recipients);
  return failing.length > 0 ? failing : recipients;
}

export function failingRecipients(recipients: readonly RoutedRecipient[]): readonly RoutedRecipient[] {
  return recipients.filter(({ action }) => action === "failed" || action === "delayed");
}
