/** What docs/operations.md says of the policy is made from it, or tried. `npx vitest run -u --project unit test/architecture` writes the table anew. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { DEFAULT_POLICY, describeConditions, type PolicyRow } from "@triage/routing";
import { loadConfig } from "@triage/runtime";
import { afterAll, expect, test } from "vitest";

const PAGE = resolve(fileURLToPath(import.meta.url), "../../../docs/operations.md");
const BEGIN = "<!-- policy-table -->";
const END = "<!-- /policy-table -->";

const folder = mkdtempSync(join(tmpdir(), "triage-recipes-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const page = readFileSync(PAGE, "utf8");

function tableOf(policy: readonly PolicyRow[]): string {
  const rows = policy.map((row) => {
    const conditions = describeConditions(row).map(([id, wanted]) => `${id}: ${wanted}`);
    const when = conditions.length === 0 ? "every message" : conditions.join("; ");
    return `| \`${row.id}\` | ${when} | ${row.route} | ${row.urgency ?? "normal"} | ${row.because} |`;
  });
  return ["| row | when | goes to | urgency | why |", "| --- | --- | --- | --- | --- |", ...rows].join("\n");
}

test("docs/operations.md shows the built-in policy, each row with its reason", async () => {
  expect(page.split(BEGIN)).toHaveLength(2);
  const [before = "", after = ""] = [page.slice(0, page.indexOf(BEGIN)), page.slice(page.indexOf(END))];
  await expect(`${before}${BEGIN}\n${tableOf(DEFAULT_POLICY)}\n${after}`).toMatchFileSnapshot(PAGE);
});

test("every recipe for another policy is a configuration without mistakes", () => {
  const section = page.slice(page.indexOf("### Another policy"), page.indexOf("\n## Forms\n"));
  const recipes = [...section.matchAll(/```yaml\n([^`]*)```/g)].map((match) => match[1] ?? "");
  expect(recipes).toHaveLength(4);
  for (const [index, recipe] of recipes.entries()) {
    const path = join(folder, `recipe-${index}.yaml`);
    writeFileSync(path, recipe);
    expect(loadConfig({ path, env: {} }).policyAbove).not.toEqual([]);
  }
});
