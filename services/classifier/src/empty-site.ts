import type { SiteProfile } from "@triage/provenance";

/**
 * A site that nothing is known of: what `triage classify` uses without a configuration. Nothing can be proven ours
 * then, and nothing can be proven foreign either: bounces stay `undecided`.
 */
export function emptySite(): SiteProfile {
  return {
    domains: [],
    relays: [],
    messageIdDomains: [],
    batv: undefined,
    srs: undefined,
    dkim: undefined,
    ledger: { complete: false, days: 14 },
  };
}
