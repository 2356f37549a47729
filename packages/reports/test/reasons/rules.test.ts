import { expect, test } from "vitest";
import { adviceFor } from "../../src/reasons/advice.ts";
import { codesOf } from "../../src/reasons/codes.ts";
import { explainReason } from "../../src/reasons/explain-reason.ts";
import { DSN_REASONS } from "../../src/reasons/reason.ts";
import { AFTER_STATUS, BEFORE_STATUS, LAST } from "../../src/reasons/rules/index.ts";
import type { ReportFormat } from "../../src/report.ts";

const RULES = [...BEFORE_STATUS, ...AFTER_STATUS, ...LAST];

function explain(diagnostic: string, format: ReportFormat = "rfc3464") {
  const { status, replyCode } = codesOf(diagnostic);
  return explainReason({ status, replyCode, diagnostic, action: "failed", format });
}

test.each(RULES.map((rule) => [rule.id, rule] as const))("the example of %s is won by that rule", (id, rule) => {
  expect(explain(rule.example, rule.formats?.[0]).rule).toBe(id);
});

test("every rule has a name of its own", () => {
  expect(new Set(RULES.map((rule) => rule.id)).size).toBe(RULES.length);
});

test("phrases are written as they are looked for: lower case, single blanks", () => {
  const wrong = RULES.flatMap((rule) => rule.phrases).filter(
    (p) => p !== p.toLowerCase() || p.includes("  ") || /^\*|\*$/.test(p),
  );
  expect(wrong).toEqual([]);
});

test.each(DSN_REASONS)("there is advice for %s", (reason) => {
  expect(adviceFor(reason)).toMatch(/^[A-Z].*\.$/);
});
