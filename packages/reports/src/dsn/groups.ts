/**
 * Splits the fields of a delivery-status part into the per-message group and the per-recipient groups (RFC 3464
 * sections 2.1 to 2.3).
 *
 * By the book a blank line ends a group. In the wild blank lines are missing, doubled, or stand between the fields of one
 * recipient, so the names decide and the blank lines only help: a second Final-Recipient starts a recipient, and a
 * group without any address belongs to the recipient before it.
 */
import type { ReportField } from "../fields.ts";

/** LIMIT: recipients of one report; a report with more is an attack or a loop, and the human needs no longer list. */
export const MAX_RECIPIENTS = 1_000;

/** RFC 3464 section 2.2. */
const PER_MESSAGE = new Set([
  "reporting-mta",
  "original-envelope-id",
  "dsn-gateway",
  "received-from-mta",
  "arrival-date",
]);
/** RFC 3464 section 2.3, and what only stands beside a recipient. */
const PER_RECIPIENT = new Set([
  "original-recipient",
  "final-recipient",
  "action",
  "status",
  "remote-mta",
  "diagnostic-code",
  "last-attempt-date",
  "final-log-id",
  "will-retry-until",
  "localized-diagnostic",
  "x-actual-recipient",
  "x-supplementary-info",
  "x-display-name",
]);
/** A repeat of one of these within a group that has an address means that a blank line is missing. */
const ONCE = new Set(["original-recipient", "final-recipient", "action", "status"]);

export interface StatusGroups {
  readonly message: ReadonlyMap<string, string>;
  /** Lower-case name to value; the values of a repeated field are joined by a blank. */
  readonly recipients: readonly ReadonlyMap<string, string>[];
  readonly tooMany: boolean;
}

export function groupStatusFields(fields: readonly ReportField[]): StatusGroups {
  const message = new Map<string, string>();
  const groups: Map<string, string>[] = [];
  let current: Map<string, string> | undefined;
  for (const field of fields) {
    if (PER_MESSAGE.has(field.name) || (current === undefined && !PER_RECIPIENT.has(field.name))) {
      if (!message.has(field.name)) message.set(field.name, field.value);
      continue;
    }
    if (current === undefined || startsRecipient(field, current)) {
      current = new Map();
      groups.push(current);
    }
    addField(current, field);
  }
  const recipients = joinFragments(groups);
  return { message, recipients: recipients.slice(0, MAX_RECIPIENTS), tooMany: recipients.length > MAX_RECIPIENTS };
}

function hasAddress(group: ReadonlyMap<string, string>): boolean {
  return group.has("final-recipient") || group.has("original-recipient");
}

function startsRecipient(field: ReportField, current: ReadonlyMap<string, string>): boolean {
  if (field.startsGroup) return true;
  if (!ONCE.has(field.name) || !current.has(field.name)) return false;
  // A repeat of the Final-Recipient always names another one; of the rest only if this one is complete without it.
  return field.name === "final-recipient" || hasAddress(current);
}

function addField(group: Map<string, string>, field: ReportField): void {
  const known = group.get(field.name);
  if (known === undefined) group.set(field.name, field.value);
  else if (!ONCE.has(field.name) && known !== field.value) group.set(field.name, `${known} ${field.value}`);
}

/** Gives the groups without an address to the recipient before them, or, at the top, to the one behind. */
function joinFragments(groups: readonly Map<string, string>[]): Map<string, string>[] {
  const whole: Map<string, string>[] = [];
  let pending: Map<string, string> | undefined;
  for (const group of groups) {
    if (hasAddress(group)) {
      if (pending !== undefined) mergeMissing(group, pending);
      pending = undefined;
      whole.push(group);
      continue;
    }
    const before = whole.at(-1);
    if (before !== undefined) mergeMissing(before, group);
    else if (pending !== undefined) mergeMissing(pending, group);
    else pending = group;
  }
  // Nothing but a fragment: an Action without any address is still a report of a failure.
  if (whole.length === 0 && pending?.has("action")) whole.push(pending);
  return whole;
}

function mergeMissing(into: Map<string, string>, from: ReadonlyMap<string, string>): void {
  for (const [name, value] of from) if (!into.has(name)) into.set(name, value);
}
