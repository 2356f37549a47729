/** What routing looks at: little enough that it can also be had from a stored classification. */
import type { DsnRecipient, Report, ReportKind } from "@triage/reports";
import type { Verdict, VerdictId } from "@triage/scoring";
import type { CauseFacts } from "./cause-facts.ts";
import { isDoubleBounce } from "./double-bounce.ts";

/** A row that asks for what is not known of a recipient does not match. */
export type RoutedRecipient = Pick<DsnRecipient, "action" | "reason"> &
  Partial<Pick<DsnRecipient, "reasonRule" | "status" | "remoteMta">> & {
    /** Lower-cased domain; undefined or empty: not known. */
    readonly address?: { readonly domain: string } | undefined;
  };

export interface RoutedFacts {
  readonly verdict: VerdictId;
  readonly kind: ReportKind;
  /** Of a DSN; empty for everything else. */
  readonly recipients: readonly RoutedRecipient[];
  readonly doubleBounce?: boolean;
  /** Lower-cased domains of the envelope recipients; undefined or empty: not known. */
  readonly forwardPathDomains?: readonly string[] | undefined;
  /** What is known of other messages with the same cause; undefined: nothing. */
  readonly causes?: CauseFacts | undefined;
}

/** What is known of a message besides its bytes. */
export type Surroundings = Pick<RoutedFacts, "forwardPathDomains" | "causes">;

export function routedFacts({ verdict }: Pick<Verdict, "verdict">, report: Report, around: Surroundings): RoutedFacts {
  const { forwardPathDomains, causes } = around;
  return {
    verdict,
    kind: report.kind,
    recipients: report.kind === "dsn" ? report.recipients : [],
    doubleBounce: report.kind === "dsn" && isDoubleBounce(report.returned),
    forwardPathDomains,
    causes,
  };
}
