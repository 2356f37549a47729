import type { Classification } from "@triage/contracts";
import { expect, test } from "vitest";
import { formatText } from "../src/classify/format-text.ts";

const RESULT: { readonly path: string } & Classification = {
  path: "bounce.eml",
  verdict: "genuine-dsn",
  score: 0.998,
  scores: { "genuine-dsn": 0.998, "user-report": 0, backscatter: 0.002, automated: 0, spam: 0 },
  route: "human",
  actionable: true,
  why: "The receiver blocks our server.",
  advice: "Ask for removal from the list.",
  rule: "ours-to-fix",
  report: {
    kind: "dsn",
    format: "rfc3464",
    recipients: [
      {
        address: "joe@example.net",
        action: "failed",
        status: "5.7.1",
        replyCode: "550",
        reason: "blocked",
        permanent: true,
        diagnostic: "550 5.7.1 \u001b[2J\u009bblocked",
        remoteMta: "mx.example.net",
      },
    ],
  },
  returned: { form: "none" },
  evidence: [{ check: "returned-dkim", outcome: "pass", weight: 6.2, detail: "our signature is good" }],
};

const ESCAPE = "\u001b";

test("a person reads verdict, route, reason, recipients, advice and evidence", () => {
  expect(formatText(RESULT, false)).toBe(
    [
      "bounce.eml",
      "  genuine-dsn 0.998 -> human",
      "  The receiver blocks our server.",
      "  joe@example.net: failed 5.7.1 550 blocked (mx.example.net)",
      "    550 5.7.1 ·[2J·blocked",
      "  To do: Ask for removal from the list.",
      "    +6.2  returned-dkim pass: our signature is good",
      "",
    ].join("\n"),
  );
});

test("what a stranger wrote cannot drive the terminal", () => {
  expect(formatText(RESULT, false)).not.toContain(ESCAPE);
  expect(formatText(RESULT, true)).not.toContain(`${ESCAPE}[2J`);
});

test("colours are there only when they are asked for", () => {
  expect(formatText(RESULT, true)).toContain(`${ESCAPE}[1mbounce.eml`);
});
