import { DEFAULT_POLICY } from "./default-policy.ts";
import type { PolicyRow } from "./route.ts";

/** As the configuration has it. */
export interface PolicyChoice {
  /** Instead of DEFAULT_POLICY. */
  readonly policy?: readonly PolicyRow[] | undefined;
  /** Rows that are asked first. */
  readonly policyAbove?: readonly PolicyRow[] | undefined;
}

export function policyInEffect({ policy = DEFAULT_POLICY, policyAbove = [] }: PolicyChoice): readonly PolicyRow[] {
  return policyAbove.length === 0 ? policy : [...policyAbove, ...policy];
}
