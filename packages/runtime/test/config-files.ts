/** Configuration files of one test file, in a folder that goes with it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError, loadConfig, type ResolvedConfig } from "@triage/runtime";
import { afterAll } from "vitest";

export interface ConfigFiles {
  readonly folder: string;
  /** Reads this text as the service would, without an environment. */
  load(text: string): ResolvedConfig;
  /** The problems, one a line, with the file's name cut off; none where there are none. */
  problemsOf(text: string): string[];
}

export function useConfigFiles(): ConfigFiles {
  const folder = mkdtempSync(join(tmpdir(), "triage-config-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let files = 0;
  const load = (text: string) => {
    const path = join(folder, `triage-${++files}.yaml`);
    writeFileSync(path, text);
    return loadConfig({ path, env: {} });
  };
  const problemsOf = (text: string) => {
    try {
      load(text);
    } catch (error) {
      if (error instanceof ConfigError) return error.message.split("\n").map((line) => line.replace(/^.*?\.yaml:/, ""));
      throw error;
    }
    return [];
  };
  return { folder, load, problemsOf };
}
