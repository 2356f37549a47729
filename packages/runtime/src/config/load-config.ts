import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { checkConfig } from "./check-config.ts";
import { readConfigDocument } from "./config-document.ts";
import { CONFIG_PATH_VARIABLE, type Environment } from "./config-environment.ts";
import { ConfigError, type ConfigProblem } from "./config-error.ts";
import type { Config } from "./config-file.ts";
import { resolveConfig } from "./resolve/resolve-config.ts";
import type { ResolvedConfig } from "./resolved-config.ts";

/** Read when nobody names another file; it need not exist. */
const DEFAULT_PATH = "triage.yaml";

export interface LoadConfigOptions {
  /** The file; default: TRIAGE_CONFIG, else `triage.yaml` in the working directory if it exists. */
  readonly path?: string | undefined;
  readonly env: Environment;
}

/**
 * Loads the configuration: defaults, then the file, then the environment.
 *
 * @throws {ConfigError} `CONFIG_INVALID` with everything that is wrong, each with file, line and key.
 */
export function loadConfig(options: LoadConfigOptions): ResolvedConfig {
  const asked = options.path ?? (options.env[CONFIG_PATH_VARIABLE] || undefined);
  const name = asked ?? DEFAULT_PATH;
  const text = readText(name, asked !== undefined);
  const document = readConfigDocument(name, text ?? "", options.env);
  const problems = [...document.problems, ...checkConfig(document)];
  if (problems.length > 0) throw new ConfigError(inOrder(problems));
  const found: ConfigProblem[] = [];
  const resolved = resolveConfig({
    config: document.value as Config, // checkConfig has just shown it
    path: text === undefined ? undefined : resolve(name),
    env: options.env,
    report: (path, message) => found.push(document.problemAt(path, message)),
  });
  if (found.length > 0) throw new ConfigError(inOrder(found));
  return resolved;
}

/** @returns undefined when there is no file and nobody asked for one. */
function readText(path: string, required: boolean): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    if (code === "ENOENT" && !required) return undefined;
    const reason = { ENOENT: "does not exist", EACCES: "may not be read", EISDIR: "is a folder" }[code] ?? code;
    throw new ConfigError([{ source: path, line: undefined, key: "", message: reason }]);
  }
}

/** As a person meets them when reading the file. */
function inOrder(problems: readonly ConfigProblem[]): readonly ConfigProblem[] {
  return problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
}
