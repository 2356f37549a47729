/** Documents that are made from the code, so that they cannot go stale. `npx vitest run -u --project unit test/architecture` writes them anew. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import {
  CONFIG_ENVIRONMENT,
  CONFIG_KEYS,
  ConfigError,
  type ConfigKey,
  createMetrics,
  loadConfig,
} from "@triage/runtime";
import { DEFAULT_THRESHOLDS } from "@triage/scoring";
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

test("docs/configuration.md has the thresholds that scoring works with", () => {
  const told = CONFIG_KEYS.filter(({ key }) => key.startsWith("thresholds.")).map((item) => [
    item.key.slice("thresholds.".length),
    item.default,
  ]);
  expect(Object.fromEntries(told)).toEqual(DEFAULT_THRESHOLDS);
});

/** As `docs/operations.md, Dead letters` in a message of the log. */
const NAMED_PAGE = /\b(docs\/[\w/-]+\.md)(?:, ([A-Z][a-z]+(?: [a-z]+)*)(?=[)".]))?/g;

test("every page that the service, its messages and comments name exists, and so does its section", () => {
  const sources = ["packages", "services"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /^[\w-]+\/(?:src|bin)\/.*\.(?:ts|js)$/.test(name))
      .map((name) => join(folder, name)),
  );
  expect(sources.length).toBeGreaterThan(100);
  const missing = sources.flatMap((source) =>
    [...readFileSync(join(root, source), "utf8").matchAll(NAMED_PAGE)]
      .filter(([, page = "", section]) => !leads(join(root, page), section && anchorOf(section)))
      .map(([named]) => `${source}: ${named}`),
  );
  expect(missing).toEqual([]);
});

test("every link in the documents leads to a file, and to a heading of it", () => {
  const pages = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", ...listPages("docs")];
  const broken = pages.flatMap((page) => {
    const links = [
      ...readFileSync(join(root, page), "utf8").matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)/g),
    ];
    return links
      .filter(
        ([, file = "", anchor]) => !leads(file === "" ? join(root, page) : resolve(root, dirname(page), file), anchor),
      )
      .map(([link]) => `${page}: ${link}`);
  });
  expect(broken).toEqual([]);
});

function leads(path: string, anchor: string | undefined): boolean {
  if (!existsSync(path)) return false;
  return anchor === undefined || headingsOf(readFileSync(path, "utf8")).includes(anchor);
}

/** As GitHub makes anchors of headings; lines of code that begin with # are none that anybody links to. */
function headingsOf(page: string): string[] {
  return [...page.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) => anchorOf(title));
}

function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}

test("docs/operations.md tells of every metric with its labels, and of none that there is not", () => {
  const { registry } = createMetrics({ processMetrics: false });
  const metrics = registry.getMetricsAsArray() as unknown as readonly {
    name: string;
    labelNames?: readonly string[];
  }[];
  const there = metrics.map(({ name, labelNames = [] }) =>
    labelNames.length === 0 ? name : `${name}{${labelNames.join(",")}}`,
  );
  const page = readFileSync(join(root, "docs/operations.md"), "utf8");
  const rows = page.split("\n").filter((line) => line.startsWith("| `triage_"));
  const told = rows.flatMap((row) =>
    [...(row.split(" | ")[0] ?? "").matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name),
  );
  expect(told.toSorted()).toEqual(there.toSorted());
});

test("every configuration that the documents show whole or in part has no unknown key and no bad value", () => {
  const folder = mkdtempSync(join(tmpdir(), "triage-documents-"));
  const mistakes = ["README.md", ...listPages("docs")].flatMap((page) => {
    const examples = readFileSync(join(root, page), "utf8").matchAll(/```yaml\n([^`]*)```/g);
    return [...examples].flatMap(([, yaml = ""]) =>
      mistakesOf(yaml, join(folder, "triage.yaml")).map((line) => `${page}: ${line}`),
    );
  });
  rmSync(folder, { recursive: true, force: true });
  expect(mistakes).toEqual([]);
});

/** Secrets of an example stand in files and variables that are not there. */
function mistakesOf(yaml: string, path: string): string[] {
  writeFileSync(path, yaml);
  const variables = [...yaml.matchAll(/\$\{(\w+)\}/g)].map(([, name = ""]) => [name, sampleValue(name)]);
  try {
    loadConfig({ path, env: Object.fromEntries(variables) });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.split("\n").filter((line) => !/does not exist|needs at least one secret/.test(line));
  }
}

function sampleValue(name: string): string {
  if (name.endsWith("URL")) return "https://hooks.example.com/x";
  return name.startsWith("WEBHOOK") ? `whsec_${Buffer.alloc(32).toString("base64")}` : "a secret of sixteen characters";
}

function listPages(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(folder, name));
}
