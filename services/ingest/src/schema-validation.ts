/**
 * TypeBox as Fastify's type provider and validator: the schema in @triage/contracts is the type of the handler's
 * argument, the check of the request and the OpenAPI document. Nothing is coerced and nothing is filled in.
 */
import type { Immutable } from "@triage/contracts";
import type { FastifySchemaCompiler, FastifyTypeProvider } from "fastify";
import type { Static, TSchema } from "typebox";
import { Compile } from "typebox/compile";
import { ProblemError } from "./problem.ts";

export interface TypeBoxTypeProvider extends FastifyTypeProvider {
  readonly validator: this["schema"] extends TSchema ? Static<this["schema"]> : unknown;
  /** What we answer may be read-only; what we were sent is ours to change. */
  readonly serializer: this["schema"] extends TSchema ? Immutable<Static<this["schema"]>> : unknown;
}

/** LIMIT: faults named in one answer. */
const MAX_ERRORS = 10;

export interface Fault {
  /** Name of the field, nested ones joined with dots; "" for the whole value. */
  readonly field: string;
  readonly detail: string;
}

interface SchemaError {
  readonly keyword: string;
  readonly schemaPath: string;
  readonly instancePath: string;
  readonly params: object;
  readonly message: string;
}

interface Checker {
  Type(): unknown;
  Check(value: unknown): boolean;
  Errors(value: unknown): readonly SchemaError[];
}

/** What is wrong with the value, in words for whoever wrote it; empty when nothing is. */
export function findFaults(checker: Checker, value: unknown): readonly Fault[] {
  if (checker.Check(value)) return [];
  const errors = checker.Errors(value);
  // A field that is not known is an error of its own, and one of the object that it stands in.
  const named = errors.filter(({ keyword }) => keyword !== "additionalProperties");
  return (named.length === 0 ? errors : named).flatMap((error) => toFaults(error, checker.Type())).slice(0, MAX_ERRORS);
}

function toFaults(
  { keyword, schemaPath, instancePath, params, message }: SchemaError,
  schema: unknown,
): readonly Fault[] {
  const field = instancePath.slice(1).replaceAll("/", ".");
  const { requiredProperties, allowedValues, format } = params as SchemaErrorParams;
  switch (keyword) {
    case "required":
      return (requiredProperties ?? []).map((name) => ({
        field: field === "" ? name : `${field}.${name}`,
        detail: "is missing",
      }));
    case "boolean":
      return [{ field, detail: "is not a known field" }];
    case "enum":
      return [{ field, detail: `must be one of ${allowedValues?.join(", ")}` }];
    case "type":
      return [{ field, detail: field === "" ? "must be a JSON object" : message }];
    case "format":
      return [{ field, detail: format === "date-time" ? "must be a time such as 2026-11-22T09:00:00Z" : message }];
    case "pattern": {
      const description = describedAt(schema, schemaPath);
      return [{ field, detail: description === undefined ? message : `is not valid; it must be: ${description}` }];
    }
    default:
      return [{ field, detail: message }];
  }
}

/** Of the keywords that are put into words here. */
interface SchemaErrorParams {
  readonly requiredProperties?: readonly string[];
  readonly allowedValues?: readonly unknown[];
  readonly format?: string;
}

/** The description of the schema at a path such as `#/properties/limit`, without its full stop. */
function describedAt(schema: unknown, schemaPath: string): string | undefined {
  let at = schema;
  for (const key of schemaPath.split("/").slice(1)) at = (at as Record<string, unknown> | undefined)?.[key];
  const description = (at as { readonly description?: unknown } | undefined)?.description;
  return typeof description === "string" ? description.replace(/\.$/, "") : undefined;
}

const PARTS: Readonly<Record<string, string>> = {
  body: "The body",
  headers: "A header field",
  params: "The URL",
  querystring: "The query of the URL",
};

export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const checker = Compile(schema);
  return (value: unknown) => {
    const errors = findFaults(checker, value);
    if (errors.length === 0) return { value };
    const part = PARTS[httpPart ?? ""] ?? "The request";
    const said = errors.map(({ field, detail }) => `${field} ${detail}`.trim()).join("; ");
    const detail = `${part} is not valid: ${said}.`;
    return { error: new ProblemError(400, { code: "invalid-request", detail, errors: [...errors] }) };
  };
};
