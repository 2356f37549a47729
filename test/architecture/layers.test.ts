/**
 * The import table of the project: who may import whom. A message flows
 * message -> reports -> provenance -> scoring -> routing -> contracts -> store -> services;
 * imports only ever point back along it. dependency-cruiser reads no TypeScript 7, so the table is checked here.
 */
import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** Workspace -> the workspaces whose names it may import. What is not listed is forbidden. */
const TABLE: Readonly<Record<string, readonly string[]>> = {
  "packages/message": [],
  "packages/reports": ["message"],
  "packages/provenance": ["message", "reports"],
  "packages/scoring": ["message", "reports", "provenance"],
  "packages/routing": ["message", "reports", "scoring"],
  "packages/contracts": ["message", "reports", "provenance", "scoring", "routing"],
  "packages/store": ["message", "provenance", "contracts"],
  "packages/runtime": ["message", "provenance", "scoring", "routing", "contracts"],
  "services/ingest": ["message", "routing", "contracts", "store", "runtime"],
  "services/classifier": ["message", "reports", "provenance", "scoring", "routing", "contracts", "store", "runtime"],
  "services/delivery": ["message", "reports", "contracts", "store", "runtime"],
  // The only one that may start the others.
  "services/standalone": ["message", "contracts", "store", "runtime", "ingest", "classifier", "delivery"],
  // `triage classify` is the classifier's pure function, `triage evaluate` measures reports; standalone starts the roles;
  // `triage what-if` reads the store; `triage outlets test` opens delivery's outlets.
  "services/cli": [
    "message",
    "reports",
    "provenance",
    "scoring",
    "routing",
    "contracts",
    "store",
    "runtime",
    "classifier",
    "delivery",
    "standalone",
  ],
};

/** No fs, net, clock, env or process in these: time, DNS and look-ups come in as arguments. */
const PURE = ["message", "reports", "provenance", "scoring", "routing"].map((name) => `packages/${name}`);

/** BlockList (CIDR matching) is the one thing that a pure package takes from node:net; it opens nothing. */
const PURE_BUILTINS = new Set(["node:buffer", "node:crypto", "node:net"]);
const PURE_NET_NAMES = new Set(["BlockList", "isIP", "isIPv4", "isIPv6", "SocketAddress"]);
const IMPURE_WORDS = [/\bDate\.now\s*\(/, /\bnew Date\(\)/, /\bprocess\./, /\bMath\.random\b/, /\bfetch\s*\(/];

interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly clause: string;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(root, folder, name));
}

function importsOf(file: string): Import[] {
  const code = readFileSync(file, "utf8");
  const found: Import[] = [];
  for (const match of code.matchAll(/^\s*(?:import|export)\s([^"';]*?)\s*from\s+"([^"]+)"/gm)) {
    found.push({ file, clause: match[1] ?? "", specifier: match[2] ?? "" });
  }
  for (const match of code.matchAll(/\bimport\(\s*"([^"]+)"\s*\)|^\s*import\s+"([^"]+)"/gm)) {
    found.push({ file, clause: "", specifier: match[1] ?? match[2] ?? "" });
  }
  return found;
}

function workspaces(): string[] {
  return ["packages", "services"].flatMap((group) =>
    readdirSync(join(root, group), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => `${group}/${entry.name}`),
  );
}

const where = (item: Import) => `${relative(root, item.file).split(sep).join("/")} imports ${item.specifier}`;

test("every workspace has a row in the import table", () => {
  expect(workspaces().sort()).toEqual(Object.keys(TABLE).sort());
});

describe.each(Object.entries(TABLE))("%s", (workspace, allowed) => {
  const imports = sourceFiles(`${workspace}/src`).flatMap(importsOf);
  const manifest = JSON.parse(readFileSync(join(root, workspace, "package.json"), "utf8"));

  test("imports only the workspaces that its row allows, and by their name alone", () => {
    const permitted = new Set(allowed.map((name) => `@triage/${name}`));
    const wrong = imports.filter((item) => item.specifier.startsWith("@triage/") && !permitted.has(item.specifier));
    expect(wrong.map(where)).toEqual([]);
  });

  test("stays inside its own folder with relative imports, and names the file with .ts", () => {
    const wrong = imports.filter((item) => {
      if (!item.specifier.startsWith(".")) return false;
      const target = resolve(dirname(item.file), item.specifier);
      return !target.startsWith(join(root, workspace, "src") + sep) || !item.specifier.endsWith(".ts");
    });
    expect(wrong.map(where)).toEqual([]);
  });

  test("exports only '.'", () => {
    expect(Object.keys(manifest.exports)).toEqual(["."]);
  });

  test("its manifest and its tsconfig references name exactly the workspaces that it imports", () => {
    const used = new Set(imports.map((item) => item.specifier).filter((name) => name.startsWith("@triage/")));
    const declared = Object.keys(manifest.dependencies ?? {}).filter((name) => name.startsWith("@triage/"));
    const config = JSON.parse(readFileSync(join(root, workspace, "tsconfig.json"), "utf8"));
    const references: string[] = config.references.map(
      (entry: { path: string }) => `@triage/${entry.path.split("/").pop()}`,
    );
    expect(declared.sort()).toEqual([...used].sort());
    expect(references.sort()).toEqual([...used].sort());
  });
});

describe.each(PURE)("%s is pure", (workspace) => {
  const files = sourceFiles(`${workspace}/src`);

  test("it takes nothing from Node but bytes, hashes and address arithmetic", () => {
    const builtin = (name: string) => name.startsWith("node:") || builtinModules.includes(name);
    const wrong = files.flatMap(importsOf).filter((item) => {
      if (!builtin(item.specifier)) return false;
      if (!PURE_BUILTINS.has(item.specifier)) return true;
      const names = item.clause
        .replace(/[{}]/g, "")
        .split(",")
        .map((name) => name.trim());
      return item.specifier === "node:net" && !names.every((name) => PURE_NET_NAMES.has(name.replace(/^type /, "")));
    });
    expect(wrong.map(where)).toEqual([]);
  });

  test("it reads no clock, environment or chance", () => {
    const wrong = files.flatMap((file) => {
      const code = readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
      return IMPURE_WORDS.filter((word) => word.test(code)).map((word) => `${relative(root, file)}: ${word.source}`);
    });
    expect(wrong).toEqual([]);
  });
});

test("only the text model of scoring imports natural, and never its barrel", () => {
  const all = workspaces().flatMap((workspace) => sourceFiles(`${workspace}/src`).flatMap(importsOf));
  const natural = all.filter((item) => item.specifier === "natural" || item.specifier.startsWith("natural/"));
  expect(natural.length).toBeGreaterThan(0);
  expect(natural.filter((item) => item.specifier === "natural").map(where)).toEqual([]);
  const outside = natural.filter((item) => !item.file.includes(join("packages", "scoring", "src", "text-model")));
  expect(outside.map(where)).toEqual([]);
});
