/** Why a message goes where it goes: every row of the policy in order, and what kept it from matching. Pure. */
import { MESSAGE_CONDITIONS, RECIPIENT_CONDITIONS } from "./conditions.ts";
import { asksOfRecipients, decidingRecipients, matchesRow } from "./match-row.ts";
import type { MessageConditions, PolicyRow, RecipientConditions, RouteId, Urgency } from "./route.ts";
import { type Deciding, NO_ROW, rowOf } from "./route-message.ts";
import type { RoutedFacts, RoutedRecipient } from "./routed-facts.ts";

type ConditionId = keyof MessageConditions | keyof RecipientConditions;

/** What a row asks for, and what is there. */
export interface FailedCondition {
  readonly condition: ConditionId;
  readonly wanted: string;
  readonly saw: string;
  /** Which recipient it was about, from 1, where there are several. */
  readonly recipient?: number;
}

export interface ExplainedRow {
  readonly id: string;
  readonly route: RouteId;
  readonly urgency: Urgency;
  readonly because: string;
  readonly matched: boolean;
  /** The first that matched. */
  readonly decisive: boolean;
  /** Empty when it matched. */
  readonly failed: readonly FailedCondition[];
}

/** @returns Every row in order; what stands outside of the table (an override, or that no row matched) is a row as well. */
export function explainPolicy(
  facts: RoutedFacts,
  { policy, override }: Deciding & { readonly policy: readonly PolicyRow[] },
): readonly ExplainedRow[] {
  const above = rowOf(override);
  const rows = [...(above === undefined ? [] : [above]), ...policy];
  const decisive = above ?? rows.find((row) => matchesRow(row, facts)) ?? NO_ROW;
  if (decisive === NO_ROW) rows.push(NO_ROW);
  return rows.map((row) => {
    const { id, route, urgency = "normal", because } = row;
    const failed = failedConditions(row, facts);
    return { id, route, urgency, because, matched: failed.length === 0, decisive: row === decisive, failed };
  });
}

function failedConditions(row: PolicyRow, facts: RoutedFacts): readonly FailedCondition[] {
  if (matchesRow(row, facts)) return [];
  const ofMessage = MESSAGE_CONDITIONS.filter(({ holds }) => !holds(row, facts)).map(({ id, saw }) => ({
    condition: id,
    wanted: describeWanted(row, id),
    saw: saw(facts, row),
  }));
  return [...ofMessage, ...failedForRecipients(row, facts.recipients)];
}

/**
 * A row that shows is explained by the recipient that came nearest to it, one that hides by the first that did not fit.
 */
function failedForRecipients(row: PolicyRow, recipients: readonly RoutedRecipient[]): readonly FailedCondition[] {
  if (!asksOfRecipients(row)) return [];
  const asked = row.route === "human" ? recipients : decidingRecipients(recipients);
  const outcomes = asked.map((recipient) => failedForRecipient(row, recipient, recipients));
  if (outcomes.length === 0) return failedWithoutRecipient(row);
  if (row.route !== "human") return outcomes.find((failed) => failed.length > 0) ?? [];
  return outcomes.reduce((nearest, failed) => (failed.length < nearest.length ? failed : nearest));
}

function failedForRecipient(
  row: PolicyRow,
  recipient: RoutedRecipient,
  all: readonly RoutedRecipient[],
): readonly FailedCondition[] {
  return RECIPIENT_CONDITIONS.filter(({ holds }) => !holds(row, recipient)).map(({ id, saw }) => ({
    condition: id,
    wanted: describeWanted(row, id),
    saw: saw(recipient, row),
    ...(all.length > 1 && { recipient: all.indexOf(recipient) + 1 }),
  }));
}

function failedWithoutRecipient(row: PolicyRow): readonly FailedCondition[] {
  return RECIPIENT_CONDITIONS.filter(({ id }) => row[id] !== undefined).map(({ id }) => ({
    condition: id,
    wanted: describeWanted(row, id),
    saw: "no recipient",
  }));
}

/** "blocked or rejected", "25 messages or more within 1 hour" */
function describeWanted(row: PolicyRow, condition: ConditionId): string {
  switch (condition) {
    case "volume":
      return row.volume === undefined
        ? ""
        : `${row.volume.atLeast} messages or more with this cause within ${count(row.volume.withinHours, "hour")}`;
    case "novelty":
      return row.novelty === undefined ? "" : `no other message with this cause for ${count(row.novelty.days, "day")}`;
    case "doubleBounce":
      return String(row.doubleBounce);
    default:
      return (row[condition] ?? []).join(" or ");
  }
}

/** Each condition of a row with what it asks for, for a person. */
export function describeConditions(row: PolicyRow): readonly (readonly [ConditionId, string])[] {
  return [...MESSAGE_CONDITIONS, ...RECIPIENT_CONDITIONS]
    .filter(({ id }) => row[id] !== undefined)
    .map(({ id }) => [id, describeWanted(row, id)]);
}

function count(number: number, unit: string): string {
  return `${number} ${unit}${number === 1 ? "" : "s"}`;
}
