/** From counts to a judgement: is this key in a storm, and how sure is it that the mail was not ours? Pure. */
import type { StormKeyKind } from "./storm-observation.ts";
import type { StormCounts } from "./storm-sketch.ts";

export interface StormThresholds {
  /** Distinct messages without proof; fewer are an accident, not a storm. */
  readonly minMessages: number;
  /** Distinct organisations that report; a joe job reaches many, one broken forwarder is one. */
  readonly minReportingMtas: number;
  /** Of all messages under the key, the share that nothing proves ours; from 0 to 1. */
  readonly unprovenShare: number;
}

/**
 * `full`: mail of ours would have been recognised, and this was not. `soft`: nothing proves it ours, which is odd at a
 * site that can prove mail, but nothing contradicts either. `unprovable`: the site has configured nothing that could
 * prove a message, so that its own newsletter would look the same.
 */
export type StormStrength = "full" | "soft" | "unprovable";

/**
 * A domain is forged as a whole when made-up addresses under it are used. Where it is only one address, the others of the
 * domain must not suffer for it: a genuine bounce to one of them may come back without any header.
 */
const MIN_SENDERS_OF_DOMAIN = 10;

/**
 * Half of all bounces return no usable header and contradict nothing; of a mailing of ours that came the wrong way
 * hardly any contradicts. So a quarter tells the two apart.
 */
const MIN_CONTRADICTED_SHARE = 0.25;

/** @returns undefined when the key is in no storm. */
export function assessStorm(
  kind: StormKeyKind,
  counts: StormCounts,
  thresholds: StormThresholds,
  canProve: boolean,
): StormStrength | undefined {
  const { unproven, proven, contradicted, reporters, senders } = counts;
  if (unproven < thresholds.minMessages || reporters < thresholds.minReportingMtas) return undefined;
  if (unproven / (unproven + proven) < thresholds.unprovenShare) return undefined;
  if (kind === "domain" && senders < MIN_SENDERS_OF_DOMAIN) return undefined;
  if (!canProve) return "unprovable";
  return contradicted / unproven >= MIN_CONTRADICTED_SHARE ? "full" : "soft";
}
