/**
 * Whether a row of the policy matches a message. A row is read once into the conditions that it has: most have two or three
 * of twelve, and every message asks every row until one matches.
 */
import type { VerdictId } from "@triage/scoring";
import {
  MESSAGE_CONDITIONS,
  type MessageCondition,
  RECIPIENT_CONDITIONS,
  type RecipientCondition,
} from "./conditions.ts";
import type { PolicyRow } from "./route.ts";
import type { RoutedFacts, RoutedRecipient } from "./routed-facts.ts";

/** A row with nothing but the conditions that it has. */
interface ReadRow {
  readonly row: PolicyRow;
  readonly ofMessage: readonly MessageCondition[];
  readonly ofRecipient: readonly RecipientCondition[];
}

/** By the table, which lives as long as the configuration, and by verdict: for each one only a few rows come into question. */
const READ = new WeakMap<readonly PolicyRow[], Map<VerdictId, readonly ReadRow[]>>();

/** The first row that matches. */
export function findRow(policy: readonly PolicyRow[], facts: RoutedFacts): PolicyRow | undefined {
  for (const read of readPolicy(policy, facts.verdict)) if (matches(read, facts)) return read.row;
  return undefined;
}

function readPolicy(policy: readonly PolicyRow[], verdict: VerdictId): readonly ReadRow[] {
  const byVerdict = READ.get(policy) ?? new Map<VerdictId, readonly ReadRow[]>();
  const known = byVerdict.get(verdict);
  if (known !== undefined) return known;
  const rows = policy.filter((row) => row.verdict === undefined || row.verdict.includes(verdict)).map(readRow);
  READ.set(policy, byVerdict.set(verdict, rows));
  return rows;
}

export function matchesRow(row: PolicyRow, facts: RoutedFacts): boolean {
  return matches(readRow(row), facts);
}

export function asksOfRecipients(row: PolicyRow): boolean {
  return RECIPIENT_CONDITIONS.some(({ id }) => row[id] !== undefined);
}

function readRow(row: PolicyRow): ReadRow {
  return {
    row,
    ofMessage: MESSAGE_CONDITIONS.filter(({ id }) => row[id] !== undefined),
    ofRecipient: RECIPIENT_CONDITIONS.filter(({ id }) => row[id] !== undefined),
  };
}

function matches({ row, ofMessage, ofRecipient }: ReadRow, facts: RoutedFacts): boolean {
  for (const { holds } of ofMessage) if (!holds(row, facts)) return false;
  return ofRecipient.length === 0 || matchesRecipients(row, ofRecipient, facts.recipients);
}

function matchesRecipients(
  row: PolicyRow,
  conditions: readonly RecipientCondition[],
  recipients: readonly RoutedRecipient[],
): boolean {
  const fits = (recipient: RoutedRecipient) => conditions.every(({ holds }) => holds(row, recipient));
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
