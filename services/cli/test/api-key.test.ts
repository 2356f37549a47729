import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readApiKey } from "../src/api-key.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "triage-key-"));
  mkdirSync(join(folder, "data"));
  vi.stubEnv("TRIAGE_DATA_DIR", join(folder, "data"));
  vi.stubEnv("TRIAGE_API_KEY", "");
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

test("a command finds the key that the standalone service has made, without being told", async () => {
  await expect(readApiKey(undefined)).rejects.toThrow("no API key: give --key-file or set TRIAGE_API_KEY");
  writeFileSync(join(folder, "data/api-key"), "made\n");
  expect(await readApiKey(undefined)).toBe("made");
});

test("a key that is named counts before one that is found", async () => {
  writeFileSync(join(folder, "data/api-key"), "made\n");
  vi.stubEnv("TRIAGE_API_KEY", "from-environment");
  expect(await readApiKey(undefined)).toBe("from-environment");
  writeFileSync(join(folder, "named"), "named\n");
  expect(await readApiKey(join(folder, "named"))).toBe("named");
});
