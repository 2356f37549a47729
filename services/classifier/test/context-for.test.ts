import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "@triage/runtime";
import { afterAll, expect, test } from "vitest";
import { classify } from "../src/classify.ts";
import { contextFor } from "../src/context-for.ts";

const folder = mkdtempSync(join(tmpdir(), "triage-context-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const LETTER = Buffer.from(
  "From: ann@noc.example.net\r\nSubject: Outage\r\n\r\nYour line is down, please call us.\r\n",
);

async function judged(yaml: string) {
  const path = join(folder, "triage.yaml");
  writeFileSync(path, yaml);
  const ledger = { find: async () => ({ kind: "absent", coverage: undefined }) as const };
  const context = contextFor(loadConfig({ path, env: {} }), {
    ledger,
    ownMail: undefined,
    now: () => new Date(),
    learned: undefined,
  });
  return (await classify(LETTER, { reversePath: undefined, forwardPaths: [] }, context)).classification;
}

test("what the configuration says about judging reaches the five stages: thresholds, policy, overrides", async () => {
  expect(await judged("")).toMatchObject({ verdict: "user-report", rule: "user-report" });
  expect(await judged("thresholds: { user-report: 1 }")).toMatchObject({ verdict: "undecided" });
  expect(await judged("policy: [{ id: all, route: digest, because: x }]")).toMatchObject({ rule: "all" });
  const override = "overrides: [{ id: noc, match: { subject: '^Outage$' }, route: archive, because: x }]";
  expect(await judged(override)).toMatchObject({ verdict: "user-report", rule: "override:noc", route: "archive" });
});
