/**
 * The YAML text of a configuration with environment variables put in, and the way back from a key to its line.
 *
 * `${NAME}` is replaced in values (not in keys); `${NAME:-default}` when it is not set or empty; `$${` is a literal `${`.
 * A value that comes out of the environment is never read as YAML structure: whatever it holds, it stays one value.
 */
import { type Document, isMap, isPair, isScalar, LineCounter, parseDocument, Scalar, visit } from "yaml";
import { type Environment, type EnvironmentOverride, readOverrides } from "./config-environment.ts";
import type { ConfigProblem } from "./config-error.ts";

export type ConfigPath = readonly (string | number)[];

export interface ConfigDocument {
  /** Plain objects and arrays; keys without a value are left out. Not validated. */
  readonly value: unknown;
  readonly problems: readonly ConfigProblem[];
  /** A problem at the key (`of: "key"`), or at its value. */
  problemAt(path: ConfigPath, message: string): ConfigProblem;
}

const VARIABLE = /\$(\$\{)|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^{}]*))?\}/g;
/** What a plain YAML scalar means besides text; values of environment variables keep this meaning. */
const NUMBER = /^-?\d+(\.\d+)?$/;

/**
 * @param name  The file as the person named it, for the problems.
 * @param text  Empty when there is no file.
 */
export function readConfigDocument(name: string, text: string, env: Environment): ConfigDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const overrides = readOverrides(env);
  const problems: ConfigProblem[] = document.errors.map((error) => ({
    source: name,
    line: lines.linePos(error.pos[0]).line,
    key: "",
    message: `is not YAML: ${error.message}`,
  }));
  expandVariables(document, env, (node, message) => {
    problems.push({ source: name, line: lines.linePos(node.range?.[0] ?? 0).line, key: "", message });
  });
  const value = problems.length > 0 ? {} : withOverrides(withoutNulls(document.toJS() ?? {}), overrides);
  return {
    value,
    problems,
    problemAt(path, message) {
      const override = overrides.find((candidate) => candidate.path.join("\n") === path.join("\n"));
      if (override !== undefined) return { source: "environment", line: undefined, key: override.name, message };
      const offset = findOffset(document, path);
      const line = offset === undefined ? undefined : lines.linePos(offset).line;
      return { source: name, line, key: formatPath(path), message };
    },
  };
}

function expandVariables(document: Document, env: Environment, report: (node: Scalar, message: string) => void): void {
  visit(document, {
    Scalar(key, node) {
      if (key === "key" || typeof node.value !== "string" || !node.value.includes("${")) return;
      const missing: string[] = [];
      const expanded = node.value.replace(VARIABLE, (_, escaped?: string, name = "", fallback?: string) => {
        if (escaped !== undefined) return escaped;
        const value = env[name];
        if (value !== undefined && value !== "") return value;
        if (fallback === undefined) missing.push(name);
        return fallback ?? "";
      });
      for (const name of missing) report(node, `environment variable ${name} is not set`);
      node.value = node.type === Scalar.PLAIN ? readPlain(expanded) : expanded;
    },
  });
}

function readPlain(text: string): string | number | boolean {
  if (text === "true" || text === "false") return text === "true";
  return NUMBER.test(text) ? Number(text) : text;
}

/** `site:` without anything after it says nothing, like no `site` at all. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null)
      .map(([key, inner]) => [key, withoutNulls(inner)]),
  );
}

function withOverrides(value: unknown, overrides: readonly EnvironmentOverride[]): unknown {
  return overrides.reduce((current, { path, value: text }) => setIn(current, path, text), value);
}

function setIn(value: unknown, path: readonly string[], text: string): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return readPlain(text);
  const object = typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
  return { ...object, [first]: setIn(Object.entries(object).find(([key]) => key === first)?.[1], rest, text) };
}

/** Where the key is written; for a key that is not written, where its section is. */
function findOffset(document: Document, path: ConfigPath): number | undefined {
  if (path.length === 0) return undefined;
  const parentPath = path.slice(0, -1);
  const last = path[path.length - 1];
  const parent = parentPath.length === 0 ? document.contents : document.getIn(parentPath, true);
  if (isMap(parent)) {
    const pair = parent.items.find(
      (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(last),
    );
    if (pair !== undefined && isScalar(pair.key)) return pair.key.range?.[0];
  }
  const node = document.getIn(path, true);
  if (isScalar(node) || isMap(node)) return node.range?.[0];
  return findOffset(document, parentPath);
}

/** `site.domains[0]` */
function formatPath(path: ConfigPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}
