/** What the kinds in `labels.tsv` expect of a report. */
import type { Report } from "@triage/reports";

/** Kinds of mail that is no bounce; calling one of them a bounce is the mistake that is counted. */
export const NO_BOUNCE_KINDS = ["ham", "no-bounce"] as const;

/** What is right for a label kind: one of these report kinds, anything but a bounce, or nothing that is counted. */
export type Expectation =
  | { readonly kind: "one-of"; readonly reports: readonly Report["kind"][] }
  | { readonly kind: "no-bounce" }
  | { readonly kind: "anything" };

export function expectationOf(label: string): Expectation {
  switch (label) {
    case "dsn-rfc3464":
    case "dsn-nonstandard":
    case "delayed":
    case "success-dsn":
    case "real-bounce":
      return { kind: "one-of", reports: ["dsn"] };
    case "arf":
    case "arf-dmarc-failure":
      return { kind: "one-of", reports: ["feedback"] };
    case "autoreply":
      return { kind: "one-of", reports: ["auto-reply"] };
    case "dmarc-agg":
      return { kind: "one-of", reports: ["dmarc-aggregate"] };
    case "tls-rpt":
      return { kind: "one-of", reports: ["tls-report"] };
    case "other-mdn":
      return { kind: "one-of", reports: ["mdn"] };
    case "ham":
    case "no-bounce":
      return { kind: "no-bounce" };
    default:
      return { kind: "anything" };
  }
}
