/** What routing looks at: little enough that it can also be had from a stored classification. */
import type { DsnRecipient, ReportKind } from "@triage/reports";
import type { VerdictId } from "@triage/scoring";
import type { CauseFacts } from "./cause-facts.ts";

/** Without `reasonRule`, rows that ask for one do not match: those hide, so that the human gets the message. */
export type RoutedRecipient = Pick<DsnRecipient, "action" | "reason"> & Partial<Pick<DsnRecipient, "reasonRule">>;

export interface RoutedFacts {
  readonly verdict: VerdictId;
  readonly kind: ReportKind;
  /** Of a DSN; empty for everything else. */
  readonly recipients: readonly RoutedRecipient[];
  /** What is known of other messages with the same cause; undefined: nothing. */
  readonly causes?: CauseFacts | undefined;
}
