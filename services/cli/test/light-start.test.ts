import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";

/** `import type` is gone in the build, `import()` waits until it is asked for; what is left is loaded at once. */
const STATIC_IMPORT = /^(?:import|export) (?!type )[^;]*?from "([^"]+)";/gm;

async function loadedAtOnce(file: URL, seen = new Set<string>()): Promise<ReadonlySet<string>> {
  for (const [, name = ""] of (await readFile(file, "utf8")).matchAll(STATIC_IMPORT)) {
    if (seen.has(name)) continue;
    seen.add(name.startsWith(".") ? new URL(name, file).href : name);
    if (name.startsWith(".")) await loadedAtOnce(new URL(name, file), seen);
  }
  return seen;
}

test("`triage pipe` starts with commander alone: an MTA starts it for every message, from an installation that has no more", async () => {
  const loaded = [...(await loadedAtOnce(new URL("../src/cli.ts", import.meta.url)))];
  expect(loaded.filter((name) => !name.startsWith("file:") && !name.startsWith("node:"))).toEqual(["commander"]);
  expect(loaded.length).toBeGreaterThan(5);
});
