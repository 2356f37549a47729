import { isReasonRuleId, REASON_RULE_IDS } from "@triage/contracts";
import { expect, test } from "vitest";
import { AFTER_STATUS, BEFORE_STATUS, LAST } from "../../packages/reports/src/reasons/rules/index.ts";

test("the ids that a policy may name are those of the rules", () => {
  const ids = new Set([...BEFORE_STATUS, ...AFTER_STATUS, ...LAST].map(({ id }) => id));
  expect(REASON_RULE_IDS).toEqual([...ids].sort());
  expect(isReasonRuleId("no-such-rule")).toBe(false);
});
