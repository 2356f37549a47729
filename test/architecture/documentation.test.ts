/** Documents that are made from the code, so that they cannot go stale. `npx vitest run -u --project unit test/architecture` writes them anew. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { CONFIG_ENVIRONMENT, CONFIG_KEYS, type ConfigKey } from "@triage/runtime";
import { expect, test } from "vitest";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

function configurationPage(): string {
  const rows = CONFIG_KEYS.map(
    (item) => `| \`${item.key}\` | ${cell(item.type)} | ${defaultOf(item)} | ${cell(item.description)} |`,
  );
  return [
    "# Configuration",
    "",
    "Made from the schema in `packages/runtime/src/config/config-file.ts`; a test keeps it so. `npx triage check-config FILE`",
    `names every mistake in a file by its line. \`${"$"}{NAME}\` in a value is taken from the environment; every secret can stand`,
    "in a file of its own instead (the keys that end in `File`).",
    "",
    "`[]` stands for each entry of a list.",
    "",
    "| key | type | default | what it is |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
    `From the environment, before the file: ${CONFIG_ENVIRONMENT.map((name) => `\`${name}\``).join(", ")}.`,
    "",
  ].join("\n");
}

const cell = (text: string): string => text.replaceAll("|", "\\|");
const defaultOf = (item: ConfigKey): string => (item.default === undefined ? "" : `\`${String(item.default)}\``);

test("docs/configuration.md lists every key as the service reads it", async () => {
  await expect(configurationPage()).toMatchFileSnapshot(join(root, "docs/configuration.md"));
});

test("every relative link in the documents leads to a file", () => {
  const pages = ["README.md", "CONTRIBUTING.md", ...listPages("docs")];
  const broken = pages.flatMap((page) => {
    const text = readFileSync(join(root, page), "utf8");
    const links = [...text.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)/g)].map((match) => match[1] ?? "");
    return links.filter((link) => !existsSync(resolve(root, dirname(page), link))).map((link) => `${page}: ${link}`);
  });
  expect(broken).toEqual([]);
});

function listPages(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(folder, name));
}
