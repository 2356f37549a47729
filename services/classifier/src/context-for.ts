import type { OwnMailPort, SentLedgerPort } from "@triage/provenance";
import { policyInEffect } from "@triage/routing";
import type { ResolvedConfig } from "@triage/runtime";
import type { LearnedModel } from "@triage/scoring";
import type { ClassifyContext } from "./classify.ts";
import { dnsPortsOf } from "./dns/dns-ports.ts";

/** What a context needs besides the configuration. */
export interface ContextParts {
  readonly ledger: SentLedgerPort;
  /** undefined: our own mail is not known, because nobody has signed any. */
  readonly ownMail: OwnMailPort | undefined;
  readonly now: () => Date;
  /** undefined: nothing is learned from corrections. */
  readonly learned: (() => LearnedModel | undefined) | undefined;
}

/** DNS only when the configuration allows it; the ledger always, it is in the same database. */
export function contextFor(config: ResolvedConfig, { ledger, ownMail, now, learned }: ContextParts): ClassifyContext {
  const { site, dns, thresholds, overrides } = config;
  const dnsPorts = dnsPortsOf(site, dns);
  return {
    site,
    thresholds,
    overrides,
    policy: policyInEffect(config),
    ...(learned !== undefined && { learned }),
    ports: () => ({ now: now(), ledger, ...(ownMail !== undefined && { ownMail }), ...dnsPorts }),
  };
}
