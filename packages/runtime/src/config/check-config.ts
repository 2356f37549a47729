/** Checks what was written against the schema and says what is wrong in the words of a person. */
import type { TSchema } from "typebox";
import { Settings } from "typebox/system";
import { Value } from "typebox/value";
import type { ConfigDocument, ConfigPath } from "./config-document.ts";
import type { ConfigProblem } from "./config-error.ts";
import { ConfigFileSchema } from "./config-file.ts";
import { WALL_TIME } from "./sections/rota-section.ts";
import { KEBAB_CASE } from "./sections/schema-parts.ts";
import { suggestName } from "./suggest-name.ts";

/** LIMIT: a value is quoted in a message up to this length. */
const MAX_QUOTED_CHARS = 60;
/** LIMIT: mistakes named at once. */
const MAX_PROBLEMS = 1_000;
/** A value under such a key may be a secret and is never quoted. */
const SECRET_KEY = /key|secret|password|url|authorization/i;

interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: object;
}

export function checkConfig(document: ConfigDocument): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  for (const error of findErrors(document.value)) {
    const path = parsePointer(error.instancePath, document.value);
    for (const { at, message } of explain(error, path, document.value)) problems.push(document.problemAt(at, message));
  }
  return problems;
}

/** QUIRK(typebox): stops at eight errors unless its one setting for all schemas says otherwise. */
function findErrors(value: unknown): readonly SchemaError[] {
  const { maxErrors } = Settings.Get();
  Settings.Set({ maxErrors: MAX_PROBLEMS });
  try {
    return Value.Errors(ConfigFileSchema, value);
  } finally {
    Settings.Set({ maxErrors });
  }
}

interface Explanation {
  readonly at: ConfigPath;
  readonly message: string;
}

function explain(error: SchemaError, path: ConfigPath, root: unknown): readonly Explanation[] {
  const params = new Map<string, unknown>(Object.entries(error.params));
  const not = `, not ${quote(valueAt(root, path), path)}`;
  switch (error.keyword) {
    case "boolean": // says again what additionalProperties says of the parent
      return [];
    case "additionalProperties":
      return names(params.get("additionalProperties")).map((name) => ({
        at: [...path, name],
        message: `is not a key that is known here${suggestion(name, path)}`,
      }));
    case "required":
      return names(params.get("requiredProperties")).map((name) => ({ at: [...path, name], message: "is missing" }));
    case "type":
      return [{ at: path, message: `must be ${TYPE_NAMES[String(params.get("type"))] ?? "something else"}${not}` }];
    case "enum":
      return [{ at: path, message: whyNotOffered(valueAt(root, path), path) ?? oneOf(params, not) }];
    case "minimum":
      return [{ at: path, message: `must be at least ${String(params.get("limit"))}${not}` }];
    case "maximum":
      return [{ at: path, message: `must be at most ${String(params.get("limit"))}${not}` }];
    case "maxLength":
      return [{ at: path, message: `must have at most ${String(params.get("limit"))} characters` }];
    case "minProperties":
    case "minItems":
    case "minLength":
      return [{ at: path, message: "must not be empty" }];
    case "pattern":
      return [{ at: path, message: `must ${formOf(String(params.get("pattern")))}${not}` }];
    default:
      return [{ at: path, message: `is wrong (${error.keyword})` }];
  }
}

/** What a pattern asks for, in words where it is one that people often meet. */
function formOf(pattern: string): string {
  if (pattern === KEBAB_CASE) return "be small letters, digits and hyphens, such as mail-server";
  if (pattern === WALL_TIME) return "be a day, or a time on the wall, such as 2026-11-23T09:00";
  return `look like ${pattern}`;
}

function oneOf(params: ReadonlyMap<string, unknown>, not: string): string {
  return `must be one of ${names(params.get("allowedValues")).join(", ")}${not}`;
}

/** Some names are known, and left out of the list on purpose: to list the others would not say why. */
function whyNotOffered(value: unknown, [section, key]: ConfigPath): string | undefined {
  if (section !== "site" || key !== "checks" || value !== "own-mail") return undefined;
  return "own-mail cannot be switched off: mail of this service that comes back would go round and round";
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: "text (in quotation marks, if it looks like a number)",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "a section with keys of its own",
  "string,array": "text, or a list of texts",
};

function suggestion(name: string, path: ConfigPath): string {
  const known = knownKeys(path);
  if (path.at(-2) === "batv") return "; keys are numbered with one digit, 0 to 9";
  const nearest = suggestName(name, known);
  if (nearest !== undefined) return `; did you mean ${nearest}?`;
  return known.length === 0 ? "" : ` (known: ${known.join(", ")})`;
}

/** The keys of the section at this path, from the schema. */
function knownKeys(path: ConfigPath): readonly string[] {
  let schema: unknown = ConfigFileSchema;
  for (const step of path) schema = stepInto(schema, step);
  return hasProperties(schema) ? Object.keys(schema.properties) : [];
}

function stepInto(schema: unknown, step: string | number): unknown {
  if (typeof step === "number")
    return typeof schema === "object" && schema !== null && "items" in schema ? schema.items : undefined;
  return hasProperties(schema) ? schema.properties[step] : undefined;
}

function hasProperties(schema: unknown): schema is { readonly properties: Readonly<Record<string, TSchema>> } {
  return (
    typeof schema === "object" && schema !== null && "properties" in schema && typeof schema.properties === "object"
  );
}

function names(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function quote(value: unknown, path: ConfigPath): string {
  if (path.some((step) => typeof step === "string" && SECRET_KEY.test(step))) return "what is there";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "a section";
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > MAX_QUOTED_CHARS ? `${text.slice(0, MAX_QUOTED_CHARS)}...` : text;
}

/** RFC 6901 JSON pointer; numbers are indexes where the value is a list. */
function parsePointer(pointer: string, root: unknown): ConfigPath {
  const path: (string | number)[] = [];
  let value = root;
  for (const raw of pointer.split("/").slice(1)) {
    const step = raw.replaceAll("~1", "/").replaceAll("~0", "~");
    path.push(Array.isArray(value) ? Number(step) : step);
    value = valueAt(root, path);
  }
  return path;
}

function valueAt(root: unknown, path: ConfigPath): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Object.entries(value).find(([key]) => key === String(step))?.[1];
  }
  return value;
}
